namespace DrFunctions.Backup.Checks;

/// <summary>How much a check reads. The structure is always looked at: every snapshot, its manifest, and that the packs of all its chunks are there.</summary>
/// <param name="Turns">In how many checks all packs are read; 0: none, 1 (default): all of them in each.</param>
/// <param name="Turn">Which of them this is, 0 to <paramref name="Turns"/> − 1, such as the day's number modulo the turns.</param>
public sealed record RepositoryCheckOptions(int Turns = 1, int Turn = 0)
{
    /// <summary>Whether a pack is read in this turn: by its name, which is as good as random.</summary>
    internal bool Reads(Packs.PackId pack) => Turns > 0 && pack.Digest.A % (ulong)Turns == (ulong)Turn;
}
