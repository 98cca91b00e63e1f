using System.Net;
using System.Text.Json.Nodes;
using static DrFunctions.Simulator.Tests.Deployments.DeploymentRequests;

namespace DrFunctions.Simulator.Tests.Deployments;

public class TemplateTests
{
    [Theory]
    [InlineData("[uniqueString('a')]", "The template function 'uniqueString' is not valid")]
    [InlineData("[concat(uniqueString('a'))]", "The template function 'uniqueString' is not valid")]
    [InlineData("[reference('x').a]", "The template function 'reference' is not expected at this location")]
    [InlineData("[concat('a']", "The template language expression '[concat('a']' is not valid: expected ')' at position 11")]
    [InlineData("['a]", "expected a closing quote")]
    [InlineData("[resourceGroup().a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a]", "takes members of members more than 64 deep")]
    [InlineData("[concat('a') 'b']", "expected the end at position 13")]
    [InlineData("[]", "expected a value at position 1")]
    [InlineData("[parameters('none')]", "The template parameter 'none' is not found")]
    [InlineData("[variables('none')]", "The template variable 'none' is not found")]
    [InlineData("[variables('circle')]", "The template variable 'circle' is circular")]
    [InlineData("[variables('bomb9')]", "exceeds the limit of 4194304 characters")]
    [InlineData("[variables('clones')]", "exceeds the limit of 4194304 characters")]
    [InlineData("[format('{0,999999}{0,999999}{0,999999}{0,999999}{0,999999}', 'a')]", "exceeds the limit of 4194304 characters")]
    [InlineData("[format('{0,99999999999999999999}', 'a')]", "exceeds the limit of 4194304 characters")]
    [InlineData("[variables('chain0')]", "is needed by more than 64 variables, one by the other")]
    [InlineData("[resourceGroup().none]", "The language expression property 'none' doesn't exist, available properties are 'id, name, type, location, tags, properties'")]
    [InlineData("[resourceId('Microsoft.Web/sites')]", "The template function 'resourceId' does not take 1 arguments here")]
    [InlineData("[resourceId('Microsoft.Web/sites', 'a', 'b')]", "The arguments 'Microsoft.Web/sites', 'a', 'b' of resourceId are not valid")]
    [InlineData("[format('{1}', 'a')]", "The format '{1}' is not valid")]
    [InlineData("[concat(resourceGroup())]", "The template function 'concat' expects strings")]
    [InlineData("[toLower(1)]", "Expected a string for toLower's argument and found 1")]
    public Task Validate_BadExpression_IsRefusedByName(string expression, string message) =>
        RefusedAsync($$"""[{ "type": "Microsoft.Web/sites", "apiVersion": "2023-12-01", "name": {{JsonValue.Create(expression).ToJsonString()}} }]""", "{}", message);

    [Theory]
    [InlineData("""{}""", "The template member 'resources' is expected to be an array")]
    [InlineData("""[7]""", "A resource of the template is expected to be an object")]
    [InlineData("""[{ "type": "A.B/c", "apiVersion": "1", "name": "x", "copy": {} }]""", "A resource of the template has the member 'copy', which the simulator does not carry")]
    [InlineData("""[{ "type": "A.B/c", "apiVersion": "1", "name": "x", "scope": "/" }]""", "A resource of the template has the member 'scope'")]
    [InlineData("""[{ "type": "A.B/c", "apiVersion": "1", "name": "x/y" }]""", "incorrect segment lengths")]
    [InlineData("""[{ "type": "A.B/c", "name": "x" }]""", "Expected a string for the apiVersion of the resource 'x' and found null")]
    [InlineData("""[{ "type": "A.B/c", "apiVersion": "1", "name": "x" }, { "type": "a.b/C", "apiVersion": "1", "name": "X" }]""", "is defined multiple times in a template")]
    [InlineData("""[{ "type": "A.B/c", "apiVersion": "1", "name": "x", "dependsOn": ["y"] }]""", "The resource 'y', which 'x' depends on, is not defined in the template")]
    [InlineData("""[{ "type": "A.B/c", "apiVersion": "1", "name": "x", "dependsOn": ["x"] }]""", "Circular dependency detected on resources: ")]
    [InlineData("""[{ "type": "A.B/c", "apiVersion": "1", "name": "x", "dependsOn": "x" }]""", "The member 'dependsOn' of the resource 'x' is expected to be an array of strings")]
    [InlineData("""[{ "type": "A.B/c", "apiVersion": "1", "name": "x", "condition": "yes" }]""", "The condition of a resource is expected to be true or false")]
    public Task Validate_BadResource_IsRefusedByName(string resources, string message) => RefusedAsync(resources, "{}", message);

    [Theory]
    [InlineData("""{ "other": { "value": 1 } }""", "The template parameters 'other' are not valid")]
    [InlineData("""{ "instances": 7 }""", "The template parameter 'instances' is not valid: expected an object with a value")]
    [InlineData("""{ "instances": { "value": "7" } }""", "The template parameter 'instances' is not valid: expected a value of type 'Int' and found one of type 'String'")]
    [InlineData("""{ "instances": { "value": 11 } }""", "The template parameter 'instances' is not valid: its value 11 is not within 1 to 10")]
    [InlineData("""{ "instances": { "reference": {} } }""", "The value of the template parameter 'instances' has the member 'reference', which the simulator does not carry")]
    public Task Validate_BadParameter_IsRefusedByName(string parameters, string message) => RefusedAsync("[]", parameters, message);

    [Theory]
    [InlineData("""{ "properties": { } }""", "'properties.mode' is required: expected Incremental or Complete.")]
    [InlineData("""{ "properties": { "mode": "Half" } }""", "The value \"Half\" of 'properties.mode' is invalid")]
    [InlineData("""{ "properties": { "mode": "Complete" } }""", "expected either 'properties.template' or 'properties.templateLink'.")]
    [InlineData("""{ "properties": { "mode": "Complete", "parametersLink": {} } }""", "the simulator does not carry 'properties.parametersLink'")]
    [InlineData("""{ "properties": { "mode": "Complete", "templateLink": { "uri": "https://example.com/t.json" } } }""", "Unable to download deployment content from 'https://example.com/t.json'")]
    [InlineData("""{ "properties": { "mode": "Incremental", "template": { "$schema": "s", "contentVersion": "1", "resources": [] }, "onErrorDeployment": { "type": "LastSuccessful" } } }""", "There is no successful deployment in the resource group 'shop' to deploy on error.")]
    [InlineData("""{ "properties": { "mode": "Incremental", "template": { "resources": [] } } }""", "The template member '$schema' is required and expected to be a string")]
    [InlineData("""{ "properties": { "mode": "Incremental", "template": { "$schema": "s", "contentVersion": "1", "resources": [], "functions": [] } } }""", "The template has the member 'functions', which the simulator does not carry")]
    [InlineData("""{ "properties": { "mode": "Incremental", "template": { "$schema": "s", "contentVersion": "1", "parameters": { "p": { "type": "string" } }, "resources": [] } } }""", "The value for the template parameter 'p' is not provided.")]
    [InlineData("""{ "location": "x", "nothing": 1 }""", "the member 'nothing' is not known")]
    public async Task Put_BadRequest_IsRefusedAndNotInTheHistory(string body, string message)
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, error, _) = await simulation.SendAsync("PUT", History + "/d", JsonNode.Parse(body));

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains(message, (string?)error!["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("HEAD", History + "/d")).Status);
    }

    [Theory]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "DeploymentNameLengthLimitExceeded")]
    [InlineData("a%20b", "InvalidDeploymentName")]
    public async Task Put_BadName_IsRefused(string name, string code)
    {
        await using var simulation = await Simulation.StartAsync();

        var (status, error, _) = await simulation.SendAsync("PUT", $"{History}/{name}", Body(Template("[]")));

        Assert.Equal((HttpStatusCode.BadRequest, code), (status, (string?)error!["error"]!["code"]));
    }

    [Fact]
    public async Task Outputs_OfEveryFunction_HaveItsValue()
    {
        await using var simulation = await Simulation.StartAsync();
        (string Expression, string Value)[] functions =
        [
            ("[concat('a', 1, true())]", "\"a1True\""),
            ("[concat(variables('list'), variables('list'))]", "[\"x\",\"x\"]"),
            ("[variables('list')[0]]", "\"x\""),
            ("[[plain]", "\"[plain]\""),
            ("it''s", "\"it''s\""),
            ("[toUpper('it''s')]", "\"IT'S\""),
            ("[resourceGroup().location]", "\"westeurope\""),
            ("[resourceGroup()['NAME']]", "\"shop\""),
            ("[resourceId('Microsoft.Sql/servers/databases', 's', 'd')]", $"\"{Group}/providers/Microsoft.Sql/servers/s/databases/d\""),
            ("[resourceId('other', 'Microsoft.Web/sites', 'a')]", $"\"/subscriptions/{Scenarios.Subscription}/resourceGroups/other/providers/Microsoft.Web/sites/a\""),
            ("[resourceId('sub', 'other', 'Microsoft.Web/sites', 'a')]", "\"/subscriptions/sub/resourceGroups/other/providers/Microsoft.Web/sites/a\""),
            ("[null()]", "null"),
            ("[-5]", "-5"),
            ("[reference(resourceId('Microsoft.Web/sites', 'shop-westeurope'), '2023-12-01', 'Full').location]", "\"westeurope\""),
        ];
        var outputs = new JsonObject(functions.Select((each, index) =>
            KeyValuePair.Create<string, JsonNode?>("o" + index, new JsonObject { ["type"] = "string", ["value"] = each.Expression })));
        var template = Template("[]", outputs.ToJsonString());
        template["variables"]!["list"] = new JsonArray("x");

        var shown = (await simulation.DeployAsync("outputs", Body(template)))["properties"]!;

        Assert.Equal("Succeeded", (string?)shown["provisioningState"]);
        Assert.Equal(
            functions.Select(each => (each.Expression, each.Value)),
            functions.Select((each, index) => (each.Expression, shown["outputs"]!["o" + index]!["value"]?.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) ?? "null")));
    }

    [Fact]
    public async Task Validate_Good_ShowsWhatItWouldMakeAndMakesNothing()
    {
        await using var simulation = await Simulation.StartAsync();
        var resources = """
            [
              { "type": "Microsoft.Sql/servers", "apiVersion": "2023-08-01", "name": "sql", "location": "westeurope",
                "resources": [{ "type": "databases", "apiVersion": "2023-08-01", "name": "db", "location": "westeurope", "dependsOn": ["sql"] }] },
              { "type": "Microsoft.Web/sites", "apiVersion": "2023-12-01", "name": "off", "condition": "[false()]" }
            ]
            """;

        var (status, body, _) = await simulation.SendAsync("POST", History + "/d/validate", Body(Template(resources)));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(
            [Group + "/providers/Microsoft.Sql/servers/sql", Group + "/providers/Microsoft.Sql/servers/sql/databases/db"],
            body!["properties"]!["validatedResources"]!.AsArray().Select(each => (string?)each!["id"]));
        Assert.Equal(HttpStatusCode.NotFound, (await simulation.SendAsync("HEAD", History + "/d")).Status);
        Assert.Equal("Succeeded", (string?)(await simulation.DeployAsync("d", Body(Template(resources))))["properties"]!["provisioningState"]);
        Assert.Equal(HttpStatusCode.OK, (await simulation.SendAsync("GET", Group + "/providers/Microsoft.Sql/servers/sql/databases/db")).Status);
    }

    private static async Task RefusedAsync(string resources, string parameters, string message)
    {
        await using var simulation = await Simulation.StartAsync();
        var template = Template(resources);
        template["variables"]!["circle"] = "[variables('circle')]";
        template["variables"]!["bomb0"] = new string('x', 16384);
        for (var level = 1; level < 10; level++)
        {
            template["variables"]!["bomb" + level] = $"[concat(variables('bomb{level - 1}'), variables('bomb{level - 1}'))]";
        }

        template["variables"]!["clones"] = new JsonArray([.. Enumerable.Repeat(0, 1000).Select(_ => JsonValue.Create("[variables('bomb0')]"))]);
        for (var link = 0; link < 1_000; link++)
        {
            template["variables"]!["chain" + link] = $"[variables('chain{link + 1}')]";
        }

        var (status, error, _) = await simulation.SendAsync("POST", History + "/d/validate", Body(template, parameters: parameters));

        Assert.Equal((HttpStatusCode.BadRequest, "InvalidTemplate"), (status, (string?)error!["error"]!["code"]));
        Assert.Contains(message, (string?)error["error"]!["message"], StringComparison.Ordinal);
    }
}
