using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Control;

/// <summary>Two apps, each with its own account, which is the other one's mirror.</summary>
internal sealed class TwoApps
{
    public TwoApps()
    {
        West = new InterceptedDocumentStore(Interception);
        North = new InterceptedDocumentStore(Interception);
        First = App("west", West, North, standsBy: false);
        Second = App("north", North, West, standsBy: true);
    }

    public static ResourceId FirstApp { get; } = ResourceId.Parse("/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/first");

    public Interception Interception { get; } = new();

    public MovableClock Clock { get; } = new();

    public List<string> Effects { get; } = [];

    public IDocumentStore West { get; }

    public IDocumentStore North { get; }

    public ControlAuthority First { get; }

    public ControlAuthority Second { get; }

    /// <summary>An app that begins now and remembers nothing.</summary>
    public ControlAuthority App(string name, IDocumentStore own, IDocumentStore other, bool standsBy) => new(
        new ControlIdentity($"https://{name}/", name, standsBy, standsBy ? FirstApp : null),
        new DocumentReplicas([new("control", new Reachable(own, () => !IsDark(name))), new("mirror", new Reachable(other, () => !IsDark(Other(name))))]),
        Clock);

    /// <summary>Takes a region away: its account answers nobody.</summary>
    public HashSet<string> Dark { get; } = [];

    public ControlTakeover Takeover(ControlAuthority app, string? peerState = "Running") => new(
        app,
        new FakeWebApps(Interception, Effects) { States = { [peerState is null ? ResourceId.Parse($"{FirstApp}s") : FirstApp] = peerState ?? "" } },
        Clock);

    /// <summary>How many act, by processes that begin now and read everything anew.</summary>
    public async Task<int> ActingAsync()
    {
        var acting = 0;
        foreach (var app in new[] { App("west", West, North, standsBy: false), App("north", North, West, standsBy: true) })
        {
            acting += await app.ReadRoleAsync(default) == ControlRole.InControl ? 1 : 0;
        }

        return acting;
    }

    private static string Other(string name) => name == "west" ? "north" : "west";

    private bool IsDark(string name) => Dark.Contains(name);

    private sealed class Reachable(IDocumentStore inner, Func<bool> answers) : IDocumentStore
    {
        public Task<Document?> ReadAsync(string key, CancellationToken cancellationToken) => Ask(() => inner.ReadAsync(key, cancellationToken));

        public Task<bool> TryCreateAsync(string key, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
            Ask(() => inner.TryCreateAsync(key, content, cancellationToken));

        public Task<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> content, string etag, CancellationToken cancellationToken) =>
            Ask(() => inner.TryReplaceAsync(key, content, etag, cancellationToken));

        public Task<bool> TryDeleteAsync(string key, string? etag, CancellationToken cancellationToken) =>
            Ask(() => inner.TryDeleteAsync(key, etag, cancellationToken));

        public IAsyncEnumerable<string> ListAsync(string prefix, CancellationToken cancellationToken) => Ask(() => inner.ListAsync(prefix, cancellationToken));

        public IAsyncEnumerable<DocumentVersion> ListVersionsAsync(string prefix, CancellationToken cancellationToken) =>
            Ask(() => inner.ListVersionsAsync(prefix, cancellationToken));

        private T Ask<T>(Func<T> call) => answers() ? call() : throw new DocumentStoreException("The account does not answer.", isTransient: true);
    }
}
