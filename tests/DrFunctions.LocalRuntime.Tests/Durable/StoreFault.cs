namespace DrFunctions.LocalRuntime.Tests.Durable;

/// <summary>Something that goes wrong at one call of a store.</summary>
/// <param name="Call">The call and the first two parts of the document's name, such as <c>replace instances/run</c>.</param>
/// <param name="Occurrence">The how-manieth such call; from 1.</param>
/// <param name="AfterTheEffect">Whether the call still does what it is to do.</param>
/// <param name="Kind">What goes wrong.</param>
public sealed record StoreFault(string Call, int Occurrence, bool AfterTheEffect, FaultKind Kind)
{
    /// <summary>Any write, renewals of the lease not counted.</summary>
    public const string AnyWrite = "any write";

    public bool IsForGood => Kind is FaultKind.FailsForGood or FaultKind.HangsForGood;

    public bool IsAt(string call, int occurrence) => Call == call && Occurrence == occurrence;
}

public enum FaultKind
{
    /// <summary>This call fails.</summary>
    Fails,

    /// <summary>This call does not answer until it is cancelled.</summary>
    Hangs,

    /// <summary>This call and every later one fail: the process is as good as dead.</summary>
    FailsForGood,

    /// <summary>This call and every later one do not answer until they are cancelled: the process lives, but is cut off.</summary>
    HangsForGood,
}
