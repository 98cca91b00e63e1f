using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;

namespace DrFunctions.LocalRuntime.Durable;

/// <summary>What the durable engine is told.</summary>
internal sealed class DurableOptions
{
    /// <summary>The task hub: a container name of letters, digits and hyphens.</summary>
    public string HubName { get; set; } = "drfunctions";

    /// <summary>After this time without a renewal another host may take the hub.</summary>
    public TimeSpan LeaseTime { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the lease is renewed.</summary>
    public TimeSpan RenewInterval { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How often messages from other processes are looked for; a host's own are taken up at once.</summary>
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a stop waits for running activities; what has not ended then runs again after the next start.</summary>
    public TimeSpan StopGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many activities run at once (host.json: maxConcurrentActivityFunctions).</summary>
    public int MaxConcurrentActivities { get; set; } = 10 * Environment.ProcessorCount;

    /// <summary>How many orchestrators run at once (host.json: maxConcurrentOrchestratorFunctions).</summary>
    public int MaxConcurrentOrchestrators { get; set; } = 10 * Environment.ProcessorCount;

    /// <summary>How a client's call waits for a store that does not answer before it fails.</summary>
    public TimeSpan ClientPatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Reads and writes inputs, results, events and statuses; property names are read without case, as the worker does.</summary>
    public DataConverter DataConverter { get; set; } =
        new JsonDataConverter(new JsonSerializerOptions { PropertyNameCaseInsensitive = true, IncludeFields = true });

    /// <summary>Makes ids: of hosts, executions and messages.</summary>
#pragma warning disable RS0030 // The default of the injected source.
    public Func<string> NewId { get; set; } = () => Guid.NewGuid().ToString("N");
#pragma warning restore RS0030
}
