namespace DrFunctions.Recovery.Fences;

/// <summary>How a store's old primary is kept from writing, as a plan says it. Its kind is found by <see cref="FenceCatalog"/>.</summary>
public abstract record StoreFence;
