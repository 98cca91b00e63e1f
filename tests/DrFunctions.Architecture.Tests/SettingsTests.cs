using System.Text.Json;
using System.Text.RegularExpressions;

namespace DrFunctions.Architecture.Tests;

/// <summary>What the code reads, what docs/design.md section 4 documents and what the sample sets are the same settings.</summary>
public sealed partial class SettingsTests
{
    [Fact]
    public void Settings_ThatTheCodeReads_AreDocumented() => Assert.Empty(Read().Except(Documented()));

    [Fact]
    public void Settings_ThatAreDocumented_AreRead() => Assert.Empty(Documented().Except(Read()));

    [Fact]
    public void Settings_ThatAreDocumented_AreInTheSample() => Assert.Empty(Documented().Append("AzureWebJobsStorage").Except(Sample().Keys));

    [Fact]
    public void Sample_HasNoOtherSettings()
    {
        var allowed = Documented().Concat(PlanConnections()).Append("AzureWebJobsStorage").Append("FUNCTIONS_WORKER_RUNTIME");

        Assert.Empty(Sample().Keys.Except(allowed));
    }

    [Fact]
    public void Sample_HasTheConnectionsOfTheSamplePlan() => Assert.Empty(PlanConnections().Except(Sample().Keys));

    [Fact]
    public void Sample_HoldsNoSecret() =>
        Assert.All(Sample().Values, value => Assert.DoesNotMatch("(?i)accountkey|sharedaccess|password|[A-Za-z0-9+/]{40,}", value));

    /// <summary>The settings of this app that docs/design.md names.</summary>
    internal static HashSet<string> Documented() =>
        [.. DocumentedSetting().Matches(Repository.Section(Repository.Read("docs", "design.md"), "## 4. Settings")).Select(match => match.Groups[1].Value)];

    internal static Dictionary<string, string> Sample() =>
        JsonDocument.Parse(Repository.Read("local.settings.sample.json")).RootElement.GetProperty("Values").EnumerateObject()
            .ToDictionary(setting => setting.Name, setting => setting.Value.GetString() ?? "");

    private static HashSet<string> PlanConnections() =>
        [.. Connection().Matches(Repository.Read("samples", "shop.yaml")).Select(match => match.Groups[1].Value)];

    private static HashSet<string> Read() =>
        [.. Repository.Projects
            .Where(project => project.Name is not ("DrFunctions.Cli" or "DrFunctions.Simulator")) // they set the app's settings and read none
            .SelectMany(project => Repository.Sources(project.Folder))
            .SelectMany(file => ReadSetting().Matches(File.ReadAllText(file)))
            .Select(match => $"Dr__{match.Groups[1].Value}")];

    [GeneratedRegex(@"^\| `(Dr__[A-Za-z]+)` \|", RegexOptions.Multiline)]
    private static partial Regex DocumentedSetting();

    [GeneratedRegex(@"""Dr(?::|__)([A-Za-z]+)")]
    private static partial Regex ReadSetting();

    [GeneratedRegex(@"\{ connection: ([A-Z_]+),")]
    private static partial Regex Connection();
}
