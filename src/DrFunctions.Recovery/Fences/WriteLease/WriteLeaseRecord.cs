namespace DrFunctions.Recovery.Fences.WriteLease;

/// <summary>
/// The record that an application's writers obey; JSON in a blob. Only fences change it. A writer may write from the moment before it
/// sent a read that named its region, for as long as the time to live; it reads again in time, and presents the epoch with what it
/// writes where the store can refuse an older one.
/// </summary>
/// <param name="Schema">1.</param>
/// <param name="Epoch">Grows with every change of holder: a write that comes with a lower one is of a writer that was fenced.</param>
/// <param name="Holder">Azure's name of the region whose writers may write; empty while it changes hands, and then nobody may.</param>
/// <param name="Leaving">The region whose writers may go on until their time is over; empty when there is none.</param>
/// <param name="TtlSeconds">The time to live that writers keep to.</param>
public sealed record WriteLeaseRecord(int Schema, long Epoch, string Holder, string Leaving, double TtlSeconds)
{
    /// <summary>The run that changed it last; empty before any.</summary>
    public string Run { get; init; } = "";

    /// <summary>That run's fencing number; a run with a lower one changes nothing here.</summary>
    public long RunEpoch { get; init; }
}
