using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>The backup policies as far as they could be read, and the stores that some policy names.</summary>
internal sealed record BackupsSection(IReadOnlyList<BackupPolicy> Policies, IReadOnlyCollection<string> Stores, bool IsComplete)
{
    private static readonly TimeSpan LeastFullEvery = TimeSpan.FromDays(1);
    private static readonly TimeSpan MostFullEvery = TimeSpan.FromDays(365);
    private static readonly TimeSpan LeastWindow = TimeSpan.FromDays(1);
    private static readonly TimeSpan MostWindow = TimeSpan.FromDays(3650);

    public static BackupsSection Read(Field? field, StoresSection stores, TimeSpan? rpo)
    {
        var names = new UniqueNames();
        var policies = new List<BackupPolicy>();
        var items = field?.List() ?? [];
        foreach (var item in items)
        {
            if (item.Map(PlanKeys.Backup) is { } fields && ReadPolicy(fields, names, stores, rpo) is { } policy)
            {
                policies.Add(policy);
            }
        }

        return new BackupsSection(
            policies,
            policies.Select(policy => policy.Store).ToHashSet(StringComparer.Ordinal),
            items.Count > 0 && items.Count == policies.Count);
    }

    private static BackupPolicy? ReadPolicy(FieldMap fields, UniqueNames names, StoresSection stores, TimeSpan? rpo)
    {
        var name = Names.Name(fields["name"]);
        names.Add(name, fields["name"]);
        var store = stores.ReferContainer(fields["store"]);
        var schedule = ScheduleReader.Read(fields["schedule"], rpo);
        var zone = fields["timeZone"] is { } written ? Zones.Read(written) : TimeZoneInfo.Utc;
        var kind = fields["kind"] is { } chosen ? chosen.OneOf(Choices.BackupKinds) : BackupKind.Incremental;
        var fullEvery = fields["fullEvery"] is { } given ? given.Duration(LeastFullEvery, MostFullEvery) : BackupPolicy.UsualFullEvery;
        var test = ReadRestoreTest(fields["restoreTest"]);
        var retention = RetentionSection.Read(fields["retention"]);
        if (kind == BackupKind.Full && fields["fullEvery"] is { } needless)
        {
            needless.Report("is given though kind is full; expected it only of incremental or differential backups.");
            return null;
        }

        return name is null || store is null || schedule is null || zone is null || kind is null || fullEvery is null
            || (test is null && fields["restoreTest"] is not null)
            || (retention is null && fields["retention"] is not null)
            ? null
            : new BackupPolicy(name, store, schedule, zone) { Kind = kind.Value, FullEvery = fullEvery.Value, RestoreTest = test, Retention = retention };
    }

    private static RestoreTestPolicy? ReadRestoreTest(Field? field)
    {
        if (field?.Map(PlanKeys.RestoreTest) is not { } fields)
        {
            return null;
        }

        var schedule = ScheduleReader.Read(fields["schedule"], null);
        var zone = fields["timeZone"] is { } written ? Zones.Read(written) : TimeZoneInfo.Utc;
        var window = fields["window"] is { } given ? given.Duration(LeastWindow, MostWindow) : RestoreTestPolicy.UsualWindow;
        return schedule is null || zone is null || window is null ? null : new RestoreTestPolicy(schedule, zone, window.Value);
    }
}
