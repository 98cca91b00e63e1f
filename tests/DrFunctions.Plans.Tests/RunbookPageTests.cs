using DrFunctions.Testing.Files;

namespace DrFunctions.Plans.Tests;

public sealed class RunbookPageTests
{
    [Fact]
    public async Task Example_OfThePage_IsAPlansRunbooks()
    {
        var page = await File.ReadAllTextAsync(RepositoryRoot.Combine("docs", "runbooks.md"));
        var begin = page.IndexOf("```yaml\n", StringComparison.Ordinal) + "```yaml\n".Length;
        var runbooks = page[begin..page.IndexOf("```", begin, StringComparison.Ordinal)];

        var result = PlanReader.Read(Sample.Yaml[..Sample.Yaml.IndexOf("runbooks:\n", StringComparison.Ordinal)] + runbooks);

        Assert.Empty(result.Mistakes);
        Assert.Equal(8, result.Plan!.Runbooks["failover"].Steps.Count); // No mistake is a plan.
    }
}
