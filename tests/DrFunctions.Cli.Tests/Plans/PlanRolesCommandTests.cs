using System.Text.Json;
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
    public async Task Schema_IsTheSchemaWithTheKindsOfStep()
    {
        var outcome = await Dr.RunAsync(["plan", "schema"]);

        Assert.Equal("object", JsonDocument.Parse(outcome.Output).RootElement.GetProperty("$defs").GetProperty("fence").GetProperty("type").GetString());
    }
}
