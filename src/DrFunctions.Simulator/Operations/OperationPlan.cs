using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Operations;

/// <summary>What an operation is to do.</summary>
internal sealed record OperationPlan
{
    /// <summary>The provider's way to speak of it.</summary>
    public required OperationShape Shape { get; init; }

    /// <summary>Its name, as the provider and the scenario's durations have it.</summary>
    public required string Name { get; init; }

    /// <summary>Id of the resource it works on; busy until it ends.</summary>
    public required string Resource { get; init; }

    /// <summary>Ids of other resources that are busy until it ends.</summary>
    public IReadOnlyList<string> AlsoBusy { get; init; } = [];

    /// <summary>The region it runs in, as its URLs show it.</summary>
    public required string Location { get; init; }

    /// <summary>How long it takes when the scenario does not say.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Takes the effect at the end and gives what the call would have answered had it been synchronous. The world may have changed
    /// since the start; a rejection makes the operation fail with it, and null means that it is not over: it is asked again after <see cref="Again"/>.
    /// </summary>
    public required Func<ArmResponse?> Complete { get; init; }

    /// <summary>How long an operation that is not over waits before it is asked again.</summary>
    public TimeSpan Again { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Takes back, at a failure, what the start has changed.</summary>
    public Action Abandon { get; init; } = static () => { };
}
