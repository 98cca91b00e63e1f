using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Routing;

namespace DrFunctions.Recovery.Steps.RampTraffic;

/// <summary>Where a ramp stands; a document, so that whoever takes the run over goes on where it was.</summary>
/// <param name="Schema">2.</param>
/// <param name="Stage">Index of the stage that is being written or soaks.</param>
/// <param name="HealthySince">Since when the region has been healthy without a break at this stage; null until it was seen written.</param>
/// <param name="Failures">Looks in a row that found it dead.</param>
/// <param name="AbortedBecause">Why the users go back; null while they do not.</param>
internal sealed record RampProgress(int Schema, int Stage, DateTimeOffset? HealthySince, int Failures, string? AbortedBecause)
{
    /// <summary>What nobody looked at for longer is not known to have been healthy.</summary>
    public static TimeSpan LongestGap { get; } = TimeSpan.FromMinutes(1);

    /// <summary>Which beginning of the step it is of, see <see cref="StepContext.Occasion"/>.</summary>
    public long Occasion { get; init; }

    /// <summary>The profile's settings before the ramp began first: what all users go back to. Null in documents of schema 1.</summary>
    public RoutingSettings? Origin { get; init; }

    /// <summary>The profile's settings when the step began last; null in documents of schema 1.</summary>
    public RoutingSettings? Found { get; init; }

    /// <summary>The stages of that beginning, of a thousand users.</summary>
    public IReadOnlyList<int> Shares { get; init; } = [];

    /// <summary>When the region was looked at last.</summary>
    public DateTimeOffset? LookedAt { get; init; }

    /// <summary>A ramp that begins.</summary>
    public static RampProgress Begin(long occasion, RoutingSettings origin, RoutingSettings found, IReadOnlyList<int> shares) =>
        new(2, 0, null, 0, null) { Occasion = occasion, Origin = origin, Found = found, Shares = shares };

    /// <summary>
    /// The step was begun anew by a person, from what the profile was then. Where that is what this ramp had left, the ramp goes back to
    /// what it was before all of it; otherwise somebody else has made it what it is.
    /// </summary>
    public RampProgress Again(long occasion, RoutingSettings found, string target, IReadOnlyList<int> shares)
    {
        var isOurs = Origin is { } origin && (origin.IsSame(found) || Shares.Any(share => WeightRamp.At(origin, target, share).IsSame(found)));
        return Begin(occasion, isOurs ? Origin! : found, found, shares); // Ours has an origin.
    }

    /// <summary>The stage was seen written: its soak begins.</summary>
    public RampProgress Written(DateTimeOffset now) => this with { HealthySince = now, LookedAt = now, Failures = 0 };

    /// <summary>
    /// A look at the region. Health goes on with the soak; what was not seen, also because nobody looked, begins it anew, since
    /// blindness is neither health nor death; a failure begins it anew, too, and one too many ends the ramp.
    /// </summary>
    public RampProgress Looked(ProbeFinding finding, string summary, int mostFailures, DateTimeOffset now)
    {
        var seen = this with { LookedAt = now };
        return finding switch
        {
            ProbeFinding.Healthy => seen with { Failures = 0, HealthySince = now - LookedAt > LongestGap ? now : HealthySince },
            ProbeFinding.Unknown => seen with { HealthySince = now },
            _ when Failures + 1 >= mostFailures => seen with { Failures = Failures + 1, AbortedBecause = summary },
            _ => seen with { HealthySince = now, Failures = Failures + 1 },
        };
    }

    /// <summary>Whether the stage has soaked.</summary>
    public bool HasSoaked(TimeSpan soak, DateTimeOffset now) => AbortedBecause is null && Failures == 0 && now - HealthySince >= soak;

    /// <summary>The next stage.</summary>
    public RampProgress Next() => this with { Stage = Stage + 1, HealthySince = null, Failures = 0 };
}
