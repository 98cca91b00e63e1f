using System.Text.Json;
using DrFunctions.Recovery;
using DrFunctions.Recovery.AppServicePlans;
using DrFunctions.Recovery.Deployments;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.SqlFailoverGroups;
using DrFunctions.Recovery.StorageAccounts;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Testing.Recovery;

/// <summary>Resources that are changed by asynchronous operations, in memory. A request that the resource's state forbids is refused.</summary>
public sealed class FakeAzure(Interception interception, List<string> effects, TimeProvider time)
    : IOperations, IAppServicePlans, IFlexibleServers, IStorageAccounts, ISqlFailoverGroups, IDeployments
{
    private readonly List<Operation> _operations = [];

    /// <summary>How long an operation takes.</summary>
    public TimeSpan Duration { get; set; } = TimeSpan.FromSeconds(20);

    public Dictionary<ResourceId, AppServicePlan> Plans { get; } = [];

    public Dictionary<ResourceId, FlexibleServer> Servers { get; } = [];

    /// <summary>States of replications, by replica.</summary>
    public Dictionary<ResourceId, string> Replications { get; } = [];

    /// <summary>When each effect began, by its words.</summary>
    public Dictionary<string, DateTimeOffset> Begun { get; } = [];

    /// <summary>Names of the servers that readers of virtual endpoints lead to.</summary>
    public List<string> Readers { get; } = [];

    public Dictionary<ResourceId, GeoAccount> Accounts { get; } = [];

    public Dictionary<ResourceId, SqlFailoverGroup> Groups { get; } = [];

    /// <summary>Who reaches which storage account.</summary>
    public Dictionary<ResourceId, StorageAccess> Accesses { get; } = [];

    /// <summary>Whether changes of access are taken and do nothing.</summary>
    public bool IgnoresAccess { get; set; }

    public Dictionary<ResourceId, Deployment> Deployments { get; } = [];

    /// <summary>What the last deployment was begun with.</summary>
    public (DeploymentTemplate Template, IReadOnlyDictionary<string, JsonElement> Parameters)? Deployed { get; private set; }

    /// <summary>What a template's check says; null when it is well.</summary>
    public RecoveryException? TemplateFailure { get; set; }

    public Task<OperationProgress> PollAsync(OperationPoll poll, CancellationToken cancellationToken) => CallAsync("poll", () =>
        new OperationProgress(_operations.Any(each => each.Poll == poll && !each.IsOver) ? OperationState.Running : OperationState.Succeeded, "told"));

    Task<AppServicePlan?> IAppServicePlans.ReadAsync(ResourceId plan, CancellationToken cancellationToken) => CallAsync("ReadPlan", () => Plans.GetValueOrDefault(plan));

    public Task<BegunOperation> ScaleAsync(ResourceId plan, string? size, int? instances, CancellationToken cancellationToken)
    {
        var now = Plans.GetValueOrDefault(plan);
        return BeginAsync(plan, $"scale {plan.Name}", now is not null, () =>
            Plans[plan] = now! with { Size = size ?? now!.Size, Instances = instances ?? now!.Instances }); // it is there
    }

    Task<FlexibleServer?> IFlexibleServers.ReadAsync(ResourceId server, CancellationToken cancellationToken) => CallAsync("ReadServer", () => Servers.GetValueOrDefault(server));

    public Task<string?> ReadReplicationAsync(ResourceId primary, ResourceId replica, CancellationToken cancellationToken) =>
        CallAsync("ReadReplication", () => Replications.GetValueOrDefault(replica));

    public Task<IReadOnlyList<string>> ReadReadersAsync(ResourceId primary, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<string>>("ReadReaders", () => [.. Readers]);

    public Task<BegunOperation> PromoteAsync(ResourceId replica, PostgresPromotion promotion, CancellationToken cancellationToken)
    {
        var now = Servers.GetValueOrDefault(replica);
        return BeginAsync(replica, $"promote {replica.Name} {promotion}", now is { Role: ReplicationRole.Replica }, () =>
            Servers[replica] = now! with { Role = ReplicationRole.Primary, Source = null }); // it is a replica
    }

    public Task<BegunOperation> RestoreAsync(ResourceId target, PostgresRestore restore, CancellationToken cancellationToken) =>
        BeginAsync(target, $"restore {target.Name} {(restore.IsElsewhere ? "elsewhere" : "here")}", !Servers.ContainsKey(target), () =>
            Servers[target] = new FlexibleServer("Ready", ReplicationRole.None, restore.Location, $"{target.Name}.example", null, null) { Tags = restore.Tags });

    public Task<BegunOperation> StopAsync(ResourceId server, CancellationToken cancellationToken) => PassAsync(server, "stop", "Ready", "Stopped");

    public Task<BegunOperation> StartAsync(ResourceId server, CancellationToken cancellationToken) => PassAsync(server, "start", "Stopped", "Ready");

    public Task<StorageAccess?> ReadAccessAsync(ResourceId account, CancellationToken cancellationToken) =>
        CallAsync("ReadAccess", () => Accesses.GetValueOrDefault(account));

    public Task SetAccessAsync(ResourceId account, StorageAccess access, CancellationToken cancellationToken) => CallAsync($"SetAccess {account.Name}", () =>
    {
        var now = Accesses[account];
        if (!IgnoresAccess && now != access with { PrivateEndpoints = now.PrivateEndpoints })
        {
            Accesses[account] = access with { PrivateEndpoints = now.PrivateEndpoints };
            effects.Add($"{(access.PublicNetworkAccess == "Disabled" ? "close" : "open")} {account.Name}");
        }

        return true;
    });

    Task<GeoAccount?> IStorageAccounts.ReadAsync(ResourceId account, CancellationToken cancellationToken) => CallAsync("ReadAccount", () => Accounts.GetValueOrDefault(account));

    Task<BegunOperation> IStorageAccounts.FailOverAsync(ResourceId account, bool planned, CancellationToken cancellationToken)
    {
        var now = Accounts.GetValueOrDefault(account);
        return BeginAsync(account, $"fail {account.Name} over {(planned ? "planned" : "unplanned")}", now is { SecondaryLocation: not null }, () =>
            Accounts[account] = now! with // it has a copy
            {
                PrimaryLocation = now!.SecondaryLocation!,
                SecondaryLocation = planned ? now.PrimaryLocation : null,
                Redundancy = planned ? now.Redundancy : "Standard_LRS",
            });
    }

    Task<SqlFailoverGroup?> ISqlFailoverGroups.ReadAsync(ResourceId group, CancellationToken cancellationToken) => CallAsync("ReadGroup", () => Groups.GetValueOrDefault(group));

    Task<BegunOperation> ISqlFailoverGroups.FailOverAsync(ResourceId group, bool allowDataLoss, CancellationToken cancellationToken)
    {
        var now = Groups.GetValueOrDefault(group);
        return BeginAsync(group, $"fail {group.Name} over {(allowDataLoss ? "forced" : "planned")}", now is { IsPrimary: false }, () => Groups[group] = now! with { IsPrimary = true }); // it is there
    }

    Task<Deployment?> IDeployments.ReadAsync(ResourceId deployment, CancellationToken cancellationToken) => CallAsync("ReadDeployment", () => Deployments.GetValueOrDefault(deployment));

    public Task<BegunOperation> BeginAsync(
        ResourceId deployment, DeploymentTemplate template, IReadOnlyDictionary<string, JsonElement> parameters, CancellationToken cancellationToken) =>
        BeginAsync(deployment, $"deploy {deployment.Name}", true, () =>
        {
            Deployed = (template, parameters);
            Deployments[deployment] = new Deployment(OperationState.Succeeded, "Succeeded", [deployment], null);
        });

    public Task CheckAsync(DeploymentTemplate template, IReadOnlyDictionary<string, JsonElement> parameters, CancellationToken cancellationToken) =>
        CallAsync("CheckTemplate", () => TemplateFailure is { } failure ? throw failure : true);

    private Task<BegunOperation> PassAsync(ResourceId server, string verb, string from, string to) =>
        BeginAsync(server, $"{verb} {server.Name}", Servers.GetValueOrDefault(server)?.State == from, () => Servers[server] = Servers[server] with { State = to });

    private Task<BegunOperation> BeginAsync(ResourceId resource, string effect, bool suits, Action end) => CallAsync($"begin {effect}", () =>
    {
        if (_operations.Any(each => each.Resource == resource && !each.IsOver))
        {
            throw new RecoveryException("ResourceBusy", $"{resource.Name} is busy.", isTransient: true, "wait");
        }

        if (!suits)
        {
            throw new RecoveryException("ResourceManagerRefused", $"'{effect}' does not suit {resource.Name}.", isTransient: false, "look");
        }

        effects.Add(effect);
        Begun[effect] = time.GetUtcNow();
        var poll = new OperationPoll(new Uri($"https://management.azure.com/operations/{_operations.Count}"), PollKind.Status);
        _operations.Add(new Operation(resource, poll, time.GetUtcNow() + Duration, end));
        return new BegunOperation(poll, null);
    });

    private Task<T> CallAsync<T>(string call, Func<T> effect) => interception.CallAsync(call, () =>
    {
        var now = time.GetUtcNow();
        foreach (var operation in _operations.Where(each => !each.IsOver && each.Due <= now).ToList())
        {
            operation.IsOver = true;
            operation.End();
        }

        return effect();
    });

    private sealed record Operation(ResourceId Resource, OperationPoll Poll, DateTimeOffset Due, Action End)
    {
        public bool IsOver { get; set; }
    }
}
