using System.Text.Json;

namespace DrFunctions.Cli.Api;

/// <summary>A start of a job; docs/design.md, section 5.</summary>
internal sealed record BackupJobStart(
    string Kind,
    string Policy,
    string? Reason,
    string? Region,
    string? Snapshot,
    DateTimeOffset? At,
    BackupJobTarget? Target,
    bool UseSource,
    bool DryRun,
    string? IdempotencyKey);

/// <summary>Where a restore goes.</summary>
internal sealed record BackupJobTarget(string Connection, string Container);

/// <summary>Jobs.</summary>
internal sealed record BackupJobList(IReadOnlyList<BackupJobView> Jobs);

/// <summary>A job.</summary>
internal sealed record BackupJobView(
    string Id,
    string Workload,
    BackupJobRequestView Request,
    string By,
    string Reason,
    DateTimeOffset CreatedAt,
    string State,
    DateTimeOffset? EndedAt = null,
    BackupJobProgressView? Progress = null,
    JsonElement? Result = null,
    BackupJobErrorView? Error = null)
{
    /// <summary>Whether it is under way.</summary>
    public bool IsRunning() => State == "running";
}

/// <summary>What a job is to do.</summary>
internal sealed record BackupJobRequestView(string Kind, string Policy, string? Region = null);

/// <summary>How far a job is.</summary>
internal sealed record BackupJobProgressView(long PartsDone, long Parts, long Bytes);

/// <summary>Why a job failed.</summary>
internal sealed record BackupJobErrorView(string Code, string Message);
