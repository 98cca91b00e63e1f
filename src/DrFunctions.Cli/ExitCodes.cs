namespace DrFunctions.Cli;

/// <summary>What <c>dr</c> answers to the shell. The numbers are a contract.</summary>
internal static class ExitCodes
{
    /// <summary>Done.</summary>
    public const int Success = 0;

    /// <summary>Failed for a reason that has no code of its own.</summary>
    public const int Failed = 1;

    /// <summary>The command line, a plan or another input has a mistake; nothing was done.</summary>
    public const int BadInput = 2;

    /// <summary>Something this machine must have is missing or taken: a tool, a port, a setting, space.</summary>
    public const int Machine = 3;

    /// <summary>The function app or a storage account does not answer.</summary>
    public const int Unreachable = 4;

    /// <summary>The function app refused the key, or nothing that was given opens the repository.</summary>
    public const int Unauthorized = 5;

    /// <summary>What was asked for does not exist.</summary>
    public const int NotFound = 6;

    /// <summary>Another run holds the workload, or a legal hold the snapshot.</summary>
    public const int Conflict = 7;

    /// <summary>A run ended without reaching its goal.</summary>
    public const int RunFailed = 8;

    /// <summary>Data or evidence is not what it should be.</summary>
    public const int NotVerified = 9;

    /// <summary>Stopped by Ctrl+C or SIGTERM, as shells count.</summary>
    public const int Cancelled = 130;

    /// <summary>The exit code of a failure.</summary>
    public static int Of(Exception failure) => failure switch
    {
        OperationCanceledException => Cancelled,
        CliException known => OfCode(known.Code),
        _ => Failed,
    };

    private static int OfCode(string code) => code switch
    {
        "BadInput" or "PlanInvalid" => BadInput,
        "ToolMissing" or "PortInUse" or "SettingMissing" or "StateInUse" or "DiskFull" or "TargetFull" or "NotBuilt" => Machine,
        "Unreachable" or "StorageUnavailable" or "KeyUnavailable" => Unreachable,
        "Unauthorized" or "WrongSecret" or "KeyRefused" => Unauthorized,
        "NotFound" or "SnapshotNotFound" or "FileNotFound" or "NoRepository" => NotFound,
        "RunActive" or "SnapshotHeld" => Conflict,
        "RunFailed" or "StepFailed" => RunFailed,
        "NotVerified" or "SnapshotDamaged" or "DataMissing" or "DataDamaged" => NotVerified,
        _ => Failed,
    };
}
