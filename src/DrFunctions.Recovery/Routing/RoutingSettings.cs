namespace DrFunctions.Recovery.Routing;

/// <summary>All that runs change of a profile, written in one request.</summary>
/// <param name="Method">The routing method.</param>
/// <param name="Endpoints">Every endpoint of the profile, in any order.</param>
public sealed record RoutingSettings(string Method, IReadOnlyList<EndpointSetting> Endpoints)
{
    /// <summary>The settings that a profile has.</summary>
    public static RoutingSettings Of(TrafficProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return new RoutingSettings(profile.RoutingMethod, [.. profile.Endpoints.Select(EndpointSetting.Of)]);
    }

    /// <summary>Whether a profile has exactly these settings, its endpoints included.</summary>
    public bool AreOf(TrafficProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        return profile.RoutesBy(Method)
            && profile.Endpoints.Count == Endpoints.Count
            && Endpoints.All(setting => profile.EndpointNamed(setting.Name) is { } endpoint && setting.IsOf(endpoint));
    }

    /// <summary>Whether these are the same settings, whatever the order of the endpoints.</summary>
    public bool IsSame(RoutingSettings other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return string.Equals(Method, other.Method, StringComparison.OrdinalIgnoreCase)
            && Endpoints.Count == other.Endpoints.Count
            && Endpoints.All(setting => other.Named(setting.Name) == setting);
    }

    /// <summary>The setting of an endpoint of that name.</summary>
    public EndpointSetting? Named(string name) => Endpoints.FirstOrDefault(setting => setting.IsNamed(name));
}

/// <summary>What an endpoint is to be.</summary>
/// <param name="Name">An existing endpoint.</param>
/// <param name="Enabled">Whether it may be served.</param>
/// <param name="Priority">1 to 1000, unique in the profile; null leaves it.</param>
public sealed record EndpointSetting(string Name, bool Enabled, int? Priority)
{
    /// <summary>1 to 1000; null leaves it.</summary>
    public int? Weight { get; init; }

    /// <summary>The places led to it, at least one in a geographic profile, each of one endpoint only; null leaves them.</summary>
    public IReadOnlyList<string>? Places { get; init; }

    /// <summary>The setting that an endpoint has.</summary>
    public static EndpointSetting Of(TrafficEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return new EndpointSetting(endpoint.Name, endpoint.Enabled, endpoint.Priority > 0 ? endpoint.Priority : null)
        {
            Weight = endpoint.Weight > 0 ? endpoint.Weight : null,
            Places = endpoint.Places.Count > 0 ? endpoint.Places : null,
        };
    }

    /// <summary>Whether an endpoint is as this says.</summary>
    public bool IsOf(TrafficEndpoint endpoint)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        return IsNamed(endpoint.Name)
            && endpoint.Enabled == Enabled
            && (Priority is null || endpoint.Priority == Priority)
            && (Weight is null || endpoint.Weight == Weight)
            && (Places is null || Places.ToHashSet(StringComparer.OrdinalIgnoreCase).SetEquals(endpoint.Places));
    }

    /// <summary>Whether this is the setting of an endpoint of that name.</summary>
    public bool IsNamed(string name) => string.Equals(Name, name, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override string ToString() =>
        $"'{Name}' {(Enabled ? "enabled" : "disabled")}"
        + (Priority is { } priority ? $", priority {priority}" : "")
        + (Weight is { } weight ? $", weight {weight}" : "")
        + (Places is { } places ? $", {string.Join('+', places)}" : "");

    /// <inheritdoc/>
    public bool Equals(EndpointSetting? other) => other is not null
        && IsNamed(other.Name)
        && (Enabled, Priority, Weight) == (other.Enabled, other.Priority, other.Weight)
        && (Places ?? []).SequenceEqual(other.Places ?? [], StringComparer.OrdinalIgnoreCase)
        && Places is null == other.Places is null;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name.ToUpperInvariant(), Enabled, Priority, Weight);
}
