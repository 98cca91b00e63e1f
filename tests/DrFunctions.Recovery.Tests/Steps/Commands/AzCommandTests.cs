using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using DrFunctions.Recovery.Fences;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.Approval;
using DrFunctions.Recovery.Steps.Conditions;
using DrFunctions.Recovery.Steps.Deploy;
using DrFunctions.Recovery.Steps.Http;
using DrFunctions.Recovery.Steps.Notify;
using DrFunctions.Recovery.Steps.Probe;
using DrFunctions.Recovery.Tests.Fences;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Files;

namespace DrFunctions.Recovery.Tests.Steps.Commands;

/// <summary>The steps as commands: what a person pastes at three in the morning means what the plan says, and az understands it.</summary>
public sealed partial class AzCommandTests
{
    private const string Evil = "a'; touch $HOME/owned; echo \"`id`\" $(id) \\ #\n\r\u2028rm -rf ~ && 'b";

    // Longer than az takes to start on a slow machine.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(5);

    // What came to az after 2.45, which Debian has.
    private static readonly (string Words, Version Since)[] s_newer =
        [("postgres flexible-server replica promote", new(2, 56, 0)), ("--failover-type", new(2, 60, 0))];

    public static TheoryData<string> Kinds => [.. StepKindCatalog.All.Select(kind => kind.Name)];

    public static TheoryData<string> AzCommands => [.. AllAzCommands];

    private static IEnumerable<string> AllAzCommands => SampleSteps.All
        .SelectMany(step => StepKindCatalog.Of(step).AzCommands(step, SampleSteps.Plan))
        .Concat(FenceCommands)
        .SelectMany(command => ShellWords.Inner(command).Append(command))
        .SelectMany(command => command.Split(" && ").SelectMany(part => part.Split(" | ")))
        .Where(command => command.StartsWith("az ", StringComparison.Ordinal))
        .Distinct();

    // Of every kind of fence, in both regions.
    private static IEnumerable<string> FenceCommands => new[] { RegionRole.Primary, RegionRole.Secondary }
        .SelectMany(role => FenceSite.Of(FenceScene.Plan(FenceScene.Orders, FenceScene.Files, FenceScene.Ledger, FenceScene.Books, FenceScene.Pages), role))
        .SelectMany(site => site.Kind.AzCommands(site));

    [Fact]
    public void Commands_OfEveryFence_AreAmongThoseThatAzIsAskedFor()
    {
        string[] expected =
        [
            "az postgres flexible-server stop ", "az sql failover-group show ", "az storage account update ", "az storage account show ", "az storage blob upload ",
            "az storage blob download ", "az webapp stop ",
        ];

        Assert.All(expected, words => Assert.Contains(AllAzCommands, command => command.StartsWith(words, StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Commands_OfAKind_AreWholeWords(string kind)
    {
        foreach (var step in SampleSteps.All.Where(step => StepKindCatalog.Of(step).Name == kind))
        {
            Assert.All(StepKindCatalog.Of(step).AzCommands(step, SampleSteps.Plan), command =>
            {
                var words = ShellWords.Of(command);
                Assert.True(words.Count == 0 || words[0] is "az" or "curl" or "dig" or "dr" or "printf" or "sleep" or ":", command);
            });
        }
    }

    [Fact]
    public void Commands_OfTextThatPeopleWrote_KeepItOneWord()
    {
        foreach (var (step, word) in Hostile())
        {
            var words = StepKindCatalog.Of(step).AzCommands(step, SampleSteps.Plan).SelectMany(ShellWords.Of).ToList();
            Assert.True(word is null || words.Exists(each => each.EndsWith(word, StringComparison.Ordinal)), $"{step.Name}: {string.Join(" | ", words)}");
            Assert.DoesNotContain(words, each => each is "touch" or "rm");
        }
    }

    [ToolFact("bash", "bash")]
    public async Task Script_OfHostileSteps_IsASyntaxThatBashTakesAndRunsNothingOfTheText()
    {
        var runbook = new Runbook("failover", [.. SampleSteps.All, .. Hostile().Select((each, index) => each.Step with { Name = $"hostile{index}" })]);
        var script = ManualSteps.Of(SampleSteps.Plan, runbook, null);

        var (syntax, errors) = await RunAsync("bash", script, "-n");
        Assert.True(syntax == 0, errors);

        // With every tool a function that does nothing, whatever else runs comes from the text.
        var (code, output) = await RunAsync("bash", "az() { :; }; curl() { :; }; dig() { :; }; dr() { :; }; sleep() { :; }; touch() { echo OWNED; }; rm() { echo OWNED; }; id() { echo OWNED; }\nset +u\n" + script);
        Assert.True(code == 0, output);
        Assert.DoesNotContain("OWNED\n", output, StringComparison.Ordinal);
        Assert.DoesNotContain("not found", output, StringComparison.Ordinal);
    }

    /// <summary>
    /// Whatever its parser does not take, az refuses with 2 before it looks for a login; nothing is sent anywhere. az takes seconds to
    /// start, so that it is asked only on demand.
    /// </summary>
    [ToolTheory("az", "azure-cli", "DR_CHECK_AZ")]
    [MemberData(nameof(AzCommands))]
    public async Task Command_GivenToAz_IsUnderstood(string command)
    {
        if (s_newer.FirstOrDefault(each => command.Contains(each.Words, StringComparison.Ordinal)) is { Words: not null } newer && await VersionAsync() < newer.Since)
        {
            return; // This az does not know it yet.
        }

        // Without the commands in it, which are checked by themselves, and without what az would fetch from anywhere.
        var words = ShellWords.Of(command).Skip(1).Select(word => word.StartsWith("$(", StringComparison.Ordinal)
            ? "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop/providers/Microsoft.Network/trafficManagerProfiles/shop/azureEndpoints/one"
            : word.Replace("https://templates.example/", "file:///nowhere/", StringComparison.Ordinal).Replace("$TEMPLATES", "UseDevelopmentStorage=", StringComparison.Ordinal));

        var (code, output) = await RunAsync("az", "", [.. words, "--only-show-errors"]);

        Assert.True(code != 2, $"{command}: {output}");
        Assert.DoesNotMatch(Misunderstood(), output);
    }

    private static IEnumerable<(RunbookStep Step, string? Word)> Hostile()
    {
        var limit = TimeSpan.FromMinutes(10);
        yield return (new NotifyStep("notify", limit, "OPS_TOPIC", Evil), Evil);
        yield return (new ApprovalStep("approval", limit, Evil, new(1, TimeSpan.FromMinutes(5))), null);
        yield return (new HttpStep("http", limit, "POST", new Uri("https://hooks.example.org/it's?a=`id`")) { Body = Evil, ContentType = Evil }, Evil);
        yield return (new ProbeStep("probe", limit, 3, TimeSpan.FromSeconds(5)) { Url = new Uri("http://shop.example.org/$(id)'`id`") }, null);
        yield return (new AssertStep("assert", limit, [new Condition.ActiveIn(RegionRole.Primary)]), null);
        yield return (
            new DeployStep(
                "deploy",
                limit,
                "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop",
                new(new BlobContainer("TEMPLATES", "templates"), Evil, null),
                new Dictionary<string, JsonElement> { ["owner"] = JsonSerializer.SerializeToElement(Evil) },
                []),
            Evil);
    }

    private static async Task<Version> VersionAsync()
    {
        var (_, output) = await RunAsync("az", "", "version", "--query", "\"azure-cli\"", "--output", "tsv");
        return Version.Parse(output.Trim());
    }

    private static async Task<(int Code, string Output)> RunAsync(string tool, string input, params string[] arguments)
    {
        // A configuration of its own: whoever runs the tests may be logged in.
        var folder = Directory.CreateTempSubdirectory("az-");
        try
        {
            var start = new ProcessStartInfo(tool, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = folder.FullName,
            };
            start.Environment["AZURE_CONFIG_DIR"] = folder.FullName;
            start.Environment["AZURE_CORE_COLLECT_TELEMETRY"] = "no";
            start.Environment["HOME"] = folder.FullName;
            using var process = Process.Start(start)!; // not a shell's
            using var patience = new CancellationTokenSource(s_patience);
            var output = process.StandardOutput.ReadToEndAsync(patience.Token);
            var errors = process.StandardError.ReadToEndAsync(patience.Token);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(patience.Token);
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [GeneratedRegex("unrecognized arguments|arguments are required|misspelled or not recognized|is not in the .* command group|invalid choice")]
    private static partial Regex Misunderstood();
}
