namespace DrFunctions.Recovery.People;

/// <summary>A person, or a system that posts alerts, in the list of people.</summary>
/// <param name="Name">A <see cref="CallerName"/>.</param>
/// <param name="Roles">Names of roles: <see cref="CallerRoles.Names"/>.</param>
/// <param name="Keys">Hashes of the person's keys, <see cref="PersonalKeys.Hash"/>; two while a key is being replaced.</param>
public sealed record PersonEntry(string Name, IReadOnlyList<string> Roles, IReadOnlyList<string> Keys)
{
    /// <summary>The most keys of one person.</summary>
    public const int MaximumKeys = 3;

    /// <summary>The roles together; those that do not exist are left out.</summary>
    public CallerRole Role() =>
        Roles.Aggregate(CallerRole.None, (all, name) => CallerRoles.TryParse(name, out var role) ? all | role : all);

    internal IEnumerable<string> Mistakes()
    {
        if (!CallerName.IsValid(Name))
        {
            yield return $"name: '{Name}', expected {CallerName.Expected}";
        }

        if (Roles.Count == 0)
        {
            yield return $"roles of '{Name}': none, expected at least one of {string.Join(", ", CallerRoles.Names)}";
        }

        foreach (var role in Roles.Where(role => !CallerRoles.TryParse(role, out _)))
        {
            yield return $"roles of '{Name}': '{role}', expected one of {string.Join(", ", CallerRoles.Names)}";
        }

        if (Keys.Count is 0 or > MaximumKeys)
        {
            yield return $"keys of '{Name}': {Keys.Count}, expected 1 to {MaximumKeys}";
        }

        // Never shown: it may be a key that somebody took for its hash.
        foreach (var _ in Keys.Where(key => !PersonalKeys.IsHash(key)))
        {
            yield return $"keys of '{Name}': not a hash, expected 64 hexadecimal digits in lower case as 'dr people add' writes them";
        }
    }
}
