using DrFunctions.LocalRuntime.Discovery;
using DrFunctions.LocalRuntime.Durable.Storage;
using DrFunctions.LocalRuntime.Keys;
using DrFunctions.LocalRuntime.Settings;
using DrFunctions.LocalRuntime.Storage;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>Where the host keeps its state: what the test host gives, else storage, else, where it is asked for or nothing is kept, memory.</summary>
internal sealed record HostStores(IRecordStore Records, IHubStore Hub)
{
    public static HostStores Find(
        IConfiguration configuration,
        FunctionCatalog catalog,
        IReadOnlyDictionary<string, string> givenKeys,
        HostOptions options,
        HostOverrides? overrides,
        List<string> problems,
        List<string> warnings)
    {
        if (overrides is { Records: { } records, Hub: { } hub })
        {
            return new HostStores(records, hub);
        }

        if (StorageConnection.IsMemory(StorageConnection.Find(configuration)))
        {
            warnings.Add($"{StorageConnection.Setting} is {StorageConnection.Memory}: orchestrations, schedules and generated keys end with this process");
            return new HostStores(overrides?.Records ?? new MemoryRecordStore(), overrides?.Hub ?? new MemoryHubStore());
        }

        var needed = givenKeys.Count < HostKey.All.Count
            || catalog.UsesDurable
            || catalog.Functions.Any(function => function.Trigger is TimerFunctionTrigger { UseMonitor: true });
        var account = needed ? StorageConnection.Create(configuration, problems) : null;
        return new HostStores(
            overrides?.Records ?? (account is null ? new MemoryRecordStore() : new BlobRecordStore(account)),
            overrides?.Hub ?? FindHub(configuration, catalog, options, problems));
    }

    private static IHubStore FindHub(IConfiguration configuration, FunctionCatalog catalog, HostOptions options, List<string> problems)
    {
        if (catalog.UsesDurable && options.HubConnection != StorageConnection.Setting)
        {
            StorageConnection.Create(configuration, problems, options.HubConnection);
        }

        return catalog.UsesDurable && problems.Count == 0 && StorageConnection.Find(configuration, options.HubConnection) is { } connection
            ? BlobHubStore.Connect(connection, options.HubName)
            : new MemoryHubStore();
    }
}
