using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using DrFunctions.Plans.Documents;
using DrFunctions.Plans.Fields;
using DrFunctions.Plans.Sections;
using DrFunctions.Recovery.Incidents.Policies;
using FsCheck;
using FsCheck.Fluent;

namespace DrFunctions.Plans.Tests;

public sealed class PlanSchemaTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse(PlanSchema.Text).RootElement;
    private static readonly JsonElement Defs = Schema.GetProperty("$defs");

    public static TheoryData<string> Maps => [.. PlanKeys.All.Select(keys => keys.Name)];

    [Fact]
    public void Schema_OfTheSample_Holds() => Assert.Empty(Validate(Sample.Yaml));

    [Fact]
    public void Schema_SaysWhichDraftItIs() => Assert.Equal("https://json-schema.org/draft/2020-12/schema", Schema.GetProperty("$schema").GetString());

    [Theory]
    [MemberData(nameof(Maps))]
    public void Schema_HasTheKeysThatTheReaderHas(string name)
    {
        var keys = PlanKeys.All.Single(keys => keys.Name == name);
        var map = Defs.GetProperty(name);

        Assert.Equal(keys.All.Order(), map.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(keys.Required.Order(), map.GetProperty("required").EnumerateArray().Select(key => key.GetString()!).Order());
        Assert.False(map.GetProperty("additionalProperties").GetBoolean());
    }

    [Fact]
    public void Schema_HasNoMapThatTheReaderHasNot()
    {
        var maps = Defs.EnumerateObject().Where(def => def.Value.TryGetProperty("properties", out _)).Select(def => def.Name);

        Assert.Equal(PlanKeys.All.Select(keys => keys.Name).Append("step").Order(), maps.Order());
    }

    [Fact]
    public void Schema_HasTheStepsThatTheReaderHas() => Assert.Equal(
        RunbookItem.Keys.Order(),
        Defs.GetProperty("step").GetProperty("properties").EnumerateObject().Select(property => property.Name).Order());

    [Fact]
    public void Schema_HasTheChoicesThatTheReaderHas()
    {
        Assert.Equal(Choices.Strategies.Keys, Enum("plan", "strategy"));
        Assert.Equal(Choices.Tiers.Keys, Enum("plan", "tier"));
        Assert.Equal(Choices.BackupKinds.Keys, Enum("backup", "kind"));
        Assert.Equal(FenceSection.Words, Defs.GetProperty("storeFence").GetProperty("anyOf")[0].GetProperty("enum").EnumerateArray().Select(word => word.GetString()!));
        Assert.Equal(Vantages.ByName.Keys, Defs.GetProperty("vantage").GetProperty("enum").EnumerateArray().Select(word => word.GetString()));
        Assert.Equal(GreenConditions.ByName.Keys, Words(Defs.GetProperty("alerts").GetProperty("properties").GetProperty("green")));
        Assert.Equal(FreezeSection.Days.Keys, Words(Defs.GetProperty("freeze").GetProperty("properties").GetProperty("days")));
        Assert.Equal(Choices.Roles.Keys, Defs.GetProperty("role").GetProperty("enum").EnumerateArray().Select(word => word.GetString()));
    }

    [Fact]
    public void Schema_HasThePatternsThatTheReaderHas()
    {
        Assert.Equal(Pattern(Names.NameShape()), Defs.GetProperty("name").GetProperty("pattern").GetString());
        Assert.Equal(Pattern(Names.StepShape()), Defs.GetProperty("stepName").GetProperty("pattern").GetString());
        Assert.Equal(Pattern(Names.EndpointShape()), Defs.GetProperty("endpoint").GetProperty("pattern").GetString());
        Assert.Equal(Pattern(Durations.Shape()), Defs.GetProperty("duration").GetProperty("pattern").GetString());
        Assert.Equal(Pattern(Names.RegionShape()), PatternOf("region", "name"));
        Assert.Equal(Pattern(Names.SettingShape()), PatternOf("container", "connection"));
        Assert.Equal(Pattern(Names.SettingShape()), Defs.GetProperty("setting").GetProperty("pattern").GetString());
        Assert.Equal(Pattern(Names.ContainerShape()), PatternOf("container", "container"));
        Assert.Equal(Pattern(Names.ZoneShape()), PatternOf("backup", "timeZone"));
        Assert.Equal(Pattern(ScheduleReader.Shape()), PatternOf("backup", "schedule"));
        Assert.Equal(Pattern(Names.ZoneShape()), PatternOf("restoreTest", "timeZone"));
        Assert.Equal(Pattern(ScheduleReader.Shape()), PatternOf("restoreTest", "schedule"));
        Assert.Equal(Pattern(Names.ZoneShape()), PatternOf("retention", "timeZone"));
        Assert.Equal(Pattern(ScheduleReader.Shape()), PatternOf("retention", "schedule"));
        Assert.Equal(Pattern(Names.ZoneShape()), PatternOf("freeze", "timeZone"));
        Assert.Equal(Pattern(FreezeSection.MomentShape()), Defs.GetProperty("moment").GetProperty("pattern").GetString());
        Assert.Equal(Pattern(StartRules.OnUnknownShape()), PatternOf("alerts", "onUnknown"));
        Assert.Equal(Pattern(Field.TcpShape()), Defs.GetProperty("tcpTarget").GetProperty("pattern").GetString());
        Assert.Equal(Pattern(StartRules.FromShape()), PatternOf("startApproval", "from"));
    }

    [Fact]
    public void Schema_OfEveryPlanThatTheReaderTakes_Holds() =>
        Prop.ForAll(PlanGenerator.Plans.ToArbitrary(), plan => Assert.Empty(Validate(PlanWriter.Write(plan))))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Theory]
    [InlineData("strategy: warm", "strategy: lukewarm")]
    [InlineData("strategy: warm", "stratgy: warm")]
    [InlineData("strategy: warm", "strategy: warm\ntier: gold")]
    [InlineData("strategy: warm", "strategy: warm\nimpact: { downtimePerHour: 1, dataLossPerHour: 1 }")]
    [InlineData("strategy: warm", "strategy: warm\nimpact: { downtimePerHour: 1, dataLossPerHour: 1, lossesPerYear: 1001 }")]
    [InlineData("strategy: warm", "strategy: warm\nimpact: { downtimePerHour: much, dataLossPerHour: 1, lossesPerYear: 1 }")]
    [InlineData("runbook: failover", "runbook: failover\n  red: [somebody]")]
    [InlineData("runbook: failover", "runbook: failover\n  onUnknown: hope")]
    [InlineData("runbook: failover", "runbook: failover\n  vantages: { of: [control-probe] }")]
    [InlineData("runbook: failover", "runbook: failover\n  approval: { count: 0 }")]
    [InlineData("runbook: failover", "runbook: failover\n  freeze: [{ name: a, from: noon, to: \"13:00\" }]")]
    [InlineData("rpo: 15m", "rpo: 15 minutes")]
    [InlineData("rpo: 15m", "rpo: 15")]
    [InlineData("name: northeurope", "name: North Europe")]
    [InlineData("container: backups", "container: Backups")]
    [InlineData("connection: SHOP_WESTEUROPE_STORAGE", "connection: \"AccountName=x;AccountKey=y\"")]
    [InlineData("health: http://", "health: ftp://")]
    [InlineData("fence: { region: primary }", "fence: { region: north }")]
    [InlineData("prove: {", "proof: {")]
    [InlineData("schedule: \"*/5 * * * *\"", "schedule: hourly")]
    [InlineData("retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }", "retention: {}")]
    [InlineData("retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }", "retention: { minimum: 3, schedule: 0 3 * * * }")]
    [InlineData("retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }", "retention: { daily: 0 }")]
    [InlineData("retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }", "retention: { daily: 100001 }")]
    [InlineData("retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }", "retention: { within: 30 }")]
    [InlineData("retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }", "retention: { dayly: 7 }")]
    [InlineData("retention: { hourly: 24, daily: 14, weekly: 8, monthly: 12 }", "retention: { daily: 7, schedule: nightly }")]
    public void Schema_OfAMistakeInOnePlace_SeesWhatTheReaderSees(string text, string replacement)
    {
        var yaml = Sample.With(text, replacement);

        Assert.NotEmpty(PlanReader.Read(yaml).Mistakes);
        Assert.NotEmpty(Validate(yaml));
    }

    private static IReadOnlyList<string> Validate(string yaml) =>
        new SchemaValidator(Schema).Validate(JsonSerializer.SerializeToElement(Json(Sample.Node(yaml))));

    private static IEnumerable<string?> Enum(string map, string key) =>
        Defs.GetProperty(map).GetProperty("properties").GetProperty(key).GetProperty("enum").EnumerateArray().Select(word => word.GetString());

    private static IEnumerable<string?> Words(JsonElement list) =>
        list.GetProperty("items").GetProperty("enum").EnumerateArray().Select(word => word.GetString());

    private static string? PatternOf(string map, string key) =>
        Defs.GetProperty(map).GetProperty("properties").GetProperty(key).GetProperty("pattern").GetString();

    // The two dialects differ in how they anchor.
    private static string Pattern(Regex shape) => shape.ToString().Replace(@"\A", "^", StringComparison.Ordinal).Replace(@"\z", "$", StringComparison.Ordinal);

    private static JsonNode Json(YamlNode node) => node switch
    {
        YamlMap map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key, (JsonNode?)Json(entry.Value)))),
        YamlList list => new JsonArray([.. list.Items.Select(Json)]),
        YamlScalar { IsPlain: true } scalar when decimal.TryParse(scalar.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) => JsonValue.Create(number),
        YamlScalar { IsPlain: true, Value: "true" or "false" } scalar => JsonValue.Create(scalar.Value == "true"),
        YamlScalar scalar => JsonValue.Create(scalar.Value),
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };
}
