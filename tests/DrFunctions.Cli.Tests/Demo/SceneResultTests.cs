using DrFunctions.Cli.Demo;
using DrFunctions.Recovery.Objectives;

namespace DrFunctions.Cli.Tests.Demo;

public sealed class SceneResultTests
{
    [Theory]
    [InlineData("Met", "Met", true, "[bold green]The shop survived.[/]")]
    [InlineData("AtRisk", "AtRisk", true, "[bold green]The shop survived.[/]")]
    [InlineData("Breached", "Met", false, "[bold red]The shop is back, but the RTO was breached.[/]")]
    [InlineData("Met", "Unknown", false, "[bold red]The shop is back, but the RPO is unknown.[/]")]
    [InlineData("Unknown", "Breached", false, "[bold red]The shop is back, but the RTO is unknown and the RPO was breached.[/]")]
    public void LastWords_FollowTheVerdicts(string rto, string rpo, bool kept, string begin)
    {
        var result = new SceneResult(
            "shop-1", 12, 9, 60, Enum.Parse<ObjectiveVerdict>(rto), null, 900, Enum.Parse<ObjectiveVerdict>(rpo), null, null, null, 7, 8, "evidence", []);

        Assert.Equal(kept, result.KeptObjectives);
        Assert.StartsWith($"{begin} Scene ", result.LastWords(), StringComparison.Ordinal);
        Assert.EndsWith("; 7 files identical.", result.LastWords(), StringComparison.Ordinal);
    }
}
