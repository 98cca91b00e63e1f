using DrFunctions.Backup;
using DrFunctions.Backup.Keys;
using DrFunctions.Backup.Repositories;

namespace DrFunctions.Testing.Backups;

/// <summary>An empty repository, made once for a process and put wherever a test needs one: a passphrase takes its time.</summary>
public static class ARepository
{
    /// <summary>Opens it.</summary>
    public const string Passphrase = "the tests' own";

    private static readonly BackupEngine Engine = new();
    private static readonly IReadOnlyList<IKeyWrapper> Secrets = [new KeptKeys(KeyWrappers.OfPassphrase(Passphrase))];
    private static readonly Lazy<Task<MemoryRepository>> Made = new(MakeAsync);

    /// <summary>Makes it there.</summary>
    public static async Task MakeAsync(IRepository place)
    {
        var made = await Made.Value;
        foreach (var prefix in new[] { "keys/", "config" })
        {
            await foreach (var item in made.ListAsync(prefix, default))
            {
                await using var content = await made.OpenReadAsync(item.Key, default) ?? throw new InvalidOperationException($"'{item.Key}' is missing.");
                await place.TryCreateAsync(item.Key, await Bytes.ReadAsync(content), default);
            }
        }
    }

    /// <summary>Opens the one that is there.</summary>
    public static Task<OpenedRepository> OpenAsync(IRepository place) => Engine.OpenAsync(place, Secrets);

    private static async Task<MemoryRepository> MakeAsync()
    {
        var place = new MemoryRepository();
        using var made = await Engine.CreateAsync(place, new Dictionary<string, IKeyWrapper>
        {
            ["passphrase"] = Secrets[0],
            ["recovery"] = KeyWrappers.OfRecoveryKey(KeyWrappers.NewRecoveryKey()),
        });
        return place;
    }
}
