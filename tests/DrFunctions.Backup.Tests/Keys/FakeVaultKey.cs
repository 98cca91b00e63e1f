using System.Security.Cryptography;
using DrFunctions.Backup.Keys;

namespace DrFunctions.Backup.Tests.Keys;

/// <summary>A key somebody else keeps: it answers, refuses, is away for now, or never says a word.</summary>
internal sealed class FakeVaultKey(string name) : IKeyWrapper
{
    private readonly Dictionary<string, byte[]> kept = new(StringComparer.Ordinal);

    public string Kind => "fakeVault";

    public string Description => $"the key '{name}'";

    /// <summary>What it says to everything; null while it answers.</summary>
    public BackupException? Refuses { get; set; }

    /// <summary>Whether it never answers, not even when it is told to stop.</summary>
    public bool IsDeaf { get; set; }

    public async Task<SlotKey> CreateAsync(RepositoryId repository, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        var (number, key) = ($"{name}-{kept.Count}", RandomNumberGenerator.GetBytes(32));
        kept[number] = key;
        return new SlotKey([.. key], new Dictionary<string, string> { ["number"] = number });
    }

    public async Task<byte[]?> OpenAsync(RepositoryId repository, IReadOnlyDictionary<string, string> parameters, CancellationToken cancellationToken)
    {
        await AnswerAsync();
        return kept.TryGetValue(parameters.GetValueOrDefault("number", ""), out var key) ? [.. key] : null;
    }

    private Task AnswerAsync() => IsDeaf ? new TaskCompletionSource().Task : Refuses is { } refusal ? Task.FromException(refusal) : Task.CompletedTask;
}
