namespace DrFunctions.Backup.Keys;

/// <summary>What opened a repository.</summary>
/// <param name="Slot">The slot.</param>
/// <param name="Kind">Its kind.</param>
/// <param name="Secret">What opened it, in words; never a secret.</param>
/// <param name="PassedOver">What was tried before and did not, in order. A vault that does not answer is worth a warning: its turn comes when the others are gone.</param>
public sealed record RepositoryOpening(string Slot, string Kind, string Secret, IReadOnlyList<PassedOverSecret> PassedOver);

/// <summary>A secret that did not open a repository.</summary>
/// <param name="Secret">Which, in words.</param>
/// <param name="Reason">Why, in words.</param>
/// <param name="IsTransient">Whether it may open it later.</param>
public readonly record struct PassedOverSecret(string Secret, string Reason, bool IsTransient);
