namespace DrFunctions.Cli.Demo;

/// <summary>One step of a scene.</summary>
/// <param name="Title">What happens, for people.</param>
/// <param name="PlayAsync">Makes it happen; throws <see cref="CliException"/> when it does not.</param>
internal sealed record SceneStep(string Title, Func<SceneContext, CancellationToken, Task> PlayAsync);
