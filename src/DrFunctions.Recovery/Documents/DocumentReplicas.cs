namespace DrFunctions.Recovery.Documents;

/// <summary>
/// Every place that holds documents, each to be read by itself: for whoever compares copies. All else reads the one
/// <see cref="IDocumentStore"/> that the app has.
/// </summary>
/// <param name="All">At least one; the first decides, the others follow it.</param>
public sealed record DocumentReplicas(IReadOnlyList<DocumentReplica> All);

/// <summary>One place.</summary>
/// <param name="Place">Its name, such as <c>control</c>.</param>
/// <param name="Store">To be read only.</param>
public sealed record DocumentReplica(string Place, IDocumentStore Store);
