using Azure.Core;
using Azure.Storage.Blobs;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Cloud.Clocks;
using DrFunctions.Cloud.Documents;
using DrFunctions.Cloud.Events;
using DrFunctions.Cloud.Fences;
using DrFunctions.Cloud.HttpCalls;
using DrFunctions.Cloud.Probes;
using DrFunctions.Cloud.ResourceManager;
using DrFunctions.Cloud.ResourceManager.AppServicePlans;
using DrFunctions.Cloud.ResourceManager.Deployments;
using DrFunctions.Cloud.ResourceManager.Evaluation;
using DrFunctions.Cloud.ResourceManager.FlexibleServers;
using DrFunctions.Cloud.ResourceManager.Metrics;
using DrFunctions.Cloud.ResourceManager.Operations;
using DrFunctions.Cloud.ResourceManager.SqlFailoverGroups;
using DrFunctions.Cloud.ResourceManager.StorageAccounts;
using DrFunctions.Cloud.ResourceManager.TrafficManager;
using DrFunctions.Cloud.Settings;
using DrFunctions.Recovery.AppServicePlans;
using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.Deployments;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Evaluation.Permissions;
using DrFunctions.Recovery.Evaluation.Resources;
using DrFunctions.Recovery.Events;
using DrFunctions.Recovery.Fences.WriteLease;
using DrFunctions.Recovery.FlexibleServers;
using DrFunctions.Recovery.HttpCalls;
using DrFunctions.Recovery.Metrics;
using DrFunctions.Recovery.Operations;
using DrFunctions.Recovery.Probes;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.SqlFailoverGroups;
using DrFunctions.Recovery.StorageAccounts;
using DrFunctions.Recovery.WebApps;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace DrFunctions.Cloud;

/// <summary>Registers the adapters to the cloud.</summary>
public static class CloudServices
{
    /// <summary>The container of all documents, in the control account and in the mirror.</summary>
    public const string DocumentContainer = "drfunctions";

    /// <summary>
    /// Adds the document store, the outside probe, <see cref="BlobConnections"/> and every port to Resource Manager and Event Grid,
    /// all for the app's life; with <c>Dr__MirrorStorage</c> set the store is the <see cref="MirroredDocumentStore"/>, which is
    /// then also registered by its own type, for the minute tick's catch-up. <see cref="DocumentReplicas"/> are its places. Where the
    /// clock is a <see cref="StorageClock"/>, the control account's answers tell it the time. Reads the settings of docs/design.md,
    /// section 4, at once; sends nothing.
    /// </summary>
    /// <exception cref="Recovery.RecoveryException">
    /// Code <c>InvalidSettings</c>: the message names every setting with a mistake.
    /// </exception>
    public static IServiceCollection AddDrFunctionsCloud(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = CloudSettings.Read(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new ResourceManagerClient(settings.ResourceManager, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ITrafficManager, TrafficManagerAdapter>();
        services.AddSingleton<IWebApps, WebAppsAdapter>();
        services.AddSingleton<IOperations, OperationsAdapter>();
        services.AddSingleton<OperationFollower>();
        services.AddSingleton<IAppServicePlans, AppServicePlansAdapter>();
        services.AddSingleton<IFlexibleServers, FlexibleServersAdapter>();
        services.AddSingleton<IStorageAccounts, StorageAccountsAdapter>();
        services.AddSingleton<ISqlFailoverGroups, SqlFailoverGroupsAdapter>();
        services.AddSingleton<IMetrics, MetricsAdapter>();
        services.AddSingleton<TemplateBlobs>();
        services.AddSingleton<IDeployments, DeploymentsAdapter>();
        services.AddSingleton<IEventTopic>(new EventTopicAdapter(Setting));
        services.AddSingleton<IHttpCalls>(provider => new HttpCallsAdapter(Setting, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(new BlobConnections(Setting));
        services.AddSingleton<IWriteLeases, WriteLeaseBlobs>();
        services.AddSingleton<IResourceReader, ResourceReader>();
        services.AddSingleton<IPermissionReader, PermissionReader>();
        services.AddSingleton<IOutsideProbe>(provider => new OutsideProbe(settings.Resolvers, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IResolverProbe>(provider => new ResolverProbe(settings.Resolvers, provider.GetRequiredService<TimeProvider>()));
        return AddDocuments(services, settings);

        // Hosts that read the environment turn "__" into ":".
        string? Setting(string name) => configuration[name.Replace("__", ":", StringComparison.Ordinal)];
    }

    private static IServiceCollection AddDocuments(IServiceCollection services, CloudSettings settings)
    {
        services.AddSingleton(settings.Identity);
        services.AddSingleton<ControlAuthority>();
        if (settings.Mirror is not { } mirror)
        {
            services.AddSingleton<IDocumentStore>(provider => Documents(settings.Control, ControlOptions(provider.GetRequiredService<TimeProvider>())));
            return services.AddSingleton(provider => new DocumentReplicas([new("control", provider.GetRequiredService<IDocumentStore>())]));
        }

        services.AddSingleton(provider => new DocumentReplicas(
        [
            new("control", Documents(settings.Control, ControlOptions(provider.GetRequiredService<TimeProvider>()))),
            new("mirror", Documents(mirror, MirrorOptions())),
        ]));
        services.AddSingleton(provider => new MirroredDocumentStore(
            provider.GetRequiredService<DocumentReplicas>().All[0].Store,
            provider.GetRequiredService<DocumentReplicas>().All[1].Store,
            MirroredKeys.Contains,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MirroredDocumentStore>>(),
            provider.GetRequiredService<ControlAuthority>().RequireNowAsync));
        return services.AddSingleton<IDocumentStore>(provider => new ControlledDocuments(
            provider.GetRequiredService<MirroredDocumentStore>(), provider.GetRequiredService<ControlAuthority>()));
    }

    private static BlobDocumentStore Documents(StorageAccount account, BlobClientOptions options) =>
#pragma warning disable RS0030 // The composition root is where ids come from.
        new(account.Connect(options).GetBlobContainerClient(DocumentContainer), Guid.NewGuid);
#pragma warning restore RS0030

    /// <summary>Bounded, but patient enough for a storage fail-over within the region.</summary>
    private static BlobClientOptions ControlOptions(TimeProvider time)
    {
        var options = new BlobClientOptions
        {
            Retry =
            {
                NetworkTimeout = TimeSpan.FromSeconds(10),
                MaxRetries = 3,
                Delay = TimeSpan.FromMilliseconds(400),
                MaxDelay = TimeSpan.FromSeconds(4),
            },
        };
        if (time is StorageClock clock)
        {
            options.AddPolicy(new StorageClockPolicy(clock), HttpPipelinePosition.PerRetry);
        }

        return options;
    }

    /// <summary>Short: a write waits for the mirror, and the mirror may be in the region that is lost.</summary>
    private static BlobClientOptions MirrorOptions() => new()
    {
        Retry =
        {
            NetworkTimeout = TimeSpan.FromSeconds(2),
            MaxRetries = 1,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = TimeSpan.FromMilliseconds(400),
        },
    };
}
