using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Fences.WriteLease;

/// <summary>The application's writers write only while a record in a blob names their region; the fence takes it from them.</summary>
/// <param name="Place">The container, in an account that is not lost with the primary.</param>
/// <param name="Blob">The record's blob.</param>
/// <param name="Ttl">For how long a writer may go on after it last saw its region's name; by its own monotonic clock.</param>
/// <param name="Margin">What is waited beyond that, for clocks that do not run alike.</param>
public sealed record WriteLeaseFence(BlobContainer Place, string Blob, TimeSpan Ttl, TimeSpan Margin) : StoreFence;
