using System.Text.Json;
using System.Text.Json.Nodes;
using DrFunctions.Recovery.Deployments;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Deploy;

/// <summary>The kind of <see cref="DeployStep"/>.</summary>
internal sealed class DeployStepKind : StepKind<DeployStep, DeployRunner>
{
    private static readonly StepField Group = StepField.Text(
        "resourceGroup",
        "The resource group.",
        200,
        @"^/subscriptions/[0-9A-Za-z-]{1,64}/resourceGroups/[-A-Za-z0-9_.()]{1,90}$",
        "the id of a resource group: /subscriptions/{id}/resourceGroups/{name}");

    private static readonly StepField Connection = StepField.Setting("connection", "The app setting of the storage account that holds the template.").Optional();

    private static readonly StepField Container = StepField.Text(
        "container", "The container that holds the template.", 63, "^[a-z0-9](-?[a-z0-9]){2,62}$", "a container's name").Optional();

    private static readonly StepField Path = StepField.Text("path", "The template's blob.", 900).Optional();

    private static readonly StepField Link =
        StepField.Url("link", "Instead of the three: an https address without a secret, from which Resource Manager itself reads the template.").Optional();

    private static readonly StepField Parameters = StepField.Table(
        "parameters",
        "The template's parameters, never a secret. `5` is a number, `true` a boolean, `\"5\"` text; lists and maps are arrays and objects. Text is converted where a blob's template declares another type.",
        StepField.Json("value", "The value.", 4000)).Optional();

    private static readonly StepField Actions = StepField.List(
        "actions",
        "Rights that the template's resources need, such as Microsoft.Web/sites/write, for the generated role.",
        StepField.Text("action", "An operation.", 200, @"^[A-Za-z.]+/[A-Za-z./]+$", "an operation such as Microsoft.Web/sites/write")).Optional();

    public override string Name => "deploy";

    public override string Summary => "Deploys a template to a resource group, always incrementally: what it does not name stays.";

    public override string UndoSummary => "Leaves what was deployed to whoever deletes it.";

    public override TimeSpan UsualTimeout => TimeSpan.FromHours(1);

    public override IReadOnlyList<StepField> Fields { get; } = [Group, Connection, Container, Path, Link, Parameters, Actions];

    public override RunbookStep Build(StepFieldValues values) => new DeployStep(
        values.Name,
        values.Timeout,
        values.Get<string>(Group.Name),
        Template(values),
        (values.Find<IReadOnlyDictionary<string, object>>(Parameters.Name) ?? new Dictionary<string, object>()).ToDictionary(each => each.Key, each => (JsonElement)each.Value),
        values.Has(Actions.Name) ? values.List<string>(Actions.Name) : []);

    protected override TimeSpan Estimate(DeployStep step, WorkloadPlan plan) => TimeSpan.FromMinutes(10);

    protected override StepEffect Effect(DeployStep step) => StepEffect.Reversible;

    protected override IEnumerable<RequiredPermission> Permissions(DeployStep step, WorkloadPlan plan)
    {
        string[] always =
        [
            "Microsoft.Resources/deployments/read", "Microsoft.Resources/deployments/write", "Microsoft.Resources/deployments/operationStatuses/read",
            "Microsoft.Resources/subscriptions/resourceGroups/read",
        ];
        var rights = always.Concat(step.Actions).Select(action => new RequiredPermission(action, step.ResourceGroup));
        return step.Template.Blob is { } blob
            ? rights.Append(new RequiredPermission("Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read", blob.Connection, PermissionKind.StorageData))
            : rights;
    }

    protected override string Describe(DeployStep step, WorkloadPlan plan) =>
        $"deploy {step.Template.Path ?? step.Template.Link?.AbsoluteUri} to the resource group {GroupName(step)}";

    protected override IEnumerable<string> AzCommands(DeployStep step, WorkloadPlan plan)
    {
        var parameters = string.Concat(step.Parameters.Select(each => " " + ShellWord.Quote(Parameter(each.Key, TextOf(each.Value)))));
        var subscription = step.ResourceGroup.Split('/')[2];
        var deploy = $"az deployment group create --mode Incremental --subscription {ShellWord.Quote(subscription)} --resource-group {ShellWord.Quote(GroupName(step))} "
            + $"{(step.Template.Link is { } link ? $"--template-uri {ShellWord.Quote(link.AbsoluteUri)}" : "--template-file template.json")}"
            + $"{(parameters.Length > 0 ? $" --parameters{parameters}" : "")}";
        return step.Template.Blob is { } blob
            ?
            [
                Download(blob, step.Template.Path!), // a blob has a path
                deploy,
            ]
            : [deploy];
    }

    // az converts KEY=VALUE to the type that the template wants, but reads a file where the value begins with '@'. That one is a text in
    // any case, so that it may as well stand in JSON, where the sign can be written otherwise.
    private static string Parameter(string key, string value) => value.StartsWith('@')
        ? new JsonObject { [key] = new JsonObject { ["value"] = value } }.ToJsonString().Replace("@", "\\u0040", StringComparison.Ordinal)
        : $"{key}={value}";

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText(); // a string has one

    // A blob's name may begin with '@', too; '@-' is what az reads from its input, to the letter.
    private static string Download(BlobContainer blob, string path)
    {
        var (before, name) = path.StartsWith('@') ? ($"printf '%s' {ShellWord.Quote(path)} | ", "@-") : ("", ShellWord.Quote(path));
        return $"{before}az storage blob download --connection-string \"${blob.Connection}\" --container-name {ShellWord.Quote(blob.Container)} --name {name} --file template.json";
    }

    private static string GroupName(DeployStep step) => step.ResourceGroup.Split('/')[^1];

    private static DeploymentTemplate Template(StepFieldValues values)
    {
        string[] blob = [Connection.Name, Container.Name, Path.Name];
        var missing = blob.Where(name => !values.Has(name)).ToList();
        if (values.Has(Link.Name) ? missing.Count < blob.Length : missing.Count > 0)
        {
            values.Report("", values.Has(Link.Name)
                ? "has a link and a blob; expected either link, or connection, container and path."
                : $"has no {string.Join(" and no ", missing)}; expected connection, container and path, or link.");
        }

        if (values.Find<Uri>(Link.Name) is { } link && link.Scheme != Uri.UriSchemeHttps)
        {
            values.Report(Link.Name, $"is '{link}'; expected an https address.");
        }

        return values.Has(Link.Name) || missing.Count > 0
            ? new DeploymentTemplate(null, null, values.Find<Uri>(Link.Name))
            : new DeploymentTemplate(
                new BlobContainer(values.Get<string>(Connection.Name), values.Get<string>(Container.Name)), values.Get<string>(Path.Name), null);
    }
}
