namespace DrFunctions.Recovery.Runbooks;

/// <summary>The names of the step kinds, as plans and journals write them.</summary>
public static class StepKinds
{
    /// <summary>See <see cref="FenceStep"/>.</summary>
    public const string Fence = "fence";

    /// <summary>See <see cref="RestoreStep"/>.</summary>
    public const string Restore = "restore";

    /// <summary>See <see cref="StartWebAppStep"/>.</summary>
    public const string StartWebApp = "startWebApp";

    /// <summary>See <see cref="ShiftTrafficStep"/>.</summary>
    public const string ShiftTraffic = "shiftTraffic";

    /// <summary>See <see cref="ProveStep"/>.</summary>
    public const string Prove = "prove";

    /// <summary>The kind of a step.</summary>
    public static string Of(RunbookStep step) => step switch
    {
        FenceStep => Fence,
        RestoreStep => Restore,
        StartWebAppStep => StartWebApp,
        ShiftTrafficStep => ShiftTraffic,
        ProveStep => Prove,
        _ => throw new ArgumentException($"'{step?.GetType().Name}' is not a step kind.", nameof(step)),
    };
}
