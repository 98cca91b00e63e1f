namespace DrFunctions.Recovery.Fences.CloseStorage;

/// <summary>The region's storage account is closed to every network and to keys, so that nobody writes to it, whoever it is.</summary>
public sealed record CloseStorageFence : StoreFence;
