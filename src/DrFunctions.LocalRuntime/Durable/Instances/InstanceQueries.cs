using DrFunctions.LocalRuntime.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace DrFunctions.LocalRuntime.Durable.Instances;

/// <summary>
/// Queries over the listing of a hub: no instance is read. A page is full but the last one, however few instances match; a listing
/// that yields too little is followed by one twice as long.
/// </summary>
internal sealed class InstanceQueries(InstanceRepository instances, string hubName)
{
    private const int LongestListing = 5000;

    /// <summary>One page of what matches.</summary>
    /// <param name="query">What is looked for.</param>
    /// <param name="continuation">What the page before said; null for the first.</param>
    /// <param name="pageSize">The most instances of the page.</param>
    /// <param name="ct">Cancels.</param>
    /// <exception cref="ArgumentException">The continuation is none that a page has said.</exception>
    public async Task<Page<ListedInstance>> PageAsync(OrchestrationQuery query, string? continuation, int pageSize, CancellationToken ct)
    {
        var at = Position.Parse(continuation);
        var found = new List<ListedInstance>();
        for (var length = Math.Min(pageSize, LongestListing); ; length = Math.Min(length * 2, LongestListing))
        {
            var (listed, next) = await instances.ListAsync(query.InstanceIdPrefix ?? "", at.Listing, length, ct);
            foreach (var instance in listed.Where(instance => at.IsBefore(instance) && Matches(query, instance)))
            {
                if (found.Count == pageSize)
                {
                    return new Page<ListedInstance>(found, new Position(at.Listing, HubNames.Encode(found[^1].InstanceId)).ToString());
                }

                found.Add(instance);
            }

            at = at with { Listing = next };
            if (next is null || found.Count == pageSize)
            {
                return new Page<ListedInstance>(found, next is null ? null : at.ToString());
            }
        }
    }

    private bool Matches(OrchestrationQuery query, ListedInstance instance) =>
        !(instance.CreatedAt < query.CreatedFrom)
        && !(instance.CreatedAt > query.CreatedTo)
        && (query.Statuses is null || query.Statuses.Contains(instance.Status))
        && (query.TaskHubNames is null || query.TaskHubNames.Contains(hubName, StringComparer.OrdinalIgnoreCase));

    /// <summary>Where a query goes on: in the store's listing from its token, after the instance of this (escaped) id.</summary>
    private readonly record struct Position(string? Listing, string After)
    {
        private const char Separator = '|'; // No escaped id has it.

        public static Position Parse(string? text)
        {
            if (string.IsNullOrEmpty(text))
            {
                return new Position(null, "");
            }

            return text.Split(Separator, 2) is [var after, var listing]
                ? new Position(listing.Length == 0 ? null : listing, after)
                : throw new ArgumentException($"The continuation token '{text}' is none that a page of this hub has said.", nameof(text));
        }

        public bool IsBefore(ListedInstance instance) =>
            After.Length == 0 || string.CompareOrdinal(HubNames.Encode(instance.InstanceId), After) > 0;

        public override string ToString() => $"{After}{Separator}{Listing}";
    }
}
