using DrFunctions.Cli.Terminal;
using DrFunctions.Recovery.Objectives;

namespace DrFunctions.Cli.Demo;

/// <summary>What a scene came to, for programs.</summary>
/// <param name="RunId">The run that recovered the workload.</param>
/// <param name="SceneSeconds">From the backup to the verified evidence.</param>
/// <param name="RtoSeconds">Attained; null when it was not measured.</param>
/// <param name="RtoObjectiveSeconds">Wanted.</param>
/// <param name="Rto">Attained against wanted.</param>
/// <param name="RpoSeconds">Attained; null when it was not measured.</param>
/// <param name="RpoObjectiveSeconds">Wanted.</param>
/// <param name="Rpo">Attained against wanted.</param>
/// <param name="BackupBytes">Bytes in the backup.</param>
/// <param name="BackupSeconds">How long it took.</param>
/// <param name="CopySeconds">How long the copy to the other region took.</param>
/// <param name="FilesIdentical">Restored files that are the originals, bit for bit.</param>
/// <param name="BytesIdentical">Their bytes.</param>
/// <param name="Evidence">Where the evidence is.</param>
/// <param name="Steps">What was played.</param>
internal sealed record SceneResult(
    string RunId,
    double SceneSeconds,
    double? RtoSeconds,
    double RtoObjectiveSeconds,
    ObjectiveVerdict Rto,
    double? RpoSeconds,
    double RpoObjectiveSeconds,
    ObjectiveVerdict Rpo,
    long? BackupBytes,
    double? BackupSeconds,
    double? CopySeconds,
    int FilesIdentical,
    long BytesIdentical,
    string Evidence,
    IReadOnlyList<PlayedStep> Steps)
{
    /// <summary>Whether both objectives were measured and kept.</summary>
    public bool KeptObjectives => IsKept(Rto) && IsKept(Rpo);

    /// <summary>What is said last: that it survived, or which objective was not kept.</summary>
    public string LastWords()
    {
        string[] missed = [.. Missed("RTO", Rto), .. Missed("RPO", Rpo)];
        var verdict = missed.Length == 0
            ? "[bold green]The shop survived.[/]"
            : $"[bold red]The shop is back, but {string.Join(" and ", missed)}.[/]";
        return $"{verdict} Scene {Quantities.Seconds(SceneSeconds)}; "
            + $"RTO {Quantities.Seconds(RtoSeconds)} of {Quantities.Seconds(RtoObjectiveSeconds)}, "
            + $"RPO {Quantities.Seconds(RpoSeconds)} of {Quantities.Seconds(RpoObjectiveSeconds)}; "
            + $"{FilesIdentical} files identical.";
    }

    /// <summary>Sums up a scene that was played to its end.</summary>
    public static SceneResult Of(SceneContext scene, IReadOnlyList<PlayedStep> steps, TimeSpan took)
    {
        if (scene is not { Run: { } run, Comparison: { } comparison, Evidence: { } evidence })
        {
            throw new InvalidOperationException("The scene was not played to its end.");
        }

        return new SceneResult(
            run.RunId, took.TotalSeconds,
            run.Attained.RtoSeconds, run.Objectives.RtoSeconds, run.Attained.Rto,
            run.Attained.RpoSeconds, run.Objectives.RpoSeconds, run.Attained.Rpo,
            scene.Backup?.Bytes, scene.Backup?.BackupSeconds, scene.Backup?.CopySeconds,
            comparison.Files, comparison.Bytes, evidence, steps);
    }

    private static bool IsKept(ObjectiveVerdict verdict) => verdict is ObjectiveVerdict.Met or ObjectiveVerdict.AtRisk;

    private static IEnumerable<string> Missed(string objective, ObjectiveVerdict verdict) =>
        IsKept(verdict) ? [] : [verdict == ObjectiveVerdict.Unknown ? $"the {objective} is unknown" : $"the {objective} was breached"];
}
