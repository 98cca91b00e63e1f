namespace DrFunctions.Recovery.Fences.StopWebApp;

/// <summary>The region's web app is the only writer, and is stopped.</summary>
public sealed record StopWebAppFence : StoreFence;
