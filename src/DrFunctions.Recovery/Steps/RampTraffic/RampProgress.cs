using DrFunctions.Recovery.Probes;

namespace DrFunctions.Recovery.Steps.RampTraffic;

/// <summary>Where a ramp stands; a document, so that whoever takes the run over goes on where it was.</summary>
/// <param name="Schema">1.</param>
/// <param name="Stage">Index of the stage that is being written or soaks.</param>
/// <param name="HealthySince">Since when the region has been healthy without a break at this stage; null until it was seen written.</param>
/// <param name="Failures">Looks in a row that found it dead.</param>
/// <param name="AbortedBecause">Why the users go back; null while they do not.</param>
internal sealed record RampProgress(int Schema, int Stage, DateTimeOffset? HealthySince, int Failures, string? AbortedBecause)
{
    public static RampProgress First { get; } = new(1, 0, null, 0, null);

    /// <summary>The stage was seen written: its soak begins.</summary>
    public RampProgress Written(DateTimeOffset now) => this with { HealthySince = now, Failures = 0 };

    /// <summary>
    /// A look at the region. Health goes on with the soak; what was not seen begins it anew, since blindness is neither health nor
    /// death; a failure begins it anew, too, and one too many ends the ramp.
    /// </summary>
    public RampProgress Looked(ProbeFinding finding, string summary, int mostFailures, DateTimeOffset now) => finding switch
    {
        ProbeFinding.Healthy => this with { Failures = 0 },
        ProbeFinding.Unknown => this with { HealthySince = now },
        _ when Failures + 1 >= mostFailures => this with { Failures = Failures + 1, AbortedBecause = summary },
        _ => this with { HealthySince = now, Failures = Failures + 1 },
    };

    /// <summary>Whether the stage has soaked.</summary>
    public bool HasSoaked(TimeSpan soak, DateTimeOffset now) => AbortedBecause is null && Failures == 0 && now - HealthySince >= soak;

    /// <summary>The next stage.</summary>
    public RampProgress Next() => this with { Stage = Stage + 1, HealthySince = null, Failures = 0 };
}
