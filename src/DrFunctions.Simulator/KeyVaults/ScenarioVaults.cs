using System.Text.RegularExpressions;
using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.KeyVaults;

/// <summary>Finds what is wrong with the vaults of a scenario.</summary>
internal static partial class ScenarioVaults
{
    public static void Check(List<string> errors, Scenario scenario)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < scenario.KeyVaults.Count; i++)
        {
            var (vault, at) = (scenario.KeyVaults[i], $"keyVaults[{i}]");
            Require(VaultName().IsMatch(vault.Name), "name", "3 to 24 letters, digits and hyphens", vault.Name);
            Require(seen.Add(vault.Name), "name", "a name that no other vault has", vault.Name);
            Require(
                scenario.Regions.Any(region => ArmRouter.Is(region.Name, vault.Region)),
                "region",
                "one of " + string.Join(", ", scenario.Regions.Select(region => region.Name)),
                vault.Region);
            var keys = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            for (var k = 0; k < vault.Keys.Count; k++)
            {
                Require(IsKeyName(vault.Keys[k]) && keys.Add(vault.Keys[k]), $"keys[{k}]", "1 to 127 letters, digits and hyphens, each name once", vault.Keys[k]);
            }

            void Require(bool valid, string member, string expected, string found)
            {
                if (!valid)
                {
                    errors.Add($"{at}.{member}: expected {expected} and found '{found}'");
                }
            }
        }
    }

    public static bool IsKeyName(string name) => KeyName().IsMatch(name);

    [GeneratedRegex("^[0-9A-Za-z-]{3,24}$")]
    private static partial Regex VaultName();

    [GeneratedRegex("^[0-9A-Za-z-]{1,127}$")]
    private static partial Regex KeyName();
}
