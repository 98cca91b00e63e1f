using System.Globalization;
using System.Text.RegularExpressions;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.FlexibleServers;

/// <summary>What a server can be restored from: a backup each day from its beginning on, kept for its retention, and those asked for.</summary>
internal sealed partial class ServerBackups(TimeProvider time)
{
    /// <summary>How long after its making a server has its first backup.</summary>
    private static readonly TimeSpan First = TimeSpan.FromMinutes(5);

    /// <summary>The earliest time that the server can be restored to; null before its first backup.</summary>
    public DateTimeOffset? EarliestRestore(FlexibleServer server)
    {
        var (first, retained) = (server.Created + First, time.GetUtcNow() - TimeSpan.FromDays(server.BackupRetentionDays));
        return first > time.GetUtcNow() ? null : first > retained ? first : retained;
    }

    /// <summary>The backups that the service made by itself, oldest first.</summary>
    public IEnumerable<ServerBackup> Automatic(FlexibleServer server)
    {
        if (EarliestRestore(server) is not { } earliest)
        {
            yield break;
        }

        var now = time.GetUtcNow();
        var first = server.Created + First;
        for (var day = (long)Math.Ceiling((earliest - first).TotalDays); first.AddDays(day) <= now; day++)
        {
            var completed = first.AddDays(day);
            yield return new ServerBackup(string.Create(CultureInfo.InvariantCulture, $"backup_{completed.UtcTicks}"), completed);
        }
    }

    /// <exception cref="ArmRejection">The server cannot be restored to that time.</exception>
    public void RequireRestorable(FlexibleServer server, DateTimeOffset to)
    {
        // A client's clock may be ahead of ours by a little.
        var latest = time.GetUtcNow() + TimeSpan.FromMinutes(5);
        if (EarliestRestore(server) is not { } earliest)
        {
            throw ServerErrors.Invalid($"The server '{server.Name}' has no backup yet.");
        }

        if (to < earliest || to > latest)
        {
            throw ServerErrors.Invalid(
                $"The value {to:O} of 'properties.pointInTimeUTC' is invalid: expected a time from {earliest:O} to {time.GetUtcNow():O}.");
        }

        if (server.ReplicaSince <= to || server.NotRestorable.Any(span => span.From <= to && to <= span.To))
        {
            throw ServerErrors.RestoreIntoReplicaTime();
        }
    }

    public static bool IsName(string name) => NameForm().IsMatch(name);

    [GeneratedRegex(@"^[-\w\._]{1,128}$", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();
}
