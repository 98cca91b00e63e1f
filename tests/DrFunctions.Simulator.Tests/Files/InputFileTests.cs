using DrFunctions.Simulator.Faults;

namespace DrFunctions.Simulator.Tests.Files;

public class InputFileTests
{
    [Fact]
    public void Scenario_WithMistakesOfEveryKind_NamesAllWithLineAndColumn()
    {
        const string Json = """
            {
              "subscriptionId": 7,
              "regions": [
                { "nam": "westeurope", "address": "10.0.0.1" },
                { "name": "northeurope", "address": "127.0.0.12", "address": "127.0.0.13" },
              ],
              "sites": [{ "name": "web", "resourceGroup": "shop", "region": "mars", "state": "Asleep", "contentUrl": 5, "healthPath": "x" }],
              "seed": 1.5,
              "clientLocation": "MOON",
              "resourceManager": { "pageSize": 0, "throttlingScale": 0, "operationSeconds": null },
              "trafficManagerProfiles": [{ "name": "p", "resourceGroup": "g", "monitor": { "intervalInSeconds": 11, "path": null } }],
            }
            """;

        var mistakes = Assert.Throws<ScenarioException>(() => Scenario.Parse(Json)).Mistakes;

        Assert.Equal(
            [
                "2:21 subscriptionId: expected a text and found 7",
                "4:5 regions[0]: expected the member 'name' and found none",
                "4:14 regions[0].nam: there is no such member; expected one of name, address",
                "5:66 regions[1].address: it is there twice",
                "7:82 sites[0].state: expected one of Running, Stopped and found 'Asleep'",
                "7:106 sites[0].contentUrl: expected a text or null and found a number",
                "7:123 sites[0].healthPath: expected a path that starts with '/' and found 'x'",
                "8:11 seed: expected a whole number and found 1.5",
                "9:21 clientLocation: expected a geography code such as WORLD, GEO-EU or DE and found 'MOON'",
                "10:36 resourceManager.pageSize: expected 1 to 1000 and found 0",
                "10:58 resourceManager.throttlingScale: expected more than 0, at most 1000 and found 0",
                "11:101 trafficManagerProfiles[0].monitor.intervalInSeconds: expected one of 10, 30 and found 11",
            ],
            mistakes.Select(mistake => mistake.ToString()));
    }

    [Fact]
    public void Scenario_RightByTheSchemaAndWrongByTheRules_NamesAllWithLineAndColumn()
    {
        const string Json = """
            {
              "subscriptionId": "s",
              "resourceGroups": ["shop"],
              "regions": [{ "name": "westeurope", "address": "127.11" }],
              "sites": [
                { "name": "web", "resourceGroup": "other", "region": "mars" },
              ],
              "clientLocation": "MOON",
            }
            """;

        var mistakes = Assert.Throws<ScenarioException>(() => Scenario.Parse(Json)).Mistakes;

        Assert.Equal(
            [
                "4:50 regions[0].address: expected an address such as 127.0.0.11 (127.0.0.0/8) and found '127.11'",
                "6:39 sites[0].resourceGroup: expected one of shop and found 'other'",
                "6:58 sites[0].region: expected one of westeurope and found 'mars'",
                "8:21 clientLocation: expected a geography code such as WORLD, GEO-EU or DE and found 'MOON'",
            ],
            mistakes.Select(mistake => mistake.ToString()));
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{\n  \"a\": tru }", 2, 11)]
    [InlineData("{ \"subscriptionId\": \"s\" } x", 1, 27)]
    [InlineData("{ \"a\": [", 1, 9)]
    public void Scenario_NotJson_SaysWhere(string json, int line, int column)
    {
        var mistake = Assert.Single(Assert.Throws<ScenarioException>(() => Scenario.Parse(json)).Mistakes);

        Assert.Equal((line, column), (mistake.Line, mistake.Column));
    }

    [Fact]
    public void Scenario_NestedBeyondAnyMeasure_IsRefused()
    {
        var json = string.Concat(Enumerable.Repeat("[", 100_000));

        Assert.Throws<ScenarioException>(() => Scenario.Parse(json));
    }

    [Theory]
    [InlineData("null", "expected an object and found null")]
    [InlineData("[]", "expected an object and found an array")]
    public void Scenario_NoObject_IsRefused(string json, string expected)
    {
        var exception = Assert.Throws<ScenarioException>(() => Scenario.Parse(json));

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Faults_WithMistakesOfEveryKind_NamesAllWithLineAndColumn()
    {
        const string Json = """
            {
              "faults": [
                { "on": "site", "kind": "throttle" },
                { "on": "resourceManager", "kind": "drop", "for": "10 minutes", "path": "(" },
                { "on": "region", "kind": "dark", "at": "00:00:30", "until": "00:00:10" },
              ]
            }
            """;

        var mistakes = Assert.Throws<FaultException>(() => FaultScript.Parse(Json)).Mistakes;

        Assert.Equal(["3:29 faults[0].kind", "4:55 faults[1].for", "4:77 faults[1].path", "5:5 faults[2].name", "5:66 faults[2].until"],
            mistakes.Select(mistake => $"{mistake.Line}:{mistake.Column} {mistake.Path}"));
        Assert.Equal("expected a text such as 00:00:30 and found '10 minutes'", mistakes[1].Message);
    }

    [Theory]
    [InlineData("00:00:00.5", 500)]
    [InlineData("00:01:00", 60_000)]
    [InlineData("1.00:00:00", 86_400_000)]
    public void Faults_Times_AreReadAsTheSchemaSays(string text, int milliseconds)
    {
        var script = FaultScript.Parse($$"""{ "faults": [{ "on": "dns", "kind": "delay", "delay": "{{text}}" }] }""");

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), script.Faults[0].Delay);
        Assert.Equal(script.ToJson(), FaultScript.Parse(script.ToJson()).ToJson());
    }

    [Fact]
    public void Load_FileAbsent_NamesIt() =>
        Assert.Contains("/does/not/exist.json", Assert.Throws<FaultException>(() => FaultScript.Load("/does/not/exist.json")).Message, StringComparison.Ordinal);
}
