using System.Net;

namespace DrFunctions.Recovery.Probes;

/// <summary>Asks several DNS resolvers where a name leads, each by itself: caches of different people go at different times.</summary>
public interface IResolverProbe
{
    /// <summary>Asks every configured resolver at once; never throws for one that does not answer.</summary>
    /// <param name="host">The name.</param>
    /// <param name="timeout">For each.</param>
    /// <param name="cancellationToken">Stops the probe; the only way it throws.</param>
    /// <returns>An answer for each resolver, at least one, always in the same order.</returns>
    Task<IReadOnlyList<ResolverAnswer>> AskEachAsync(string host, TimeSpan timeout, CancellationToken cancellationToken);
}

/// <summary>What one resolver answered.</summary>
/// <param name="Resolver">Its address, <c>192.0.2.1:53</c>; <c>system</c> where only the system knows its servers.</param>
/// <param name="Names">The chain of aliases, without the name asked for and without trailing dots; empty when it did not answer.</param>
/// <param name="Address">The address at its end; null when it did not answer.</param>
/// <param name="Failure">Why there was no answer, in words; null when there was one.</param>
public sealed record ResolverAnswer(string Resolver, IReadOnlyList<string> Names, IPAddress? Address, string? Failure);
