using DrFunctions.Backup;
using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Backups;

/// <summary>Snapshots as people read them.</summary>
internal static class SnapshotText
{
    /// <summary>A table of snapshots.</summary>
    public static Listing Table(IEnumerable<Snapshot> snapshots)
    {
        var table = new Listing("snapshot", "workload", "policy", "kind", "restore point", "files", "bytes", "new", "missing");
        foreach (var snapshot in snapshots)
        {
            table.AddRow(
                Output.Text(snapshot.Id), Output.Text(snapshot.Workload), Output.Text(snapshot.Policy), Kind(snapshot), Output.Time(snapshot.RestorePoint),
                $"{snapshot.Files}", Quantities.Bytes(snapshot.Bytes), Quantities.Bytes(snapshot.BytesAdded), $"{snapshot.Unread}");
        }

        return table;
    }

    /// <summary>A snapshot's kind, a word.</summary>
    public static string Kind(Snapshot snapshot) => snapshot.Kind switch
    {
        SnapshotKind.Full => "full",
        SnapshotKind.Incremental => "incremental",
        _ => "differential",
    };
}
