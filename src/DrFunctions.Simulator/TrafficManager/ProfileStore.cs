using System.Diagnostics.CodeAnalysis;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>All profiles. Thread safe; every change is one step.</summary>
internal sealed class ProfileStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TrafficProfile> _profiles = [];

    /// <summary>Raised after a profile has appeared, changed or gone.</summary>
    public event Action? Changed;

    public IReadOnlyList<TrafficProfile> All
    {
        get
        {
            lock (_gate)
            {
                return [.. _profiles.Values.OrderBy(profile => profile.Key, StringComparer.Ordinal)];
            }
        }
    }

    public bool TryFind(string resourceGroup, string name, [NotNullWhen(true)] out TrafficProfile? profile)
    {
        lock (_gate)
        {
            return _profiles.TryGetValue(TrafficProfile.KeyOf(resourceGroup, name), out profile);
        }
    }

    public bool TryFindByRelativeName(string relativeName, [NotNullWhen(true)] out TrafficProfile? profile)
    {
        profile = All.FirstOrDefault(each => string.Equals(each.RelativeName, relativeName, StringComparison.OrdinalIgnoreCase));
        return profile is not null;
    }

    /// <summary>Puts what <paramref name="change"/> makes of the existing profile (null: there is none) in its place; null removes it.</summary>
    /// <exception cref="ResourceManagement.ArmRejection">Another profile has the relative name.</exception>
    public TrafficProfile? Update(string resourceGroup, string name, Func<TrafficProfile?, TrafficProfile?> change)
    {
        var key = TrafficProfile.KeyOf(resourceGroup, name);
        TrafficProfile? updated;
        lock (_gate)
        {
            updated = change(_profiles.GetValueOrDefault(key));
            if (updated is null)
            {
                _profiles.Remove(key);
            }
            else if (_profiles.Values.Any(each => each.Key != key
                && string.Equals(each.RelativeName, updated.RelativeName, StringComparison.OrdinalIgnoreCase)))
            {
                throw ProfileErrors.NameTaken(updated.RelativeName);
            }
            else
            {
                _profiles[key] = updated;
            }
        }

        Changed?.Invoke();
        return updated;
    }

    /// <summary>Replaces all profiles.</summary>
    public void Reset(IEnumerable<TrafficProfile> profiles)
    {
        lock (_gate)
        {
            _profiles.Clear();
            foreach (var profile in profiles)
            {
                _profiles.Add(profile.Key, profile);
            }
        }

        Changed?.Invoke();
    }
}
