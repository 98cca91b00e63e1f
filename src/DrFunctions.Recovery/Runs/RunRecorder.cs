using DrFunctions.Recovery.Journal;

namespace DrFunctions.Recovery.Runs;

/// <summary>Reads where runs stand, and records what follows from it. Nothing is recorded but on what was just read.</summary>
internal sealed class RunRecorder(RunJournal journal, TimeProvider time)
{
    // More than the steps of the largest runbook that can be given up at once.
    private const int Most = 2000;

    /// <summary>Opens the journal, unless it is open already.</summary>
    public async Task<RunProgress> BeginAsync(string runId, JournalDraft start, CancellationToken cancellationToken)
    {
        // Most often it is new: that it is not, the append says as well.
        var entries = journal.Recall(runId);
        while (entries.Count == 0)
        {
            entries = await journal.TryAppendAsync(runId, entries, start, time.GetUtcNow(), cancellationToken)
                ?? await journal.ReadAsync(runId, cancellationToken);
        }

        return RunProgress.Of(entries);
    }

    /// <summary>Where the run stands; null when its journal is not open.</summary>
    public async Task<RunProgress?> FindAsync(string runId, CancellationToken cancellationToken) =>
        await journal.ReadAsync(runId, cancellationToken) is { Count: > 0 } entries ? RunProgress.Of(entries) : null;

    /// <summary>Where the run stands.</summary>
    /// <exception cref="RecoveryException">Its journal is not open (<c>RunNotBegun</c>).</exception>
    public async Task<RunProgress> ReadAsync(string runId, CancellationToken cancellationToken) =>
        RunProgress.Of(await OpenAsync(runId, cancellationToken));

    /// <summary>Where the run stands or stood a moment ago: for what never changes.</summary>
    /// <exception cref="RecoveryException">Its journal is not open (<c>RunNotBegun</c>).</exception>
    public async Task<RunProgress> RecallAsync(string runId, CancellationToken cancellationToken) =>
        journal.Recall(runId) is { Count: > 0 } known ? RunProgress.Of(known) : await ReadAsync(runId, cancellationToken);

    /// <summary>
    /// Asks what is to be recorded and records it, until the answer is nothing or the run has ended. Another writer who was faster
    /// makes it ask again: the answer must come from the progress alone.
    /// </summary>
    /// <returns>Where the run stands then.</returns>
    public Task<RunProgress> RecordAsync(string runId, Func<RunProgress, JournalDraft?> decide, CancellationToken cancellationToken) =>
        RecordAsync(runId, decide, once: false, cancellationToken);

    /// <summary>The same for what is to be recorded once, whatever the answer would be afterwards.</summary>
    public Task<RunProgress> RecordOnceAsync(string runId, Func<RunProgress, JournalDraft?> decide, CancellationToken cancellationToken) =>
        RecordAsync(runId, decide, once: true, cancellationToken);

    private async Task<RunProgress> RecordAsync(
        string runId, Func<RunProgress, JournalDraft?> decide, bool once, CancellationToken cancellationToken)
    {
        // An append to a journal that has gone on fails: only that nothing is to be recorded needs the store's word.
        var entries = journal.Recall(runId);
        var isCurrent = entries.Count == 0;
        entries = isCurrent ? await OpenAsync(runId, cancellationToken) : entries;
        for (var attempt = 0; attempt < Most; attempt++)
        {
            var run = RunProgress.Of(entries);
            if (run.Ended is not null)
            {
                return run;
            }

            if (decide(run) is not { } draft)
            {
                if (isCurrent)
                {
                    return run;
                }

                (var known, entries, isCurrent) = (entries.Count, await OpenAsync(runId, cancellationToken), true);
                if (entries.Count == known)
                {
                    return run;
                }

                continue;
            }

            isCurrent = true;
            if (await journal.TryAppendAsync(runId, entries, draft, time.GetUtcNow(), cancellationToken) is not { } appended)
            {
                entries = await journal.ReadAsync(runId, cancellationToken);
            }
            else if (once)
            {
                return RunProgress.Of(appended);
            }
            else
            {
                entries = appended;
            }
        }

        throw new RecoveryException(
            "JournalContended", $"The journal of '{runId}' changed {Most} times while it was being written.", isTransient: true, "Try again.");
    }

    private async Task<IReadOnlyList<JournalEntry>> OpenAsync(string runId, CancellationToken cancellationToken) =>
        await journal.ReadAsync(runId, cancellationToken) is { Count: > 0 } entries
            ? entries
            : throw new RecoveryException("RunNotBegun", $"The run '{runId}' has no journal.", isTransient: false, "Start the run again.");
}
