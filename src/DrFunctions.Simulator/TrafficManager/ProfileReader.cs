using System.Collections.Immutable;
using System.Text.Json.Nodes;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>Reads and checks the body of a profile.</summary>
/// <exception cref="ArmRejection">Every method: the body is not valid; the message names the member and what was expected.</exception>
internal sealed class ProfileReader(EndpointReader endpoints)
{
    private const int MaxMaxReturn = 10;

    public TrafficProfile Read(JsonObject json, string resourceGroup, string name)
    {
        var body = new BodyReader(json, "");
        if (name.Length is 0 or > 63 || name.Contains('.'))
        {
            throw ProfileErrors.BadRequest($"The profile name '{name}' is invalid: expected 1 to 63 characters without a dot.");
        }

        if (!ArmRouter.Is(body.Text("location") ?? "", "global"))
        {
            throw ProfileErrors.BadRequest($"The value '{body.Text("location")}' of 'location' is invalid: expected global.");
        }

        var properties = body.RequiredObject("properties");
        var dns = properties.RequiredObject("dnsConfig");
        var relativeName = CheckRelativeName(dns.RequiredText("relativeName"), dns.PathOf("relativeName"));
        return ProfileRules.Check(new TrafficProfile
        {
            ResourceGroup = resourceGroup,
            Name = name,
            Tags = body.Copy("tags"),
            Enabled = properties.Switch("profileStatus") ?? true,
            Routing = properties.Choice<RoutingMethod>("trafficRoutingMethod")
                ?? throw ProfileErrors.BadRequest("The required member 'properties.trafficRoutingMethod' is missing."),
            RelativeName = relativeName,
            TtlInSeconds = dns.Number("ttl", 0, int.MaxValue) ?? 60,
            Monitor = ReadMonitor(properties.RequiredObject("monitorConfig")),
            Endpoints = ReadEndpoints(properties),
            TrafficView = properties.Switch("trafficViewEnrollmentStatus") ?? false,
            MaxReturn = properties.Number("maxReturn", 1, MaxMaxReturn),
            AllowedRecordTypes = properties.Choice<RecordTypes>("allowedEndpointRecordTypes"),
        });
    }

    /// <returns>The name.</returns>
    public static string CheckRelativeName(string name, string path) =>
        Dns.DnsName.TryParse(name + "." + TrafficProfile.Zone, out _) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')
            ? name
            : throw ProfileErrors.BadRequest($"The value '{name}' of '{path}' is invalid: expected letters, digits, hyphens and dots that make a DNS name.");

    private ImmutableArray<TrafficEndpoint> ReadEndpoints(BodyReader properties)
    {
        var read = properties.Objects("endpoints").Select(item => endpoints.Read(item)).ToList();
        var named = read.Count(draft => draft.Priority is not null);
        if (named != 0 && named != read.Count)
        {
            throw ProfileErrors.BadRequest("If a priority is specified on one endpoint, it must be specified on all endpoints.");
        }

        return [.. read.Select((draft, index) => draft.Endpoint with { Priority = draft.Priority ?? index + 1 })];
    }

    private static MonitorConfig ReadMonitor(BodyReader monitor)
    {
        var protocol = monitor.Choice<MonitorProtocol>("protocol") ?? MonitorProtocol.HTTP;
        var path = monitor.Text("path");
        if (protocol == MonitorProtocol.TCP && !string.IsNullOrEmpty(path))
        {
            throw ProfileErrors.BadRequest($"The value '{path}' of '{monitor.PathOf("path")}' is invalid: TCP monitoring takes no path.");
        }

        if (protocol != MonitorProtocol.TCP && path is not ['/', ..])
        {
            throw ProfileErrors.BadRequest(
                $"The value '{path}' of '{monitor.PathOf("path")}' is invalid: {protocol} monitoring needs a path that starts with '/'.");
        }

        var interval = monitor.Number("intervalInSeconds", 0, int.MaxValue) ?? 30;
        if (interval is not (10 or 30))
        {
            throw ProfileErrors.BadRequest($"The value {interval} of '{monitor.PathOf("intervalInSeconds")}' is invalid: expected 10 or 30.");
        }

        var longest = interval == 30 ? 10 : 9;
        var timeout = monitor.Number("timeoutInSeconds", int.MinValue, int.MaxValue) ?? longest;
        if (timeout < 5 || timeout > longest)
        {
            // The service's own words, also where 10 seconds are too long.
            throw ProfileErrors.BadRequest("Monitor timeout must be between 5 and 10 seconds.");
        }

        var ranges = monitor.Objects("expectedStatusCodeRanges")
            .Select(range => new StatusRange(range.Number("min", 100, 999) ?? 200, range.Number("max", 100, 999) ?? 200)).ToImmutableArray();
        if (ranges.Length > 8 || (ranges.Length > 0 && protocol == MonitorProtocol.TCP) || ranges.Any(range => range.Min > range.Max))
        {
            throw ProfileErrors.BadRequest(
                $"The value of '{monitor.PathOf("expectedStatusCodeRanges")}' is invalid: expected at most 8 ranges, min not above max, and none for TCP.");
        }

        return new MonitorConfig
        {
            Protocol = protocol,
            Port = monitor.Number("port", 1, 65535) ?? (protocol == MonitorProtocol.HTTPS ? 443 : 80),
            Path = protocol == MonitorProtocol.TCP ? null : path,
            Interval = TimeSpan.FromSeconds(interval),
            Timeout = TimeSpan.FromSeconds(timeout),
            ToleratedFailures = monitor.Number("toleratedNumberOfFailures", 0, 9) ?? 3,
            Headers = EndpointReader.ReadHeaders(monitor),
            ExpectedStatus = ranges,
        };
    }
}
