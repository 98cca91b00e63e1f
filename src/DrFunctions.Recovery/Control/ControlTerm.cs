namespace DrFunctions.Recovery.Control;

/// <summary>
/// A term of control: which app acts, from when on. The highest term that can be read counts; of two with one number, as two apps that
/// take over at once may write, the one whose account sorts first.
/// </summary>
/// <param name="Schema">1.</param>
/// <param name="Term">From 1; only grows. The first one is of the app that does not stand by.</param>
/// <param name="Account">The app in control, by its own control account.</param>
/// <param name="Region">Where that app runs.</param>
/// <param name="Since">When it took over, by its control account's clock.</param>
/// <param name="By">Who had it do so.</param>
/// <param name="Reason">Why.</param>
/// <param name="Fence">How it is known that the other app does not act any more.</param>
public sealed record ControlTerm(
    int Schema, long Term, string Account, string Region, DateTimeOffset Since, string By, string Reason, ControlFence Fence)
{
    /// <summary>The document's key, the same in both accounts.</summary>
    public const string Key = "control/term";

    /// <summary>
    /// How long a new term waits before it acts: longer than the other app can go without reading its own account, and long enough
    /// for an effect that it had under way.
    /// </summary>
    public static TimeSpan Settling { get; } = TimeSpan.FromMinutes(1);

    /// <summary>When the app in control begins to act: at once where nobody did before it.</summary>
    public DateTimeOffset ActsFrom => Fence == ControlFence.First ? Since : Since + Settling;

    /// <summary>The term that counts.</summary>
    /// <param name="known">What the places that answer hold; null where a place holds none.</param>
    public static ControlTerm? Newest(IEnumerable<ControlTerm?> known) =>
        known.OfType<ControlTerm>().OrderByDescending(term => term.Term).ThenBy(term => term.Account, StringComparer.Ordinal).FirstOrDefault();
}

/// <summary>How it is known that the app that was in control does not act any more.</summary>
public enum ControlFence
{
    /// <summary>None was: this is the first term.</summary>
    First,

    /// <summary>The term was written into its own control account, without which it cannot act and which it reads before it does.</summary>
    Told,

    /// <summary>Resource Manager confirmed that the app is stopped.</summary>
    Stopped,

    /// <summary>It is not known: a named person answers for it.</summary>
    Overridden,
}

/// <summary>A sign of life of an app.</summary>
/// <param name="Schema">1.</param>
/// <param name="Account">Its control account.</param>
/// <param name="Region">Where it runs.</param>
/// <param name="At">When, by its control account's clock.</param>
public sealed record ControlBeat(int Schema, string Account, string Region, DateTimeOffset At)
{
    /// <summary>Below it each app has one document, in both accounts.</summary>
    public const string Prefix = "control/beats/";

    /// <summary>One is given every 30 s. After how long without one the other app is taken for lost. A restart takes less.</summary>
    public static TimeSpan LongestSilence { get; } = TimeSpan.FromMinutes(3);
}
