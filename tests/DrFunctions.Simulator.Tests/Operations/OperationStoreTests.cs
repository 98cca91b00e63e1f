using System.Text.Json.Nodes;
using DrFunctions.Simulator.Determinism;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Operations;
using DrFunctions.Simulator.ResourceManagement;
using Microsoft.Extensions.Logging.Abstractions;

namespace DrFunctions.Simulator.Tests.Operations;

public sealed class OperationStoreTests : IDisposable
{
    private const string Place = "/subscriptions/" + Scenarios.Subscription + "/providers/";
    private const string Group = "/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop/providers/";
    private const string Server = Group + "Microsoft.DBforPostgreSQL/flexibleServers/one";
    private readonly VirtualTime _time = new();
    private readonly FaultSchedule _faults;

    public OperationStoreTests() => _faults = new FaultSchedule(_time);

    public void Dispose() => _faults.Dispose();

    /// <summary>Every provider's own shape, as it was recorded: URLs, 202 body, status bodies while running and at the end.</summary>
    [Theory]
    [InlineData("PostgreSql", Server, Place + "Microsoft.DBforPostgreSQL/locations/West%20Europe/azureAsyncOperation/{id}?", Place + "Microsoft.DBforPostgreSQL/locations/West%20Europe/operationResults/{id}?", "operation,startTime", "name,status,startTime", "InProgress", "Succeeded")]
    [InlineData("SqlFailoverGroups", Group + "Microsoft.Sql/servers/s/failoverGroups/f", Place + "Microsoft.Sql/locations/West%20Europe/failoverGroupAzureAsyncOperation/{id}?", Place + "Microsoft.Sql/locations/West%20Europe/failoverGroupOperationResults/{id}?", "operation,startTime", "name,status,startTime", "InProgress", "Succeeded")]
    [InlineData("Storage", Group + "Microsoft.Storage/storageAccounts/a", null, Place + "Microsoft.Storage/locations/West%20Europe/asyncoperations/{id}?monitor=true&", "", "", null, null)]
    [InlineData("CosmosDb", Group + "Microsoft.DocumentDB/databaseAccounts/a", Place + "Microsoft.DocumentDB/locations/West%20Europe/operationsStatus/{id}?", Group + "Microsoft.DocumentDB/databaseAccounts/a/failoverPriorityChange/operationResults/{id}?", "status", "status", "Dequeued", "Succeeded")]
    [InlineData("Compute", Group + "Microsoft.Compute/virtualMachines/v", Place + "Microsoft.Compute/locations/West%20Europe/operations/{id}?p={id}&", Place + "Microsoft.Compute/locations/West%20Europe/operations/{id}?p={id}&monitor=true&", "", "startTime,status,name", "InProgress", "Succeeded")]
    [InlineData("FrontDoor", Group + "Microsoft.Cdn/profiles/p/originGroups/g/origins/o", "/subscriptions/" + Scenarios.Subscription + "/resourcegroups/shop/providers/Microsoft.Cdn/operationresults/{id}?", "/subscriptions/" + Scenarios.Subscription + "/resourcegroups/shop/providers/Microsoft.Cdn/operationresults/{id}/profileresults/p/origingroupresults/g/originresults/o?", "", "status,error", "InProgress", "Succeeded")]
    [InlineData("Deployments", Group + "Microsoft.Resources/deployments/d", Group + "Microsoft.Resources/deployments/d/operationStatuses/{id}?", null, "", "status", "Running", "Succeeded")]
    [InlineData("DeploymentWhatIf", Group + "Microsoft.Resources/deployments/d", null, "/subscriptions/" + Scenarios.Subscription + "/operationresults/{id}?", "", "", null, null)]
    [InlineData("ResourceGroups", "/subscriptions/" + Scenarios.Subscription + "/resourceGroups/shop", null, "/subscriptions/" + Scenarios.Subscription + "/operationresults/{id}?", "", "", null, null)]
    [InlineData("AppServicePlans", Group + "Microsoft.Web/serverfarms/p", Group + "Microsoft.Web/serverfarms/p/operationresults/{id}?", Group + "Microsoft.Web/serverfarms/p/operationresults/{id}?", "", "id,name,status,startTime,percentComplete", "InProgress", "Succeeded")]
    public void Poll_OfEachProvider_HasItsShape(
        string shapeName, string resource, string? statusUrl, string? resultUrl, string accepted, string status, string? running, string? done)
    {
        using var store = Store();
        var shape = (OperationShape)typeof(OperationShapes).GetProperty(shapeName)!.GetValue(null)!;
        var operation = store.Begin(Request("PUT", resource), Plan(shape, resource) with { Location = "West Europe" });
        var response = operation.Accepted();

        Assert.Equal(202, response.Status);
        Assert.Equal(accepted, Members(response.Body));
        AssertUrl(statusUrl, response.Headers.GetValueOrDefault("Azure-AsyncOperation"), operation.Id);
        AssertUrl(resultUrl, response.Headers.GetValueOrDefault("Location"), operation.Id);

        _time.Advance(TimeSpan.FromSeconds(15));
        if (statusUrl is not null)
        {
            var body = Poll(store, operation.StatusUrl!).Body!;
            Assert.Equal(status, Members(body));
            Assert.Equal(running, (string?)body["status"]);
        }

        if (resultUrl is not null && resultUrl != statusUrl)
        {
            var poll = Poll(store, operation.ResultUrl!);
            Assert.Equal((202, null), (poll.Status, poll.Body));
            Assert.Equal(operation.ResultUrl, poll.Headers["Location"]);
        }

        _time.Advance(TimeSpan.FromSeconds(5));
        if (statusUrl is not null)
        {
            Assert.Equal(done, (string?)Poll(store, operation.StatusUrl!).Body!["status"]);
        }

        if (resultUrl is not null && resultUrl != statusUrl)
        {
            var poll = Poll(store, operation.ResultUrl!);
            Assert.Equal((200, "done"), (poll.Status, (string?)poll.Body!["name"]));
        }
    }

    [Fact]
    public void Poll_CosmosDb_GoesThroughItsPhases()
    {
        using var store = Store();
        var operation = store.Begin(Request("POST", Server), Plan(OperationShapes.CosmosDb, Server));

        Assert.Equal("Enqueued", (string?)Poll(store, operation.StatusUrl!).Body!["status"]);
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("Dequeued", (string?)Poll(store, operation.StatusUrl!).Body!["status"]);
    }

    [Fact]
    public void Poll_WithPercent_GrowsToHundred()
    {
        using var store = Store();
        var operation = store.Begin(Request("PUT", Server), Plan(OperationShapes.AppServicePlans, Server));
        _time.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal(25, (int?)Poll(store, operation.StatusUrl!).Body!["percentComplete"]);
        _time.Advance(TimeSpan.FromSeconds(15));
        var body = Poll(store, operation.StatusUrl!).Body!;
        Assert.Equal(100, (int?)body["percentComplete"]);
        Assert.Equal("2030-01-01T00:00:20.0000000+00:00", (string?)body["endTime"]);
    }

    [Fact]
    public void Urls_Signed_AreAsLongAsTheRealOnes()
    {
        using var store = Store();
        var operation = store.Begin(Request("PUT", Server), Plan(OperationShapes.PostgreSql, Server));

        Assert.InRange(operation.StatusUrl!.Length, 3200, 3800);
        Assert.Matches("^https://arm.example/[^?]+\\?api-version=2025-08-01&t=[0-9]{18}&c=[-_A-Za-z0-9]{2600}&s=[-_A-Za-z0-9]{342}&h=[-_A-Za-z0-9]{43}$", operation.StatusUrl);
        Assert.NotEqual(operation.StatusUrl[^43..], operation.ResultUrl![^43..]);
    }

    [Theory]
    [InlineData("api-version=2025-08-01", "api-version=2024-08-01")]
    [InlineData("&t=6", "&t=7")]
    [InlineData("azureAsyncOperation", "azureasyncoperation")]
    [InlineData("&h=", "&H=")]
    public void Poll_ChangedUrl_IsRefused(string part, string replacement)
    {
        using var store = Store();
        var operation = store.Begin(Request("PUT", Server), Plan(OperationShapes.PostgreSql, Server));

        var rejection = Assert.Throws<ArmRejection>(() => Poll(store, operation.StatusUrl!.Replace(part, replacement, StringComparison.Ordinal)));

        Assert.Equal((403, "InvalidOperationUrl"), (rejection.Status, rejection.Code));
    }

    [Fact]
    public void Poll_Unsigned_TellsStatusAndResultApart()
    {
        using var store = Store(new() { SignedPollUrls = false });
        var operation = store.Begin(Request("POST", Server), Plan(OperationShapes.Compute, Server));

        Assert.DoesNotContain("&s=", operation.StatusUrl, StringComparison.Ordinal);
        Assert.Equal(200, Poll(store, operation.StatusUrl!.Replace("p=", "P=", StringComparison.Ordinal)).Status);
        Assert.Equal(202, Poll(store, operation.ResultUrl!).Status);
    }

    [Fact]
    public void Begin_ResourceIsBusy_IsTheProvidersConflictUntilTheEnd()
    {
        using var store = Store();
        var plan = Plan(OperationShapes.PostgreSql, Server) with { AlsoBusy = [Server + "-replica"] };
        store.Begin(Request("PUT", Server), plan);

        var rejection = Assert.Throws<ArmRejection>(() => store.Begin(Request("DELETE", Server), plan with { Resource = Server.ToUpperInvariant(), AlsoBusy = [] }));
        Assert.Throws<ArmRejection>(() => store.RequireIdle(plan.Shape, Server + "-replica"));
        _time.Advance(TimeSpan.FromSeconds(20));
        store.RequireIdle(plan.Shape, Server, Server + "-replica");

        Assert.Equal((409, "ServerIsBusy"), (rejection.Status, rejection.Code));
        Assert.Equal("Cannot complete operation while server 'ONE' is busy processing another operation. Try again later.", rejection.Message, ignoreCase: true);
    }

    [Theory]
    [InlineData(FaultKind.Fail, "Failed", 500)]
    [InlineData(FaultKind.Cancel, "Canceled", 409)]
    public void Fault_OfTheOperation_EndsItWithoutEffect(FaultKind kind, string status, int result)
    {
        _faults.Add([new() { On = FaultTarget.Operation, Kind = kind, Method = "PUT", Path = "/one$", Code = "NoLuck", Message = "Bad day.", Count = 1 }]);
        using var store = Store();
        var (completed, abandoned) = (0, 0);
        var plan = Plan(OperationShapes.PostgreSql, Server) with { Complete = Complete, Abandon = () => abandoned++ };
        var operation = store.Begin(Request("PUT", Server), plan);
        _time.Advance(TimeSpan.FromSeconds(20));

        var body = Poll(store, operation.StatusUrl!).Body!;
        Assert.Equal((status, "NoLuck", "Bad day."), ((string?)body["status"], (string?)body["error"]!["code"], (string?)body["error"]!["message"]));
        var located = Poll(store, operation.ResultUrl!);
        Assert.Equal((result, "NoLuck"), (located.Status, (string?)located.Body!["error"]!["code"]));
        Assert.Equal((0, 1), (completed, abandoned));

        store.Begin(Request("PUT", Server), plan);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal((1, 1), (completed, abandoned));

        ArmResponse Complete()
        {
            completed++;
            return ArmResponse.Ok();
        }
    }

    [Fact]
    public void Fault_Stall_TakesThatMuchLonger()
    {
        _faults.Add([new() { On = FaultTarget.Operation, Kind = FaultKind.Delay, Delay = TimeSpan.FromSeconds(600) }]);
        using var store = Store();
        var operation = store.Begin(Request("PUT", Server), Plan(OperationShapes.PostgreSql, Server));

        _time.Advance(TimeSpan.FromSeconds(619));
        Assert.Equal("InProgress", (string?)Poll(store, operation.StatusUrl!).Body!["status"]);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("Succeeded", (string?)Poll(store, operation.StatusUrl!).Body!["status"]);
    }

    [Fact]
    public void End_WorldHasChanged_FailsWithTheReason()
    {
        using var store = Store();
        var operation = store.Begin(Request("PUT", Server), Plan(OperationShapes.PostgreSql, Server) with
        {
            Complete = () => throw ArmRejection.NotFound("type", "one", "shop"),
        });
        _time.Advance(TimeSpan.FromSeconds(20));

        Assert.Equal("ResourceNotFound", (string?)Poll(store, operation.StatusUrl!).Body!["error"]!["code"]);
    }

    [Theory]
    [InlineData(null, 20)]
    [InlineData(5.0, 5)]
    [InlineData(5.0, 7, "theoperation")]
    public void Duration_IsTheNamesThenTheScenariosThenTheTypes(double? all, int expected, string? named = null)
    {
        var byName = named is null ? new Dictionary<string, double>() : new() { [named] = expected };
        using var store = Store(new() { OperationSeconds = all, OperationSecondsByName = byName });

        var operation = store.Begin(Request("PUT", Server), Plan(OperationShapes.PostgreSql, Server));

        Assert.Equal(TimeSpan.FromSeconds(expected), operation.Due - operation.Started);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(15)]
    public void RetryAfter_IsTheScenarios_AndGoneAtTheEnd(int? seconds)
    {
        using var store = Store(new() { RetryAfterSeconds = seconds });
        var operation = store.Begin(Request("PUT", Server), Plan(OperationShapes.PostgreSql, Server));

        Assert.Equal(seconds, operation.Accepted().RetryAfterSeconds);
        Assert.Equal(seconds, Poll(store, operation.StatusUrl!).RetryAfterSeconds);
        Assert.Equal(seconds, Poll(store, operation.ResultUrl!).RetryAfterSeconds);
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.Null(Poll(store, operation.StatusUrl!).RetryAfterSeconds);
    }

    [Fact]
    public void Poll_AfterTheEnd_IsRetainedForADay()
    {
        using var store = Store();
        var operation = store.Begin(Request("PUT", Server), Plan(OperationShapes.PostgreSql, Server));
        _time.Advance(TimeSpan.FromSeconds(20) + TimeSpan.FromHours(24));
        Assert.Equal(200, Poll(store, operation.StatusUrl!).Status);

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(store.Poll(Get(operation.StatusUrl!)));
    }

    [Fact]
    public void Reset_WhileRunning_TakesNoEffect()
    {
        using var store = Store();
        var completed = false;
        store.Begin(Request("PUT", Server), Plan(OperationShapes.PostgreSql, Server) with
        {
            Complete = () =>
            {
                completed = true;
                return ArmResponse.Ok();
            },
        });
        store.Reset();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.False(completed);
        Assert.False(store.IsBusy(Server));
    }

    [Fact]
    public void Begin_TimerRunsWithinTheCall_EndsAfterTheRequestHasWritten()
    {
        using var store = Store(new() { OperationSeconds = 0 }, new VirtualTime(eager: true));
        var seen = new List<string>();
        var plan = Plan(OperationShapes.PostgreSql, Server) with
        {
            Complete = () =>
            {
                seen.Add("ended");
                return ArmResponse.Ok();
            },
        };

        var operation = store.Exclusively(() =>
        {
            var begun = store.Begin(Request("PUT", Server), plan);
            seen.Add("written");
            return begun;
        });

        Assert.Equal(["written", "ended"], seen);
        Assert.Equal("Succeeded", (string?)Poll(store, operation.StatusUrl!).Body!["status"]);
        Assert.False(store.IsBusy(Server));
    }

    private OperationStore Store(ScenarioResourceManager? options = null, VirtualTime? time = null) => new(
        Scenarios.Shop() with { ResourceManager = options ?? new() },
        new OperationFaults(_faults),
        new SeededSource(0),
        time ?? _time,
        NullLogger<OperationStore>.Instance);

    private static OperationPlan Plan(OperationShape shape, string resource) => new()
    {
        Shape = shape,
        Name = "TheOperation",
        Resource = resource,
        Location = "westeurope",
        Complete = () => ArmResponse.Ok(new JsonObject { ["name"] = "done" }),
    };

    private static ArmRequest Request(string method, string path) => new(method, new ArmScope(Scenarios.Subscription, "shop"), [], "2025-08-01", null)
    {
        Authority = "https://arm.example",
        Path = path,
    };

    private static ArmRequest Get(string url) => Request("GET", "/") with
    {
        Target = new Uri(url).PathAndQuery,
        Query = url.Contains("monitor=true", StringComparison.Ordinal) ? new Dictionary<string, string> { ["monitor"] = "true" } : new Dictionary<string, string>(),
    };

    private static ArmResponse Poll(OperationStore store, string url) => Assert.IsType<ArmResponse>(store.Poll(Get(url)));

    private static string Members(JsonNode? body) => body is null ? "" : string.Join(',', body.AsObject().Select(each => each.Key));

    private static void AssertUrl(string? expected, string? found, string id)
    {
        if (expected is null)
        {
            Assert.Null(found);
            return;
        }

        Assert.StartsWith("https://arm.example" + expected.Replace("{id}", id, StringComparison.Ordinal) + "api-version=2025-08-01&t=", found, StringComparison.Ordinal);
    }
}
