namespace DrFunctions.Recovery.Evaluation;

/// <summary>What a code of findings stands for.</summary>
/// <param name="Code">The code.</param>
/// <param name="Severity">How bad it is: error, warning, unknown, or two of them where that depends.</param>
/// <param name="Meaning">What is wrong, as a sentence.</param>
/// <param name="Next">What to do, as a sentence.</param>
public sealed record FindingKind(string Code, string Severity, string Meaning, string Next);
