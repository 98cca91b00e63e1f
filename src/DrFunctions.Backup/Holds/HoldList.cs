namespace DrFunctions.Backup.Holds;

/// <summary>The legal holds of a repository as they were when they were listed.</summary>
public sealed class HoldList
{
    private readonly IReadOnlyDictionary<string, LegalHold?> holds;

    /// <summary>A list.</summary>
    /// <param name="holds">By key; null where one cannot be read.</param>
    internal HoldList(IReadOnlyDictionary<string, LegalHold?> holds) => this.holds = holds;

    /// <summary>Those that can be read, the oldest first.</summary>
    public IReadOnlyList<LegalHold> Holds => [.. holds.Values.OfType<LegalHold>().OrderBy(hold => hold.At).ThenBy(hold => hold.Snapshot ?? hold.Workload, StringComparer.Ordinal)];

    /// <summary>
    /// The keys of those that cannot be read, <c>holds/snapshots/{id}</c> or <c>holds/workloads/{SHA-256 of its name}</c>: they hold all the same.
    /// </summary>
    public IReadOnlyList<string> Unreadable => [.. holds.Where(hold => hold.Value is null).Select(hold => hold.Key).Order(StringComparer.Ordinal)];

    /// <summary>The hold on a snapshot, in words; null when there is none.</summary>
    public string? On(Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return Word(HoldStore.KeyOf(snapshot.Id, null)) ?? Word(HoldStore.KeyOf(null, snapshot.Workload));
    }

    /// <summary>The hold that is, or may be, on a snapshot whose workload is not known; null when there is none.</summary>
    internal string? OnUnreadable(string snapshot) =>
        Word(HoldStore.KeyOf(snapshot, null))
        ?? (holds.Keys.Where(HoldStore.IsOfWorkload).Order(StringComparer.Ordinal).FirstOrDefault() is { } key ? $"whose it is cannot be read, and there is a {Word(key)}" : null);

    private string? Word(string key) => holds.TryGetValue(key, out var hold) ? hold?.ToString() ?? $"legal hold that cannot be read, '{key}'" : null;
}
