using System.Globalization;
using System.Text.RegularExpressions;
using DrFunctions.Testing.Files;

namespace DrFunctions.App.Deployments;

/// <summary>The plan <c>samples/shop.yaml</c>, changed line by line.</summary>
internal sealed partial record ShopPlan(string Yaml)
{
    public const string Workload = "shop";
    public const string Group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop/providers";
    public const string West = $"{Group}/Microsoft.Web/sites/shop-westeurope";
    public const string North = $"{Group}/Microsoft.Web/sites/shop-northeurope";

    /// <summary>The sample with the simulator's web port.</summary>
    public static ShopPlan With(int webPort) => new ShopPlan(File.ReadAllText(RepositoryRoot.Combine("samples", "shop.yaml")))
        .Matching(UrlHost(), match => string.Create(CultureInfo.InvariantCulture, $"{match.Value}:{webPort}"));

    /// <summary>A dwell of a second, for tests in which nothing hangs on the default.</summary>
    public ShopPlan Hasty() => With("dwell: 30s", "dwell: 1s");

    /// <summary>The same plan for another workload, whose alerts are about other resources.</summary>
    public ShopPlan For(string workload) => With("workload: shop", $"workload: {workload}")
        .Matching(AlertResource(), match => $"{match.Groups[1].Value}{workload}-{match.Groups[2].Value}");

    /// <summary>Only starts the other region's app: a run of it lasts for as long as that region is dark.</summary>
    public ShopPlan Waiting() => Steps("startWebApp: { region: secondary }");

    /// <summary>The runbook with other steps.</summary>
    public ShopPlan Steps(params string[] steps) =>
        Matching(Runbook(), match => match.Groups[1].Value + string.Concat(steps.Select(step => $"    - {step}\n")));

    /// <summary>A failed step ends the run. The last change of the runbook.</summary>
    public ShopPlan EndingOnFailure() => Matching(
        Runbook(), match => $"  failover:\n    onFailure: end\n    steps:\n{match.Value["  failover:\n".Length..].Replace("    - ", "      - ", StringComparison.Ordinal)}");

    /// <summary>Replaces every occurrence of a text that must be there.</summary>
    public ShopPlan With(string was, string becomes) => Yaml.Contains(was, StringComparison.Ordinal)
        ? new ShopPlan(Yaml.Replace(was, becomes, StringComparison.Ordinal))
        : throw new ArgumentException($"The plan has no '{was}'.", nameof(was));

    private ShopPlan Matching(Regex pattern, MatchEvaluator becomes) => pattern.IsMatch(Yaml)
        ? new ShopPlan(pattern.Replace(Yaml, becomes))
        : throw new ArgumentException($"The plan has no match of '{pattern}'.", nameof(pattern));

    [GeneratedRegex(@"(?<=^[^#\n]*)http://[a-z0-9.-]+(?=/)", RegexOptions.Multiline)]
    private static partial Regex UrlHost();

    [GeneratedRegex(@"^(  failover:\n)(    - .*\n)+", RegexOptions.Multiline)]
    private static partial Regex Runbook();

    [GeneratedRegex(@"^(    - /subscriptions/\S+/)([a-z-]+)$", RegexOptions.Multiline)]
    private static partial Regex AlertResource();
}
