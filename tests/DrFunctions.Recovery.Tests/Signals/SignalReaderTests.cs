using System.Text.Json;
using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Signals;
using DrFunctions.Testing.Files;
using FsCheck;
using FsCheck.Fluent;

namespace DrFunctions.Recovery.Tests.Signals;

public sealed class SignalReaderTests
{
    private const string Site = "/subscriptions/s/resourceGroups/shop/providers/Microsoft.Web/sites/shop-westeurope";
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_fired = s_now - TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_CommonAlertInEitherSchema_IsFired(bool cloudEvent)
    {
        var signal = SignalReader.Read(Alert(cloudEvent: cloudEvent), s_now);

        Assert.Equal(SignalCondition.Fired, signal.Condition);
        Assert.Equal("Example.Alert", signal.EventType);
        Assert.Equal("alerts/shop", signal.Subject);
        Assert.Equal(Site.ToUpperInvariant(), Assert.Single(signal.Resources).Value.ToUpperInvariant());
        Assert.Equal((s_fired, s_now), (signal.OccurredAt, signal.ReceivedAt));
        Assert.Equal("site down (Sev1) Fired", signal.Title);
    }

    [Theory]
    [InlineData("Fired", SignalCondition.Fired)]
    [InlineData("FIRED", SignalCondition.Fired)]
    [InlineData("Resolved", SignalCondition.Resolved)]
    [InlineData("Acknowledged", SignalCondition.Unreadable)]
    [InlineData("", SignalCondition.Unreadable)]
    public void Read_CommonAlert_TakesItsCondition(string condition, SignalCondition expected) =>
        Assert.Equal(expected, SignalReader.Read(Alert(condition: condition), s_now).Condition);

    [Theory]
    [InlineData("UserInitiated", SignalCondition.Intended)]
    [InlineData("PlatformInitiated", SignalCondition.Fired)]
    public void Read_ResourceHealthAlert_ActsOnlyOnThePlatform(string cause, SignalCondition expected) =>
        Assert.Equal(expected, SignalReader.Read(Alert(context: $$$"""{"properties":{"cause":"{{{cause}}}"}}"""), s_now).Condition);

    [Fact]
    public void Read_TheSameAlertForwardedTwice_HasOneId()
    {
        var first = SignalReader.Read(Alert(eventId: "1", time: "2026-03-01T02:58:01Z"), s_now);
        var again = SignalReader.Read(Alert(eventId: "2", time: "2026-03-01T02:59:59Z", cloudEvent: true), s_now + TimeSpan.FromHours(1));

        Assert.Equal(first.Id, again.Id);
        Assert.Matches("^[0-9a-f]{64}$", first.Id);
    }

    [Fact]
    public void Read_DifferentAlerts_HaveDifferentIds()
    {
        string[] alerts =
        [
            Alert(),
            Alert(alertId: "b"),
            Alert(condition: "Resolved"),
            Alert(fired: "2026-03-01T02:57:00Z"),
            Alert(alertId: "aFired", condition: ""),
            Alert(alertId: "", eventId: "1"),
            Alert(alertId: "", subject: "alerts/other"),
            Alert(alertId: "", time: "yesterday"),
            Alert(alertId: "", time: "today"),
            Health("Unavailable"),
            Health("Degraded"),
            Health("Unavailable", time: "2026-03-01T02:00:01Z"),
            """{"type":"x"}""",
            """{"type":"x","data":null}""",
            """{"type":"x","data":{}}""",
            """{"type":"x","source":"a"}""",
            """{"type":"x","subject":"a"}""",
            """{"type":"xa"}""",
            "{}",
            """{"a":1}""",
            "",
            "[]",
        ];

        Assert.Equal(alerts.Length, alerts.Select(alert => SignalReader.Read(alert, s_now).Id).Distinct().Count());
    }

    [Theory]
    [InlineData("2026-03-01T02:58:00Z", -120)]
    [InlineData("2026-03-01T03:58:00+01:00", -120)]
    [InlineData("2026-03-01T02:58:00", -120)]
    [InlineData("2026-03-01T03:00:01Z", 0)]
    [InlineData("9999-12-31T23:59:59Z", 0)]
    [InlineData("soon", 0)]
    [InlineData("", 0)]
    public void Read_FiredAt_IsNeverLaterThanItsArrival(string fired, int secondsFromNow) =>
        Assert.Equal(s_now + TimeSpan.FromSeconds(secondsFromNow), SignalReader.Read(Alert(fired: fired), s_now).OccurredAt);

    [Theory]
    [InlineData("Unavailable", SignalCondition.Fired)]
    [InlineData("degraded", SignalCondition.Fired)]
    [InlineData("Available", SignalCondition.Resolved)]
    [InlineData("Unknown", SignalCondition.Informed)]
    [InlineData("", SignalCondition.Unreadable)]
    public void Read_HealthResources_TakesTheAvailability(string availability, SignalCondition expected)
    {
        var signal = SignalReader.Read(Health(availability), s_now);

        Assert.Equal(expected, signal.Condition);
        Assert.Equal(Site, Assert.Single(signal.Resources).Value);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 2, 0, 0, TimeSpan.Zero), signal.OccurredAt);
    }

    [Theory]
    [InlineData("Customer Initiated")]
    [InlineData("customer initiated")]
    public void Read_HealthResourcesByACustomer_IsIntended(string context) =>
        Assert.Equal(SignalCondition.Intended, SignalReader.Read(Health("Unavailable", context), s_now).Condition);

    [Theory]
    [InlineData("Microsoft.Storage.BlobCreated")]
    [InlineData("Microsoft.ResourceNotifications.HealthResourcesX")]
    public void Read_AnUnknownType_IsUnreadableAndKeepsWhatIsKnown(string type)
    {
        var signal = SignalReader.Read($$$"""{"eventType":"{{{type}}}","subject":"{{{Site}}}","eventTime":"2026-03-01T02:00:00Z","data":{}}""", s_now);

        Assert.Equal((SignalCondition.Unreadable, type, Site), (signal.Condition, signal.EventType, signal.Subject));
        Assert.Equal(Site, Assert.Single(signal.Resources).Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("\"text\"")]
    [InlineData("{}")]
    [InlineData("{\"eventType\":7}")]
    [InlineData("{\"eventType\":\"\"}")]
    [InlineData("{\"eventType\":\"x\",}")]
    [InlineData("{\"eventType\":\"\\ud800\"}")]
    [InlineData("{\"eventTyp\\udc00\":1,\"a\":\"x\"}")]
    public void Read_WhatIsNoEvent_IsUnreadable(string body)
    {
        var signal = SignalReader.Read(body, s_now);

        Assert.Equal((SignalCondition.Unreadable, "not an event", ""), (signal.Condition, signal.Title, signal.EventType));
        Assert.Empty(signal.Resources);
        Assert.Equal(s_now, signal.OccurredAt);
    }

    [Fact]
    public void Read_DeeplyNested_IsUnreadable()
    {
        var body = $$$"""{"type":"x","data":{{{new string('[', 100_000)}}}{{{new string(']', 100_000)}}} }""";

        Assert.Equal(SignalCondition.Unreadable, SignalReader.Read(body, s_now).Condition);
    }

    [Fact]
    public void Read_Huge_IsReadAndCanBeStored()
    {
        var signal = SignalReader.Read(Alert(alertId: new string('x', 4_000_000), condition: "Fired"), s_now);

        Assert.Equal(SignalCondition.Fired, signal.Condition);
        Assert.InRange(DocumentJson.Write(signal).Length, 100, 2_000);
    }

    [Fact]
    public void Read_AnyMemberOfAnyType_NeverThrows()
    {
        string[] values = ["null", "7", "true", "\"\"", "\"x\"", "[]", "{}", "[null]", "[[]]", "{\"essentials\":7}", "\"\\ud800\"", "1e999", "\"0001-01-01T00:00:00+14:00\""];
        foreach (var name in new[] { "schemaId", "data", "essentials", "alertId", "monitorCondition", "firedDateTime", "alertTargetIDs", "alertRule", "alertContext", "type", "eventType", "subject", "topic", "eventTime", "resourceInfo", "properties", "targetResourceId", "context", "availabilityState" })
        {
            foreach (var value in values)
            {
                AssertReadable(Replace(Alert(), name, value));
                AssertReadable(Replace(Health("Unavailable"), name, value));
            }
        }
    }

    [Fact]
    public void Read_AnyString_IsASignal() =>
        Prop.ForAll<string?>(text => AssertReadable(text ?? "")).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Read_AnAlertWithAnyPartReplaced_IsASignal()
    {
        var alert = Alert();
        var edits = from start in Gen.Choose(0, alert.Length - 1)
                    from length in Gen.Choose(0, 60)
                    from put in Gen.Elements("", "{", "}", "[", "\"", "\\", ":", ",", "null", "\ud800", "\\ud800", "\0", "1e400", "{\"a\":")
                    select string.Concat(alert.AsSpan(0, start), put, alert.AsSpan(Math.Min(alert.Length, start + length)));

        Prop.ForAll(edits.ToArbitrary(), AssertReadable).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    public static TheoryData<string, SignalCondition> Samples => new()
    {
        { "healthresources_availabilitystatuschanged_recovered.cloudevent.json", SignalCondition.Resolved },
        { "healthresources_availabilitystatuschanged_recovered.eventgrid.json", SignalCondition.Resolved },
        { "healthresources_resourceannotated_deallocated.cloudevent.json", SignalCondition.Intended },
        { "resources_actionsuccess.eventgrid.json", SignalCondition.Unreadable },
        { "resources_writesuccess.eventgrid.json", SignalCondition.Unreadable },
        { "storage_blobcreated.cloudevent.json", SignalCondition.Unreadable },
        { "storage_blobcreated.eventgrid.json", SignalCondition.Unreadable },
        { "alert_activitylog_administrative_fired.commonschema.json", SignalCondition.Fired },
        { "alert_metric_resolved.commonschema.json", SignalCondition.Resolved },
        { "alert_servicehealth_incident_resolved.commonschema.json", SignalCondition.Resolved },
    };

    [Theory]
    [InlineData("Incident", "Active", SignalCondition.Fired)]
    [InlineData("Incident", "InProgress", SignalCondition.Fired)]
    [InlineData("Incident", "Resolved", SignalCondition.Resolved)]
    [InlineData("Incident", "RCA", SignalCondition.Resolved)]
    [InlineData("Incident", "Someday", SignalCondition.Unreadable)]
    [InlineData("Maintenance", "Planned", SignalCondition.Informed)]
    [InlineData("Security", "Active", SignalCondition.Informed)]
    public void Read_ServiceHealth_TakesTheStageNotTheMonitorsCondition(string incidentType, string stage, SignalCondition expected)
    {
        var signal = SignalReader.Read(ServiceHealth(incidentType, stage), s_now);

        Assert.Equal(expected, signal.Condition);
        Assert.Equal(["westeurope", "northeurope"], signal.Regions);
        Assert.Equal(("s", ""), (signal.Subscription, string.Join(",", signal.Resources)));
        Assert.Equal(SignalReader.Read(ServiceHealth("Incident", "Active", alertId: "other"), s_now).Alert, signal.Alert);
    }

    [Theory]
    [InlineData("Unavailable", "PlatformInitiated", SignalCondition.Fired)]
    [InlineData("Degraded", "PlatformInitiated", SignalCondition.Fired)]
    [InlineData("Available", "PlatformInitiated", SignalCondition.Resolved)]
    [InlineData("Available", "UserInitiated", SignalCondition.Resolved)]
    [InlineData("Unavailable", "UserInitiated", SignalCondition.Intended)]
    [InlineData("Unknown", "PlatformInitiated", SignalCondition.Informed)]
    public void Read_ResourceHealthAlert_TakesTheCurrentStatus(string status, string cause, SignalCondition expected)
    {
        var body = Bare(Alert(context: $$$"""{"properties":{"currentHealthStatus":"{{{status}}}","cause":"{{{cause}}}"}}""")
            .Replace("\"severity\"", "\"monitoringService\":\"Resource Health\",\"severity\"", StringComparison.Ordinal));

        var signal = SignalReader.Read(body, s_now);

        Assert.Equal(expected, signal.Condition);

        // The same news by Event Grid speaks of the same alert.
        Assert.Equal(SignalReader.Read(Health("Available"), s_now).Alert, signal.Alert);
    }

    [Fact]
    public void Read_TheBareAlertOfAWebhook_IsTheAlertThatAnEventCarries()
    {
        var bare = SignalReader.Read(Bare(Alert()), s_now);
        var carried = SignalReader.Read(Alert(), s_now);

        Assert.Equal(SignalReader.Webhook, bare.EventType);
        Assert.Equivalent(carried with { EventType = bare.EventType, Subject = "" }, bare, strict: true);
    }

    [Fact]
    public void Read_FiredAndResolved_AreOneAlertAtTwoTimes()
    {
        var fired = SignalReader.Read(Alert(), s_now);
        var resolved = SignalReader.Read(
            Alert(condition: "Resolved").Replace("\"firedDateTime\"", "\"resolvedDateTime\":\"2026-03-01T02:59:00Z\",\"firedDateTime\"", StringComparison.Ordinal), s_now);

        Assert.NotEqual(fired.Id, resolved.Id);
        Assert.Equal(fired.Alert, resolved.Alert);
        Assert.Equal(s_now - TimeSpan.FromMinutes(1), resolved.OccurredAt);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("7")]
    [InlineData("\"[\"")]
    [InlineData("\"7\"")]
    [InlineData("\"[7,{\\\"ImpactedRegions\\\":[7,{\\\"RegionName\\\":7}]}]\"")]
    public void Read_ServiceHealthWithUnreadableServices_StillHasItsRegion(string services) =>
        Assert.Equal(["westeurope"], SignalReader.Read(ServiceHealth("Incident", "Active", services: services), s_now).Regions);

    [SharedTheory("azure-specs/events")]
    [MemberData(nameof(Samples))]
    public void Read_TheServicesOwnSample_IsUnderstood(string file, SignalCondition expected)
    {
        var text = File.ReadAllText(SharedFolder.Combine("azure-specs", "events", file));
        using var sample = JsonDocument.Parse(text);
        var one = sample.RootElement.ValueKind == JsonValueKind.Array ? sample.RootElement[0].GetRawText() : text;
        var body = file.Contains("commonschema", StringComparison.Ordinal)
            ? $$"""{"id":"1","source":"/x","type":"Example.Alert","subject":"a","time":"2026-03-01T02:58:00Z","specversion":"1.0","data":{{one}} }"""
            : one;

        var signal = SignalReader.Read(body, s_now);

        Assert.Equal(expected, signal.Condition);
        Assert.NotEqual("not an event", signal.Title);
    }

    [SharedTheory("azure-specs/events")]
    [MemberData(nameof(Samples))]
    public void Read_TheServicesOwnSampleAsAWebhookSendsIt_IsUnderstood(string file, SignalCondition expected)
    {
        if (file.Contains("commonschema", StringComparison.Ordinal))
        {
            var signal = SignalReader.Read(File.ReadAllText(SharedFolder.Combine("azure-specs", "events", file)), s_now);

            Assert.Equal((expected, SignalReader.Webhook), (signal.Condition, signal.EventType));
        }
    }

    private static string Bare(string @event)
    {
        using var document = JsonDocument.Parse(@event);
        return document.RootElement.GetProperty("data").GetRawText();
    }

    private static string ServiceHealth(
        string incidentType,
        string stage,
        string alertId = "a",
        string services = """ "[{\"ImpactedRegions\":[{\"RegionName\":\"West Europe\"},{\"RegionName\":\"North Europe\"}],\"ServiceName\":\"App Service\"}]" """) =>
        $$$$$$"""{"schemaId":"azureMonitorCommonAlertSchema","data":{"essentials":{"alertId":"{{{{{{alertId}}}}}}","alertRule":"azure is down","severity":"Sev4","signalType":"Activity Log","monitorCondition":"Fired","monitoringService":"ServiceHealth","alertTargetIDs":["/subscriptions/s"],"firedDateTime":"2026-03-01T02:58:00Z"},"alertContext":{"channels":1,"properties":{"region":"West Europe","incidentType":"{{{{{{incidentType}}}}}}","trackingId":"ABC1-DEF","impactedServices":{{{{{{services}}}}}},"stage":"{{{{{{stage}}}}}}","isHIR":"false"}}}}""";

    private static void AssertReadable(string body)
    {
        var signal = SignalReader.Read(body, s_now);

        Assert.Matches("^[0-9a-f]{64}$", signal.Id);
        Assert.True(signal.OccurredAt <= signal.ReceivedAt);
        Assert.Equal(signal.Id, SignalReader.Read(body, s_now).Id);
        var stored = DocumentJson.Write(new SignalRecord(1, signal, null, SignalDisposition.Unreadable, "", body));
        Assert.Equal(signal.Id, DocumentJson.Read<SignalRecord>("signals/_/x", new Document(stored, "1")).Signal.Id);
    }

    private static string Replace(string json, string name, string value)
    {
        var at = json.IndexOf($"\"{name}\":", StringComparison.Ordinal);
        if (at < 0)
        {
            return json;
        }

        // Two members of one name: the later one counts.
        var end = json.LastIndexOf('}');
        return $"{json[..at]}\"{name}_\":{json[(at + name.Length + 3)..end]},\"{name}\":{value}}}";
    }

    private static string Alert(
        string alertId = "a",
        string condition = "Fired",
        string fired = "2026-03-01T02:58:00Z",
        string context = "{}",
        string eventId = "1",
        string time = "2026-03-01T02:58:01Z",
        string subject = "alerts/shop",
        bool cloudEvent = false)
    {
        var data = $$$$$$"""{"schemaId":"azureMonitorCommonAlertSchema","data":{"essentials":{"alertId":"{{{{{{alertId}}}}}}","alertRule":"site down","severity":"Sev1","monitorCondition":"{{{{{{condition}}}}}}","alertTargetIDs":["{{{{{{Site.ToLowerInvariant()}}}}}}","{{{{{{Site}}}}}}","/subscriptions/s",7,null],"firedDateTime":"{{{{{{fired}}}}}}"},"alertContext":{{{{{{context}}}}}}}}""";
        return cloudEvent
            ? $$"""{"id":"{{eventId}}","source":"/shop","specversion":"1.0","type":"Example.Alert","subject":"{{subject}}","time":"{{time}}","data":{{data}} }"""
            : $$"""{"id":"{{eventId}}","topic":"/shop","eventType":"Example.Alert","subject":"{{subject}}","eventTime":"{{time}}","dataVersion":"1","data":{{data}} }""";
    }

    private static string Health(string availability, string context = "", string time = "2026-03-01T02:00:00Z") =>
        $$$$$"""{"id":"1","topic":"/subscriptions/s","eventType":"Microsoft.ResourceNotifications.HealthResources.AvailabilityStatusChanged","subject":"{{{{{Site}}}}}","eventTime":"{{{{{time}}}}}","data":{"resourceInfo":{"properties":{"targetResourceId":"{{{{{Site}}}}}","availabilityState":"{{{{{availability}}}}}","context":"{{{{{context}}}}}"}}}}""";
}
