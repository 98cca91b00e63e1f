using System.Text.Json;
using System.Text.RegularExpressions;
using DrFunctions.Cli.Plans;
using DrFunctions.Recovery.Permissions;
using DrFunctions.Testing.Files;

namespace DrFunctions.Cli.Tests.Plans;

public sealed class PlanRolesCommandTests
{
    private static readonly string s_sample = RepositoryRoot.Combine("samples", "shop.yaml");

    [Fact]
    public async Task Roles_OfAFile_AreCommandsThatMakeThem()
    {
        var outcome = await Dr.RunAsync(["plan", "roles", s_sample]);

        Assert.Equal(ExitCodes.Success, outcome.Code);
        var lines = outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var define = lines.Where(line => line.StartsWith("az role definition create --role-definition '", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, define.Count);
        Assert.All(define, line =>
        {
            var role = JsonDocument.Parse(line[(line.IndexOf('\'', StringComparison.Ordinal) + 1)..^1]).RootElement; // The sample has no quote.
            Assert.True(role.GetProperty("IsCustom").GetBoolean());
            Assert.NotEqual(0, role.GetProperty("Actions").GetArrayLength());
            Assert.Equal("/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop", role.GetProperty("AssignableScopes")[0].GetString());
        });
        Assert.Contains(lines, line => line.EndsWith("--scope '/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop/providers/Microsoft.Web/sites/shop-westeurope'", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.EndsWith("--role 'Storage Blob Data Contributor' --scope \"$STORAGE_SHOP_NORTHEUROPE_STORAGE\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Roles_AsJson_AreDefinitionsAssignmentsAndStorage()
    {
        var outcome = await Dr.RunAsync(["--json", "plan", "roles", s_sample]);

        var document = JsonDocument.Parse(outcome.Output).RootElement;
        Assert.Equal(3, document.GetProperty("definitions").GetArrayLength());
        Assert.Equal(4, document.GetProperty("assignments").GetArrayLength());
        Assert.Equal(2, document.GetProperty("storage").GetArrayLength());
    }

    [Fact]
    public async Task Roles_AsBicep_AreTheSameRolesInAFileForEachPlace()
    {
        using var folder = new TemporaryFolder();

        var outcome = await Dr.RunAsync(["plan", "roles", RepositoryRoot.Combine("samples", "runbooks", "hot.yaml"), "--bicep", folder.Path]);
        using var data = JsonDocument.Parse((await Dr.RunAsync(["--json", "plan", "roles", RepositoryRoot.Combine("samples", "runbooks", "hot.yaml")])).Output);

        Assert.Equal((ExitCodes.Success, ""), (outcome.Code, outcome.Error));
        var files = Directory.GetFiles(folder.Path).ToDictionary(path => Path.GetFileName(path), File.ReadAllText);
        Assert.All(files.Keys, name => Assert.Contains(name, outcome.Output, StringComparison.Ordinal));
        var wanted = data.RootElement.GetProperty("assignments").EnumerateArray().Select(one => one.GetProperty("scope").GetString()!).ToList(); // each has one
        Assert.Equal(wanted.Count, files.Values.Sum(text => Count(text, "'Microsoft.Authorization/roleAssignments@2022-04-01' = {")));
        Assert.All(wanted.Where(scope => scope.Contains("/providers/", StringComparison.Ordinal)), scope => Assert.Contains(
            files.Values, text => text.Contains($"'{string.Join('/', scope.Split('/')[8..].Where((_, index) => index % 2 == 0))}'", StringComparison.Ordinal)));
        foreach (var action in data.RootElement.GetProperty("definitions").EnumerateArray().SelectMany(role => role.GetProperty("actions").EnumerateArray()))
        {
            Assert.Contains(files.Values, text => text.Contains($"          '{action.GetString()}'\n", StringComparison.Ordinal));
        }

        foreach (var (name, text) in files)
        {
            Assert.True(Count(text, "{") == Count(text, "}") && Count(text, "[") == Count(text, "]") && Count(text, "(") == Count(text, ")"), $"{name}\n{text}");
            Assert.Single(text.Split('\n'), line => line.StartsWith("targetScope = '", StringComparison.Ordinal));

            // What is referred to is there, and what is there is referred to.
            foreach (var symbol in Regex.Matches(text, @"^resource ((?:role|target)\d+) ", RegexOptions.Multiline).Select(match => match.Groups[1].Value))
            {
                Assert.True(Regex.IsMatch(text, $@"[ (]{symbol}(\.id)?[\n,)]"), $"{name}: {symbol}");
            }

            foreach (var symbol in Regex.Matches(text, @"\b((?:role|target)\d+)\.id").Select(match => match.Groups[1].Value).Distinct())
            {
                Assert.Contains($"resource {symbol} '", text, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Bicep_TextThatBicepWouldRead_IsText()
    {
        var roles = new PlanRoles(
            [new("DrFunctions o'shop ${x} 1", "it's a \\ test", ["Microsoft.Web/sites/read"], [], [])],
            [new("DrFunctions o'shop ${x} 1", "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/a")],
            []);

        var (name, text) = Assert.Single(RolesBicep.Of("shop", roles));

        Assert.Equal("shop-roles-s-g.bicep", name);
        Assert.Contains(@"roleName: 'DrFunctions o\'shop \${x} 1 (${resourceGroup().name})'", text, StringComparison.Ordinal);
        Assert.Contains(@"description: 'it\'s a \\ test'", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Bicep_AResourceOfAnUnknownType_IsNamed()
    {
        var roles = new PlanRoles([new("r", "d", ["a"], [], [])], [new("r", "/subscriptions/s/resourceGroups/g/providers/Microsoft.Odd/things/a")], []);

        var refusal = Assert.Throws<CliException>(() => RolesBicep.Of("shop", roles));

        Assert.StartsWith("'Microsoft.Odd/things' cannot be named in Bicep", refusal.Message, StringComparison.Ordinal);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    [Fact]
    public async Task Schema_IsTheSchemaWithTheKindsOfStep()
    {
        var outcome = await Dr.RunAsync(["plan", "schema"]);

        Assert.Equal("object", JsonDocument.Parse(outcome.Output).RootElement.GetProperty("$defs").GetProperty("fence").GetProperty("type").GetString());
    }
}
