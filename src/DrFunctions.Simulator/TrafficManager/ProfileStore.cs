using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>All profiles. Thread safe; every change is one step.</summary>
internal sealed class ProfileStore
{
    private readonly Lock _gate = new();
    private volatile ImmutableSortedDictionary<string, TrafficProfile> _profiles =
        ImmutableSortedDictionary.Create<string, TrafficProfile>(StringComparer.Ordinal);

    /// <summary>Raised after a profile has appeared, changed or gone.</summary>
    public event Action? Changed;

    /// <summary>All profiles as they are at one moment, by their keys.</summary>
    public ImmutableSortedDictionary<string, TrafficProfile> Snapshot => _profiles;

    public IEnumerable<TrafficProfile> All => _profiles.Values;

    public bool TryFind(string resourceGroup, string name, [NotNullWhen(true)] out TrafficProfile? profile) =>
        _profiles.TryGetValue(TrafficProfile.KeyOf(resourceGroup, name), out profile);

    public bool TryFindByRelativeName(string relativeName, [NotNullWhen(true)] out TrafficProfile? profile)
    {
        profile = All.FirstOrDefault(each => string.Equals(each.RelativeName, relativeName, StringComparison.OrdinalIgnoreCase));
        return profile is not null;
    }

    /// <summary>Puts what <paramref name="change"/> makes of the existing profile (null: there is none) in its place; null removes it.</summary>
    /// <exception cref="ResourceManagement.ArmRejection">Another profile has the relative name, or nesting is not as it may be.</exception>
    public TrafficProfile? Update(string resourceGroup, string name, Func<TrafficProfile?, TrafficProfile?> change)
    {
        var key = TrafficProfile.KeyOf(resourceGroup, name);
        TrafficProfile? updated;
        lock (_gate)
        {
            updated = change(_profiles.GetValueOrDefault(key));
            if (updated is null)
            {
                _profiles = _profiles.Remove(key);
            }
            else
            {
                _profiles = With(_profiles, [updated]);
                updated = _profiles[key];
            }
        }

        Changed?.Invoke();
        return updated;
    }

    /// <summary>Replaces all profiles; they may lead to each other in any order.</summary>
    /// <exception cref="ResourceManagement.ArmRejection">Two profiles have one relative name, or nesting is not as it may be.</exception>
    public void Reset(IEnumerable<TrafficProfile> profiles)
    {
        lock (_gate)
        {
            _profiles = With(_profiles.Clear(), [.. profiles]);
        }

        Changed?.Invoke();
    }

    private static ImmutableSortedDictionary<string, TrafficProfile> With(
        ImmutableSortedDictionary<string, TrafficProfile> profiles, IReadOnlyCollection<TrafficProfile> changed)
    {
        var all = profiles.SetItems(changed.Select(profile => KeyValuePair.Create(profile.Key, profile)));
        foreach (var profile in changed)
        {
            if (all.Values.Any(each => each.Key != profile.Key
                && string.Equals(each.RelativeName, profile.RelativeName, StringComparison.OrdinalIgnoreCase)))
            {
                throw ProfileErrors.NameTaken(profile.RelativeName);
            }

            ProfileNesting.Check(profile, all);
        }

        return ProfileNesting.Name(all);
    }
}
