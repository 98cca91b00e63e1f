using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.Http;

/// <summary>The kind of <see cref="HttpStep"/>.</summary>
internal sealed class HttpStepKind : StepKind<HttpStep, HttpRunner>
{
    private const string HeaderShape = "^[A-Za-z0-9-]{1,60}$";
    private const string HeaderExpected = "a header's name, 1 to 60 letters, digits and '-'";

    // What says how a message is sent is not the plan's to choose.
    private static readonly string[] OwnHeaders =
        ["Host", "Content-Length", "Content-Type", "Transfer-Encoding", "Connection", "Upgrade", "Expect", "TE", "Trailer", "Proxy-Authorization"];

    private static readonly StepField Url = StepField.Url("url", "What is called; its host must stand in the plan's http.allow.");
    private static readonly StepField Method = StepField.Choice("method", "The method.", "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE").Optional("POST");

    private static readonly StepField Headers = StepField.Table(
        "headers", "Headers, each with the name of the app setting that holds its value.", StepField.Setting("setting", "An app setting's name."), 20).Optional();

    private static readonly StepField Body = StepField.Text("body", "What is sent; never a secret.", 16_000).Optional();

    private static readonly StepField ContentType = StepField.Text(
        "contentType", "The body's type.", 100, "^[a-z]+/[A-Za-z0-9.+-]+$", "a media type, such as application/json").Optional("application/json");

    private static readonly StepField Expect = StepField.List(
        "expect", "The statuses that are good.", StepField.Number("status", "A status.", 100, 599), 20).Optional("200, 201, 202, 204");

    private static readonly StepField KeyHeader = StepField.Text(
        "keyHeader", "The header that carries the same key with each attempt, by which the service tells repetitions.", 60, HeaderShape, HeaderExpected).Optional("Idempotency-Key");

    public override string Name => "http";

    public override string Summary =>
        "Calls a service whose host the plan allows; follows no redirect, and reaches no private address unless the plan says so for that host.";

    public override string UndoSummary => "None: what the service did stays.";

    public override IReadOnlyList<StepField> Fields { get; } = [Url, Method, Headers, Body, ContentType, Expect, KeyHeader];

    // What the service did stays; what the run did before can still be undone.
    public override bool IsPointOfNoReturn(RunbookStep step) => false;

    public override RunbookStep Build(StepFieldValues values)
    {
        var headers = values.Find<IReadOnlyDictionary<string, object>>(Headers.Name) ?? new Dictionary<string, object>();
        var step = new HttpStep(values.Name, values.Timeout, values.Get(Method.Name, "POST"), values.Get<Uri>(Url.Name))
        {
            Headers = headers.ToDictionary(pair => pair.Key, pair => (string)pair.Value),
            Body = values.Find<string>(Body.Name),
            ContentType = values.Get(ContentType.Name, "application/json"),
            Expect = values.Has(Expect.Name) ? values.List<int>(Expect.Name) : [200, 201, 202, 204],
            KeyHeader = values.Get(KeyHeader.Name, "Idempotency-Key"),
        };
        foreach (var name in step.Headers.Keys)
        {
            if (!System.Text.RegularExpressions.Regex.IsMatch(name, @"\A[A-Za-z0-9-]{1,60}\z"))
            {
                values.Report(Headers.Name, $"has a header that is no header's name; expected {HeaderExpected}.");
            }
            else if (OwnHeaders.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                values.Report(Headers.Name, $"has {name}, which the call sets itself; expected another header.");
            }
        }

        if (step.IsRead && step.Body is not null)
        {
            values.Report(Body.Name, $"is sent with {step.Method}, which has none; expected no body, or another method.");
        }

        if (OwnHeaders.Contains(step.KeyHeader, StringComparer.OrdinalIgnoreCase))
        {
            values.Report(KeyHeader.Name, $"is {step.KeyHeader}, which the call sets itself; expected another header.");
        }

        return step;
    }

    protected override IEnumerable<string> Mistakes(HttpStep step, WorkloadPlan plan)
    {
        if (!plan.HttpHosts.Any(host => host.IsOf(step.Url)))
        {
            yield return $"calls the host '{step.Url.IdnHost}', which the plan does not allow; expected it in http.allow.";
        }
    }

    protected override TimeSpan Estimate(HttpStep step, WorkloadPlan plan) => TimeSpan.FromSeconds(5);

    protected override StepEffect Effect(HttpStep step) => step.IsRead ? StepEffect.ReadOnly : StepEffect.Irreversible;

    protected override string? WhyNotRepeatable(HttpStep step) => step.IsRead || step.Method is "PUT" or "DELETE"
        ? null
        : $"when an answer is lost, {step.Method} is sent again; only a service that reads {step.KeyHeader} does the work once";

    protected override IEnumerable<RequiredPermission> Permissions(HttpStep step, WorkloadPlan plan) => [];

    protected override string Describe(HttpStep step, WorkloadPlan plan) =>
        $"{step.Method} {step.Url} and expect {string.Join(", ", step.Expect)}";

    protected override IEnumerable<string> AzCommands(HttpStep step, WorkloadPlan plan)
    {
        // Settings' names are words of [A-Za-z0-9_]: the shell's variables of that name hold the values.
        var headers = step.Headers.Select(pair => $" --header \"{pair.Key}: ${pair.Value}\"");
        var body = step.Body is null ? "" : $" --header {ShellWord.Quote($"Content-Type: {step.ContentType}")} --data-raw {ShellWord.Quote(step.Body)}";
        var method = step.Method == "HEAD" ? "--head" : $"--request {step.Method}";
        return [$"curl --globoff --silent --show-error --output /dev/null --write-out '%{{http_code}}\\n' {method}{string.Concat(headers)}{body} {ShellWord.Quote(step.Url.AbsoluteUri)} # expect {string.Join(" or ", step.Expect)}"];
    }
}
