using System.Globalization;
using System.Security.Cryptography;
using DrFunctions.App.Backups;
using DrFunctions.App.Durable;
using DrFunctions.Recovery;
using Microsoft.DurableTask.Client;

namespace DrFunctions.App.BackupJobs;

/// <summary>Starts jobs, one of a kind and policy at a time (of checks, one of each region), and makes up for what a process that died between two writes left.</summary>
public sealed class BackupJobStarts(BackupJobLog jobs, RandomNumberGenerator randomness, TimeProvider time)
{
    private const int Attempts = 16;
    private const int Remembered = 50;

    /// <summary>
    /// Starts a job. Idempotent by its key, among the newest fifty of the workload. In this order: the active job's document, by compare-and-swap, is the lock; then the job's own; then its orchestration.
    /// </summary>
    /// <exception cref="RecoveryException">Documents cannot be read or written.</exception>
    internal async Task<BackupJobStart> StartAsync(
        string workload, string planVersion, BackupJobRequest request, string by, string reason, string? idempotencyKey, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (idempotencyKey is not null
            && (await jobs.ReadNewestAsync(workload, Remembered, cancellationToken)).FirstOrDefault(job => job.IdempotencyKey == idempotencyKey) is { } before)
        {
            return Again(before, request);
        }

        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var active = await jobs.ReadActiveAsync(workload, request, cancellationToken);
            if (active is { Value.Job: var other } && await FollowAsync(other, client, cancellationToken) is { State: BackupJobState.Running } running)
            {
                return idempotencyKey is not null && running.IdempotencyKey == idempotencyKey ? Again(running, request) : new BackupJobStart.Active(running);
            }

            var now = time.GetUtcNow();
            var job = new BackupJob(1, NextId(now), workload, planVersion, request, by, reason, now, BackupJobState.Running, idempotencyKey);
            if (await jobs.TryActivateAsync(job, active, cancellationToken))
            {
                return new BackupJobStart.Started(await FollowAsync(job, client, cancellationToken));
            }
        }

        throw new RecoveryException("BackupJobContended", $"Others started jobs of '{request.Policy}' {Attempts} times meanwhile.", isTransient: true, "Try again.");
    }

    /// <summary>Sees that a job which was activated is kept and scheduled, and ends one whose orchestration came to no end. Idempotent.</summary>
    internal async Task<BackupJob> FollowAsync(BackupJob activated, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await jobs.FindAsync(activated.Workload, activated.Id, cancellationToken) is not { } job)
        {
            await jobs.CreateAsync(activated, cancellationToken);
            job = await jobs.ReadAsync(activated.Workload, activated.Id, cancellationToken);
        }

        if (job.State != BackupJobState.Running)
        {
            return job;
        }

        await client.EnsureScheduledAsync(BackupJobOrchestration.Name, new BackupJobInput(job.Workload, job.Id), job.InstanceId, cancellationToken);

        // Its last activity ends the job: an orchestration that is over and whose job runs was terminated, or failed as none should.
        return await client.GetInstanceAsync(job.InstanceId, cancellationToken) is { IsCompleted: true }
            ? await jobs.ChangeAsync(
                job.Workload,
                job.Id,
                seen => seen with
                {
                    State = BackupJobState.Failed,
                    EndedAt = time.GetUtcNow(),
                    Error = new BackupError("BackupJobLost", "Its orchestration ended without recording what came of it."),
                },
                cancellationToken)
            : job;
    }

    private static BackupJobStart Again(BackupJob job, BackupJobRequest request) =>
        job.Request == request ? new BackupJobStart.Started(job) : new BackupJobStart.Another(job);

    private string NextId(DateTimeOffset now)
    {
        var bytes = new byte[4];
        randomness.GetBytes(bytes);
        return string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMddHHmmssfff}-{Convert.ToHexStringLower(bytes)}");
    }
}

/// <summary>What became of a start.</summary>
internal abstract record BackupJobStart
{
    private BackupJobStart()
    {
    }

    /// <summary>The job runs, or was started by the same key before.</summary>
    public sealed record Started(BackupJob Job) : BackupJobStart;

    /// <summary>Another one of its kind and policy is under way.</summary>
    public sealed record Active(BackupJob Job) : BackupJobStart;

    /// <summary>The key belongs to a job that was asked for something else.</summary>
    public sealed record Another(BackupJob Job) : BackupJobStart;
}
