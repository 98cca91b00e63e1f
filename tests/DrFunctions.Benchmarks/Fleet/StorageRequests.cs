using System.Collections.Concurrent;

namespace DrFunctions.Benchmarks.Fleet;

/// <summary>Counts the requests that emulators print, by account, kind of document and method. Thread-safe.</summary>
internal sealed class StorageRequests
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts a line; one that tells of no request is passed over.</summary>
    public void Count(string line)
    {
        if (line.Split('"') is [_, var request, ..] && request.Split(' ') is [var method, var target, ..])
        {
            _counts.AddOrUpdate(KindOf(method, Uri.UnescapeDataString(target)), 1, (_, count) => count + 1);
        }
    }

    /// <summary>What was counted until now.</summary>
    public IReadOnlyDictionary<string, int> Read() => new Dictionary<string, int>(_counts);

    /// <summary>What was counted between two readings, the most frequent first.</summary>
    public static IReadOnlyList<(string Kind, int Count)> Between(IReadOnlyDictionary<string, int> before, IReadOnlyDictionary<string, int> after) =>
        [.. after
            .Select(one => (Kind: one.Key, Count: one.Value - before.GetValueOrDefault(one.Key)))
            .Where(one => one.Count > 0)
            .OrderByDescending(one => one.Count)
            .ThenBy(one => one.Kind, StringComparer.Ordinal)];

    // Documents by the words of their keys, of a run's the third; a list by what its prefix begins with.
    private static string KindOf(string method, string target)
    {
        var parts = target.Split('?');
        var path = parts[0].Trim('/').Split('/');
        var (account, container) = (path[0], path.Length > 1 ? path[1] : "");
        if (parts.Length > 1 && parts[1].Contains("comp=list", StringComparison.Ordinal))
        {
            var prefix = parts[1].Split('&').FirstOrDefault(one => one.StartsWith("prefix=", StringComparison.Ordinal))?["prefix=".Length..] ?? "";
            return $"{account} {Shared(container)} list {prefix.Split('/')[0]}";
        }

        var document = path switch
        {
            [_, _, "runs", _, var kind, ..] => $"runs/{kind}",
            [_, _, "unmirrored", var of, _, var kind, ..] => of == "runs" ? $"unmirrored/runs/{kind}" : $"unmirrored/{of}",
            [_, _, "plans", _, var kind, ..] => $"plans/{kind}",
            [_, _, var first, ..] => first,
            _ => "",
        };
        return $"{account} {Shared(container)} {method} {document}";
    }

    // Each workload's own containers are one kind.
    private static string Shared(string container) => container.Split('-') is [_, "files" or "backups"] parts ? $"*-{parts[1]}" : container;
}
