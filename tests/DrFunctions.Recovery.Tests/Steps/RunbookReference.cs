using System.Globalization;
using System.Text;
using DrFunctions.Recovery.Fences;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Recovery.Tests.Steps;

/// <summary>Writes docs/runbooks.md from the catalog.</summary>
internal static class RunbookReference
{
    private const string Beginning = """
        # Runbooks

        A runbook is a list of steps; each is a map with one key, its kind. Every step also takes `name` (default: its kind; unique in
        the runbook), `timeout` (all attempts together, at most 1d) and `drill` (whether a drill does it, or only looks whether it
        could). This page is made from the code; a test holds it.

        ```yaml
        runbooks:
          failover:
            - approval: { question: "Leave West Europe?", required: 2 }
            - fence: { region: primary }
            - parallel:
                - restore: { store: files, region: secondary }
                - notify: { topic: OPS_TOPIC, message: "West Europe is fenced" }
            - startWebApp: { region: secondary }
            - runbook: { name: route }
          route:
            - fence: { region: primary }
            - shiftTraffic: { to: secondary }
            - prove: { region: secondary, timeout: 5m }
        ```

        *Groups.* The steps of `parallel` begin together, and the next one begins when all have ended. Steps of which one must end before
        the other begins (a fence and the traffic, a restore and the app's start) are refused in one group; so are groups and runbooks in
        a group.

        *Runbooks in runbooks.* The steps of `runbook: { name }` stand in its place, their names behind `{name}/` (or `{prefix}/`, where
        one is put in twice). A runbook keeps all rules by itself, since anyone may start it; one that leads back to itself is refused; a
        runbook has at most 100 steps, those of the others included.

        *Calls.* `http` reaches only hosts that the plan allows: `http: { allow: [{ host: hooks.example.org }] }`. A host may have an
        address that is not public only where it says `private: true`; link-local addresses and Azure's own are never called. Secrets stand
        in app settings, which `headers` name.

        *Time.* A runbook that moves users and by its own words (`wait`, `probe`, a fence that waits) takes longer than the RTO is refused.
        Estimates are for `dr plan advise`.

        *Returns.* A runbook that moves users to the primary, or in active-active leads them back to either region, first sees that region
        healthy several times in a row, after it was started: `probe: { region: primary, times: 3 }`, or more times. Where only one region
        writes, the data comes home before: `takeBackup` behind the secondary's fence, then `restore` in the primary.

        *Rights.* `dr plan roles shop` writes the custom roles that the app's identity needs for all runbooks of a plan, and on what.

        """;

    private const string Fences = """
        Every store of a plan names its fence: a word (`fence: stop-web-app`) or a map (`fence: { kind: write-lease, … }`). The step `fence`
        carries out those of all stores, side by side, and is done only when each is confirmed; one that fails keeps everything behind it
        from going on, unless a named person skips it with an override. A kind that does not suit its store, or that makes a later step
        impossible, is refused when the plan is applied.

        """;

    private const string Lease = """
        *What the application does for a `write-lease`.* It makes the record once, before its writers start:
        `{ "schema": 1, "epoch": 0, "holder": "westeurope", "leaving": "", "ttlSeconds": 30 }`. From then on only fences change it. A writer
        reads the blob and, if `holder` is its own region, may write until `ttlSeconds` after the moment *before it sent that read*, by its
        own monotonic clock (never the wall clock); it reads again well before, say every third of that time. A read that fails, or that
        names another region or none, renews nothing. A writer whose time is over stops, also in the middle of a batch. It presents the
        record's `epoch` with what it writes wherever the store can refuse a lower one than it has seen (a column that is compared in the
        same transaction, a blob's metadata under If-Match): that also stops a write that was sent in time and arrives late.

        """;

    public static string Text()
    {
        var text = new StringBuilder(Beginning);
        text.Append("\n## Kinds\n\n| kind | effect | undo |\n|---|---|---|\n");
        foreach (var kind in StepKindCatalog.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| [`{kind.Name}`](#{kind.Name.ToLowerInvariant()}) | {Effect(kind)} | {kind.UndoSummary} |\n");
        }

        foreach (var kind in StepKindCatalog.All)
        {
            Append(text, kind);
        }

        text.Append("\n## Fences\n\n").Append(Fences).Append("\n| kind | what confirms it |\n|---|---|\n");
        foreach (var kind in FenceCatalog.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{kind.Name}` | {kind.Summary} |\n");
        }

        foreach (var kind in FenceCatalog.All.Where(kind => kind.Fields.Count > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n### {kind.Name}\n\n| field | is | meaning |\n|---|---|---|\n| `kind` | `{kind.Name}` | The fence. |\n");
            foreach (var field in kind.Fields)
            {
                Append(text, field, "");
            }
        }

        return text.Append('\n').Append(Lease).ToString();
    }

    private static void Append(StringBuilder text, StepKind kind)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {kind.Name}\n\n{kind.Summary}\n\n| field | is | meaning |\n|---|---|---|\n");
        foreach (var field in kind.Fields)
        {
            Append(text, field, "");
        }

        var sample = Sample(kind);
        text.Append(CultureInfo.InvariantCulture, $"\n*Timeout*: default {Words(kind)}, at least {Duration(kind.LeastTimeout)}. *Effect*: {Effect(kind)}. *Undo*: {kind.UndoSummary}\n");
        text.Append(CultureInfo.InvariantCulture, $"*Drill*: {(kind.RunsInDrill(sample) ? "done" : "looked at only")}.");
        text.Append(kind.WhyNotRepeatable(sample) is { } why ? $" *Not repeatable*: {why}.\n" : "\n");
        var rights = kind.Permissions(sample, SampleSteps.Plan).Select(one => $"`{one.Action}`").Distinct().ToList();
        text.Append(CultureInfo.InvariantCulture, $"*Rights*: {(rights.Count == 0 ? "none of Resource Manager's" : string.Join(", ", rights))}.\n");
    }

    private static void Append(StringBuilder text, StepField field, string prefix)
    {
        var need = field.IsForRetry ? "; in a retry only" : field.IsRequired ? "" : field.Default is { } standard ? $"; default {standard}" : "; optional";
        text.Append(CultureInfo.InvariantCulture, $"| `{prefix}{field.Name}` | {Type(field)}{need} | {field.Summary} |\n");
        foreach (var inner in field.Fields)
        {
            Append(text, inner, $"{prefix}{field.Name}.");
        }
    }

    private static string Type(StepField field) => field.Type switch
    {
        StepFieldType.Role => "`primary` or `secondary`",
        StepFieldType.Store => "a store's name",
        StepFieldType.Setting => "an app setting's name",
        StepFieldType.Resource => field.ResourceType is { } type ? $"the id of a `{type}`" : "a resource id",
        StepFieldType.Duration => $"{Duration(field.LeastDuration)} to {Duration(field.MostDuration)}",
        StepFieldType.Url => "a URL without query",
        StepFieldType.Tcp => "`tcp://host:port`",
        StepFieldType.Text => string.Create(CultureInfo.InvariantCulture, $"{field.Expected ?? "text"}, at most {field.Most} characters"),
        StepFieldType.Json => string.Create(CultureInfo.InvariantCulture, $"text, numbers, `true` or `false`, lists and maps, at most {field.Most} characters each"),
        StepFieldType.Number => string.Create(CultureInfo.InvariantCulture, $"{field.Least} to {field.Most}"),
        StepFieldType.Boolean => "`true` or `false`",
        StepFieldType.Choice => string.Join(", ", field.Choices.Select(choice => $"`{choice}`")),
        StepFieldType.List => $"a list, each {Type(field.Item!)}", // A list has an item.
        StepFieldType.Map => "a map",
        StepFieldType.Table => $"a map of names to {Type(field.Item!)}", // A table has an item.
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.Type, "This type of field has no words yet."),
    };

    private static string Words(StepKind kind) =>
        kind.GetType().GetMethod(nameof(StepKind.UsualTimeoutOf))!.DeclaringType == typeof(StepKind) // Every kind has it.
            ? Duration(kind.UsualTimeout)
            : "5m longer than what it waits for";

    private static string Effect(StepKind kind) => kind.Effect(Sample(kind)) switch
    {
        StepEffect.ReadOnly => "none",
        StepEffect.Reversible => "reversible",
        _ => kind.IsPointOfNoReturn(Sample(kind)) ? "irreversible, a point of no return" : "irreversible",
    };

    private static RunbookStep Sample(StepKind kind) => SampleSteps.All.First(step => step.GetType() == kind.StepType);

    private static string Duration(TimeSpan time) => time switch
    {
        _ when time.Ticks % TimeSpan.TicksPerDay == 0 => string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / TimeSpan.TicksPerDay}d"),
        _ when time.Ticks % TimeSpan.TicksPerHour == 0 => string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / TimeSpan.TicksPerHour}h"),
        _ when time.Ticks % TimeSpan.TicksPerMinute == 0 => string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / TimeSpan.TicksPerMinute}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s"),
    };
}
