using System.Globalization;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Steps;

/// <summary>
/// What a step must remember from one attempt to the next, such as for how long a probe has been green. Kept beside the journal in
/// <c>runs/{id}/notes/{step}</c>; lost notes cost time, never correctness.
/// </summary>
public sealed class StepNotes(IDocumentStore documents)
{
    /// <summary>The note of the step's current beginning; null when there is none, or it is of an earlier beginning.</summary>
    public async Task<Stored<StepNote>?> ReadAsync(StepContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return await documents.ReadAsync<StepNote>(Key(context), cancellationToken);
    }

    /// <summary>Writes a note over the one that was read; false when another attempt was faster.</summary>
    public Task<bool> TryWriteAsync(
        StepContext context, IReadOnlyDictionary<string, string> facts, Stored<StepNote>? seen, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return documents.TryWriteAsync(Key(context), new StepNote(1, context.BegunAt, facts), seen, cancellationToken);
    }

    private static string Key(StepContext context) =>
        string.Create(CultureInfo.InvariantCulture, $"runs/{context.Run.RunId}/notes/{context.Index:D3}");
}

/// <summary>A note.</summary>
/// <param name="Schema">1.</param>
/// <param name="BegunAt">When the step began that it is of: a step that is tried anew by a person begins anew.</param>
/// <param name="Facts">What is remembered, by name; never a secret.</param>
public sealed record StepNote(int Schema, DateTimeOffset BegunAt, IReadOnlyDictionary<string, string> Facts);
