using System.Collections.Immutable;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>What holds between profiles that lead to each other.</summary>
internal static class ProfileNesting
{
    /// <summary>How many profiles a query passes at most, the one that it names included.</summary>
    public const int MaxLevels = 10;

    /// <exception cref="ArmRejection">A child does not exist, the profile leads to itself or it lies too deep.</exception>
    public static void Check(TrafficProfile profile, ImmutableSortedDictionary<string, TrafficProfile> all)
    {
        if (profile.Endpoints.FirstOrDefault(endpoint => endpoint.ChildKey is { } key && !all.ContainsKey(key)) is { } orphan)
        {
            throw ProfileErrors.BadRequest(
                $"The value '{orphan.TargetResourceId}' of targetResourceId of the nested endpoint '{orphan.Name}' is invalid: the profile does not exist.");
        }

        var below = LevelsOf(profile, each => ChildrenOf(each, all), []);
        var above = LevelsOf(profile, each => all.Values.Where(parent => parent.Endpoints.Any(endpoint => endpoint.ChildKey == each.Key)), []);
        if (below + above - 1 > MaxLevels)
        {
            throw TooDeep(profile);
        }
    }

    /// <summary>Gives nested endpoints their children's names; one whose child is gone keeps the name it had.</summary>
    public static ImmutableSortedDictionary<string, TrafficProfile> Name(ImmutableSortedDictionary<string, TrafficProfile> all)
    {
        var parents = all.Values.Where(profile => profile.Endpoints.Any(endpoint => endpoint.ChildKey is not null));
        return all.SetItems(parents.Select(parent => KeyValuePair.Create(parent.Key, parent with
        {
            Endpoints = [.. parent.Endpoints.Select(endpoint => endpoint.ChildKey is { } key && all.TryGetValue(key, out var child)
                ? endpoint with { Target = child.Fqdn }
                : endpoint)],
        })));
    }

    /// <summary>The endpoints that are not nested, of the profile and all that it leads to.</summary>
    public static IEnumerable<TrafficEndpoint> LeavesOf(TrafficProfile profile, ImmutableSortedDictionary<string, TrafficProfile> all)
    {
        var reached = new HashSet<string> { profile.Key };
        var waiting = new Queue<TrafficProfile>([profile]);
        while (waiting.TryDequeue(out var at))
        {
            foreach (var child in ChildrenOf(at, all).Where(child => reached.Add(child.Key)))
            {
                waiting.Enqueue(child);
            }

            foreach (var leaf in at.Endpoints.Where(endpoint => endpoint.ChildKey is null))
            {
                yield return leaf;
            }
        }
    }

    private static IEnumerable<TrafficProfile> ChildrenOf(TrafficProfile profile, ImmutableSortedDictionary<string, TrafficProfile> all) =>
        profile.Endpoints.Select(endpoint => endpoint.ChildKey is { } key ? all.GetValueOrDefault(key) : null).OfType<TrafficProfile>();

    /// <summary>The longest way from the profile, itself counted. <paramref name="known"/> holds what was counted, and 0 for what is being counted.</summary>
    private static int LevelsOf(
        TrafficProfile profile, Func<TrafficProfile, IEnumerable<TrafficProfile>> next, Dictionary<string, int> known, int level = 1)
    {
        if (known.TryGetValue(profile.Key, out var levels))
        {
            return levels > 0
                ? levels
                : throw ProfileErrors.BadRequest($"The profile '{profile.Name}' cannot be nested so: it would lead to itself, and loops of nested profiles are not permitted.");
        }

        if (level > MaxLevels)
        {
            throw TooDeep(profile);
        }

        known[profile.Key] = 0;
        return known[profile.Key] = 1 + next(profile).Select(each => LevelsOf(each, next, known, level + 1)).DefaultIfEmpty(0).Max();
    }

    private static ArmRejection TooDeep(TrafficProfile profile) => ProfileErrors.BadRequest(
        $"The profile '{profile.Name}' cannot be nested so: profiles can be nested up to {MaxLevels} levels deep, and there would be more.");
}
