using System.Security.Cryptography;
using DrFunctions.App.BackupJobs;
using DrFunctions.App.Backups;
using DrFunctions.App.Clocks;
using DrFunctions.App.Control;
using DrFunctions.App.Drills;
using DrFunctions.App.Evaluation;
using DrFunctions.App.Http;
using DrFunctions.App.Incidents;
using DrFunctions.App.Limits;
using DrFunctions.App.People;
using DrFunctions.App.RestoreTests;
using DrFunctions.App.Retention;
using DrFunctions.App.Runs;
using DrFunctions.App.Telemetry;
using DrFunctions.Backup;
using DrFunctions.Cloud;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Cloud.Clocks;
using DrFunctions.Plans.Store;
using DrFunctions.Recovery.Approvals;
using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Drills;
using DrFunctions.Recovery.Evaluation;
using DrFunctions.Recovery.Evaluation.Permissions;
using DrFunctions.Recovery.Evaluation.Replication;
using DrFunctions.Recovery.Evaluation.Resources;
using DrFunctions.Recovery.Events;
using DrFunctions.Recovery.Evidence;
using DrFunctions.Recovery.Fences;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Journal;
using DrFunctions.Recovery.Locks;
using DrFunctions.Recovery.People;
using DrFunctions.Recovery.Routing;
using DrFunctions.Recovery.Routing.Lint;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Signals;
using DrFunctions.Recovery.Signals.Unreadable;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.BackUp;
using DrFunctions.Recovery.Workloads;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DrFunctions.App;

/// <summary>Puts the app together. The same composition runs on Azure, on one machine and in tests.</summary>
internal static class AppProgram
{
    public static FunctionsApplicationBuilder CreateBuilder(string[] args)
    {
        var builder = FunctionsApplication.CreateBuilder(args);
        builder.ConfigureFunctionsWebApplication();
        builder.UseWhen<AccessMiddleware>(AccessMiddleware.Concerns);
        builder.UseWhen<ControlMiddleware>(ControlMiddleware.Concerns);
        var services = builder.Services;
        TelemetryExport.Add(services, builder.Configuration);
        services.AddSingleton<TimeProvider>(new StorageClock(TimeProvider.System));
        services.AddSingleton(RandomNumberGenerator.Create());
        services.AddDrFunctionsCloud(builder.Configuration);
        services.AddSingleton<ControlTakeover>();
        services.AddSingleton<ControlSilence>();
        services.AddSingleton<ControlWatch>();
        services.AddHostedService<ClockWatch>();
        services.AddSingleton(AccessSettings.Read(builder.Configuration));
        services.AddSingleton<Authenticator>();
        services.AddSingleton<RequestLimits>();
        services.AddSingleton(new DeclaredRoles(typeof(AppProgram).Assembly));
        services.AddSingleton<DecisionLog>();
        services.AddSingleton<ApprovalDesk>();

        services.AddSingleton<PlanStore>();
        services.AddSingleton<PlanIndex>();
        services.AddSingleton<IPlanSource>(provider => provider.GetRequiredService<PlanStore>());
        services.AddSingleton<WorkloadLocks>();
        services.AddSingleton<WorkloadStates>();
        services.AddSingleton<SignalLog>();
        services.AddSingleton<SignalRetention>();
        services.AddSingleton<UnreadableIncidents>();
        services.AddSingleton<AlertIntake>();
        services.AddSingleton<IncidentLog>();
        services.AddSingleton<IncidentEndings>();
        services.AddSingleton<IncidentWaker>();
        services.AddSingleton<IncidentRetention>();
        services.AddSingleton<IncidentOpinions>();
        services.AddSingleton<IncidentSight>();
        services.AddSingleton<IncidentDesk>();
        services.AddSingleton<IncidentReopening>();
        services.AddSingleton<PrimaryWatch>();
        services.AddSingleton<ILagSource, BackupCopyLag>();
        services.AddSingleton<ILagSource, StorageSyncLag>();
        services.AddSingleton<ILagSource, PostgresReplicationLag>();
        services.AddSingleton<ILagSource, SqlReplicationLag>();
        services.AddSingleton<LagHistory>();
        services.AddSingleton<LagSampler>();
        services.AddSingleton<ProfileClaims>();
        services.AddSingleton<RunJournal>();
        services.AddSingleton<RunExecution>();
        services.AddSingleton<EvidenceArchive>();
        services.AddSingleton<RunHistory>();
        services.AddSingleton<StepNotes>();
        services.AddSingleton<RunForecast>();
        services.AddSingleton<LateRuns>();
        services.AddSingleton<DecisionLog>();
        services.AddSingleton<RunPreview>();
        foreach (var kind in FenceCatalog.All)
        {
            services.AddSingleton(typeof(FenceWorker), kind.WorkerType);
        }

        foreach (var kind in StepKindCatalog.All)
        {
            services.AddSingleton(typeof(StepRunner), kind.RunnerType);
        }

        services.AddSingleton(provider => new BackupEngine(time: provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<StoreLocations>();
        services.AddSingleton<IStoreRestore, BlobStoreRestore>();
        services.AddSingleton<IStoreBackup, BlobStoreBackup>();
        services.AddSingleton<BackupLog>();
        services.AddSingleton<BackupStarts>();
        services.AddSingleton<LateCopies>();
        services.AddSingleton<NoticeOutbox>();
        services.AddSingleton<BackupStatusReader>();
        services.AddSingleton(new BackupSlots(builder.Configuration));
        services.AddSingleton(FunctionTimeout.Read(builder.Configuration, Path.Combine(AppContext.BaseDirectory, "host.json")));

        services.AddSingleton<ScratchContainers>();
        services.AddSingleton<RestoreTestLog>();
        services.AddSingleton<RestoreTestActivities>();
        services.AddSingleton<RestoreTestStarts>();

        services.AddSingleton<PruneLog>();
        services.AddSingleton<PruneScopes>();
        services.AddSingleton<PruneActivities>();
        services.AddSingleton<PruneStarts>();
        services.AddSingleton<PruneStatusReader>();

        services.AddSingleton<RestoreContainers>();
        services.AddSingleton<BackupJobLog>();
        services.AddSingleton<CheckLog>();
        services.AddSingleton<BackupJobStarts>();
        services.AddSingleton<BackupJobRequests>();

        services.AddSingleton<DrillLog>();
        services.AddSingleton<DrillStarts>();
        services.AddSingleton<EvaluationLog>();
        services.AddSingleton<PlanEvaluator>();
        services.AddSingleton<IPlanCheck, RuleCheck>();
        services.AddSingleton<IPlanCheck, ResourceCheck>();
        services.AddSingleton<IPlanCheck, PermissionCheck>();
        services.AddSingleton<IPlanCheck, TrafficCheck>();
        services.AddSingleton<IPlanCheck, ReplicationCheck>();
        services.AddSingleton<IPlanCheck, PrecheckCheck>();
        services.AddSingleton<IPlanCheck, BackupCheck>();
        services.AddSingleton<IPlanCheck, RestoreTestCheck>();
        services.AddSingleton<IPlanCheck, PruneCheck>();
        services.AddSingleton<IPlanCheck, DrillCheck>();
        services.AddSingleton<IPlanCheck, OverdueDrillCheck>();

        services.AddSingleton<RunIds>();
        services.AddSingleton<ApiErrors>();
        return builder;
    }
}
