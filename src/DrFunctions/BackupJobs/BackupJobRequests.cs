using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;
using DrFunctions.App.Http;
using DrFunctions.App.Runs;
using DrFunctions.Backup;
using DrFunctions.Cloud.Blobs;
using DrFunctions.Recovery.Workloads;
using Microsoft.AspNetCore.Mvc;

namespace DrFunctions.App.BackupJobs;

/// <summary>Reads what a job is asked for, against the plan. Every mistake names the field, the value and what was expected.</summary>
public sealed partial class BackupJobRequests(BlobConnections connections)
{
    private static readonly string Kinds = string.Join(", ", Enum.GetNames<BackupJobKind>().Select(name => $"'{name.ToLowerInvariant()}'"));

    /// <summary>Whether a text may be a job's id.</summary>
    public static bool IsId(string text) => IdShape().IsMatch(text);

    internal bool TryRead(BackupJobBody body, WorkloadPlan plan, [NotNullWhen(true)] out BackupJobRequest? request, [NotNullWhen(false)] out IActionResult? refusal)
    {
        request = null;
        refusal = Mistake(body, plan) is { } mistake ? ApiResult.BadRequest("FieldInvalid", mistake) : null;
        if (refusal is null)
        {
            request = new BackupJobRequest(
                KindOf(body.Kind)!.Value, // No mistake.
                body.Policy!, // As before.
                body.Region,
                body.Snapshot,
                body.At,
                body.Target is { } target ? new BlobContainer(target.Connection!, target.Container!) : null, // As before.
                body.UseSource,
                body.DryRun);
            return true;
        }

        return false;
    }

    private string? Mistake(BackupJobBody body, WorkloadPlan plan)
    {
        if (body.Kind == "prune")
        {
            return "kind: 'prune' is no job: the app prunes by the plan's retention, and 'dr backup prune' at once.";
        }

        if (KindOf(body.Kind) is not { } kind)
        {
            return $"kind: '{RunAnswers.Shown(body.Kind)}', expected one of {Kinds}.";
        }

        if (plan.Backups.All(policy => policy.Name != body.Policy))
        {
            return $"policy: '{RunAnswers.Shown(body.Policy)}', expected one of {Quoted(plan.Backups.Select(policy => policy.Name))}.";
        }

        string[] regions = [plan.Primary.Name, plan.Secondary.Name];
        return body.Region is { } region && !regions.Contains(region) ? $"region: '{RunAnswers.Shown(region)}', expected {Quoted(regions)}, or nothing for where users are."
            : body.IdempotencyKey is { } key && !KeyShape().IsMatch(key) ? "idempotencyKey: expected 1 to 64 of A-Z, a-z, 0-9, '-' and '_'."
            : kind == BackupJobKind.Run && body.Region is not null ? Only("region", "'check', 'copy', 'restore' or 'repair': a backup is of where users are")
            : kind != BackupJobKind.Restore && body.Snapshot is not null ? Only("snapshot", "'restore'")
            : kind != BackupJobKind.Restore && body.At is not null ? Only("at", "'restore'")
            : kind != BackupJobKind.Restore && body.Target is not null ? Only("target", "'restore'")
            : kind != BackupJobKind.Repair && body.UseSource ? Only("useSource", "'repair'")
            : kind != BackupJobKind.Repair && body.DryRun ? Only("dryRun", "'repair'")
            : kind == BackupJobKind.Restore ? MistakeOfRestore(body, plan)
            : null;
    }

    private string? MistakeOfRestore(BackupJobBody body, WorkloadPlan plan)
    {
        if (body.Snapshot is { } id && !SnapshotShape().IsMatch(id))
        {
            return $"snapshot: '{RunAnswers.Shown(id)}', expected a snapshot's id: 1 to 200 of A-Z, a-z, 0-9, '.', '_' and '-'.";
        }

        if (body.Snapshot is not null && body.At is not null)
        {
            return "at: given beside snapshot, expected one of the two.";
        }

        // Only accounts that the plan names: who may start a job must not reach others by the names of settings.
        var own = Places(plan).ToList();
        var names = own.Select(place => place.Connection).Distinct(StringComparer.Ordinal).ToList();
        if (body.Target is not { Connection: { } connection, Container: { } container } || !names.Contains(connection))
        {
            return $"target.connection: '{RunAnswers.Shown(body.Target?.Connection)}', expected one of {Quoted(names)}.";
        }

        if (!ContainerShape().IsMatch(container))
        {
            return $"target.container: '{RunAnswers.Shown(container)}', expected 3 to 63 of a-z, 0-9 and '-', each '-' between two others.";
        }

        try
        {
            // By address: two settings may name one account.
            var target = connections.Container(connection, container).Uri;
            return own.Exists(place => connections.Container(place).Uri == target)
                ? $"target.container: '{container}' is a store or a repository of the plan, expected one that is empty or not there. Stores are restored by runbooks."
                : null;
        }
        catch (BackupException unknown)
        {
            return $"target.connection: {unknown.Message}";
        }
    }

    private static IEnumerable<BlobContainer> Places(WorkloadPlan plan) => plan.Containers.SelectMany(store => new[] { store.Primary, store.Secondary })
        .Concat(new[] { plan.Primary.Repository, plan.Secondary.Repository }.OfType<BlobContainer>());

    private static BackupJobKind? KindOf(string? text) => text switch
    {
        "run" => BackupJobKind.Run,
        "check" => BackupJobKind.Check,
        "copy" => BackupJobKind.Copy,
        "restore" => BackupJobKind.Restore,
        "repair" => BackupJobKind.Repair,
        _ => null,
    };

    private static string Only(string field, string kinds) => $"{field}: given, expected with the kind {kinds} only.";

    private static string Quoted(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"'{name}'"));

    [GeneratedRegex(@"^[0-9]{17}-[0-9a-f]{8}\z", RegexOptions.CultureInvariant)]
    private static partial Regex IdShape();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex KeyShape();

    [GeneratedRegex(@"^[A-Za-z0-9_-][A-Za-z0-9._-]{0,199}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SnapshotShape();

    [GeneratedRegex(@"^(?=.{3,63}\z)[a-z0-9]+(-[a-z0-9]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex ContainerShape();
}
