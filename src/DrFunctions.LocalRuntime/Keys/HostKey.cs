namespace DrFunctions.LocalRuntime.Keys;

/// <summary>The names of the host's keys; each can be given as the setting <c>Host:Keys:{name}</c>.</summary>
internal static class HostKey
{
    /// <summary>Opens everything.</summary>
    public const string Master = "master";

    /// <summary>Opens functions of level function.</summary>
    public const string Default = "default";

    /// <summary>Opens the Event Grid webhook.</summary>
    public const string EventGrid = "eventgrid_extension";

    /// <summary>Opens the durable HTTP management API.</summary>
    public const string DurableTask = "durabletask_extension";

    public static readonly IReadOnlyList<string> All = [Master, Default, EventGrid, DurableTask];
}
