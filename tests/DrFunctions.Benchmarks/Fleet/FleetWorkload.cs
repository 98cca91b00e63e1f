using System.Globalization;
using System.Text.Json;
using DrFunctions.Simulator;

namespace DrFunctions.Benchmarks.Fleet;

/// <summary>One of many workloads that share two regions: its plan, its sites and its profile.</summary>
internal sealed record FleetWorkload(int Number, int WebPort)
{
    public const string Primary = "westeurope";
    public const string Secondary = "northeurope";
    public const string PrimaryConnection = "FLEET_PRIMARY";
    public const string SecondaryConnection = "FLEET_SECONDARY";

    /// <summary>What an incident dwells, in seconds: no part of the engine's own time.</summary>
    public const int DwellSeconds = 1;

    private const string Subscription = "00000000-0000-0000-0000-000000000001";

    public string Name { get; } = string.Create(CultureInfo.InvariantCulture, $"shop{Number:D4}");

    public string PrimarySite => Site(Primary);

    public string Files => Name + "-files";

    public string Backups => Name + "-backups";

    public string Yaml => string.Create(CultureInfo.InvariantCulture, $$"""
        workload: {{Name}}
        objectives: { rpo: 2d, rto: 1h }
        strategy: warm
        regions:
          primary: {{Region(Primary, PrimaryConnection)}}
          secondary: {{Region(Secondary, SecondaryConnection)}}
        stores:
          - name: files
            primary: { connection: {{PrimaryConnection}}, container: {{Files}} }
            secondary: { connection: {{SecondaryConnection}}, container: {{Files}} }
            fence: stop-web-app
        backups:
          - { name: files, store: files, schedule: "0 0 * * *" } # no other backup disturbs
        traffic:
          profile: {{Id("Microsoft.Network/trafficManagerProfiles/" + Name)}}
          check: http://{{Name}}.trafficmanager.net:{{WebPort}}/health
          endpoints: { primary: {{Primary}}, secondary: {{Secondary}} }
        alerts:
          resources: [ {{PrimarySite}} ]
          runbook: failover
          dwell: {{DwellSeconds}}s
        runbooks:
          failover:
            - fence: { region: primary }
            - startWebApp: { region: secondary }
            - shiftTraffic: { to: secondary }
            - prove: { region: secondary, timeout: 5m }

        """);

    /// <summary>The cloud that a fleet needs; answers of DNS are kept 5 s.</summary>
    public static Scenario ScenarioOf(IReadOnlyList<FleetWorkload> fleet, string token) => new()
    {
        SubscriptionId = Subscription,
        ResourceGroups = ["fleet"],
        Regions =
        [
            new ScenarioRegion { Name = Primary, Address = "127.0.0.11" },
            new ScenarioRegion { Name = Secondary, Address = "127.0.0.12" },
        ],
        Sites = [.. fleet.SelectMany(one => new[] { one.Site(Primary, SiteStatus.Running), one.Site(Secondary, SiteStatus.Stopped) })],
        TrafficManagerProfiles =
        [
            .. fleet.Select(one => new ScenarioProfile
            {
                Name = one.Name,
                ResourceGroup = "fleet",
                TtlInSeconds = 5,
                Monitor = new ScenarioMonitor { IntervalInSeconds = 10, TimeoutInSeconds = 5, ToleratedNumberOfFailures = 0 },
                Endpoints =
                [
                    new ScenarioEndpoint { Name = Primary, Site = $"{one.Name}-{Primary}", Priority = 1 },
                    new ScenarioEndpoint { Name = Secondary, Site = $"{one.Name}-{Secondary}", Priority = 2 },
                ],
            }),
        ],
        BearerToken = token,
    };

    /// <summary>One Service Health incident of the primary region, as an action group sends it, in an event of a custom topic.</summary>
    public static string RegionAlert(DateTimeOffset at) => JsonSerializer.Serialize(new[]
    {
        new
        {
            id = "region-is-down",
            topic = $"/subscriptions/{Subscription}/resourceGroups/fleet/providers/Microsoft.EventGrid/topics/alerts",
            subject = Primary,
            eventType = "DrFunctions.AzureMonitorAlert",
            eventTime = at.UtcDateTime,
            dataVersion = "1.0",
            data = new
            {
                schemaId = "azureMonitorCommonAlertSchema",
                data = new
                {
                    essentials = new
                    {
                        alertId = $"/subscriptions/{Subscription}/providers/Microsoft.AlertsManagement/alerts/region",
                        alertRule = "a region is lost",
                        severity = "Sev4",
                        signalType = "Activity Log",
                        monitorCondition = "Fired",
                        monitoringService = "ServiceHealth",
                        alertTargetIDs = new[] { $"/subscriptions/{Subscription}" },
                        firedDateTime = at.UtcDateTime,
                    },
                    alertContext = new
                    {
                        properties = new { region = Primary, incidentType = "Incident", trackingId = "FLEET-1", stage = "Active" },
                    },
                },
            },
        },
    });

    private string Region(string region, string connection) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{ name: {region}, webApp: {Site(region)}, health: \"http://{Name}-{region}.azurewebsites.net:{WebPort}/health\", repository: {{ connection: {connection}, container: {Backups} }} }}");

    private ScenarioSite Site(string region, SiteStatus state) => new() { Name = $"{Name}-{region}", ResourceGroup = "fleet", Region = region, State = state };

    private string Site(string region) => Id($"Microsoft.Web/sites/{Name}-{region}");

    private static string Id(string resource) => $"/subscriptions/{Subscription}/resourceGroups/fleet/providers/{resource}";
}
