using System.Diagnostics;
using System.Text;
using System.Text.Json;
using DrFunctions.Recovery.Fences;
using DrFunctions.Recovery.Runbooks;
using DrFunctions.Recovery.Runs;
using DrFunctions.Recovery.Steps;
using DrFunctions.Recovery.Steps.Deploy;
using DrFunctions.Recovery.Steps.Http;
using DrFunctions.Recovery.Steps.Notify;
using DrFunctions.Recovery.Tests.Fences;
using DrFunctions.Recovery.Tests.Runs;
using DrFunctions.Recovery.Workloads;
using DrFunctions.Testing.Files;
using DrFunctions.Testing.Recovery;

namespace DrFunctions.Recovery.Tests.Steps.Commands;

/// <summary>Exported scripts run by the machine's own shell, with tools in place of az and the others that write down what they were given.</summary>
public sealed class ExportedScriptTests
{
    private const string Body = "{\n  \"who\": \"it's @me\",\r\n\t\"cost\": \"$5 `id` \\\\ 100%\"\n}\n\n";
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(10);
    private static readonly string[] s_tools = ["az", "curl", "dig", "dr", "jq", "mv", "sleep"];

    [ToolFact("sh", "dash")]
    public async Task Script_OfEveryStepAndFence_GivesEachToolTheWordsThatItShows()
    {
        var (plan, fences) = Fences();
        var runbook = new Runbook("failover", [.. SampleSteps.All, .. fences]);
        var commands = runbook.Steps.SelectMany(step => StepKindCatalog.Of(step).AzCommands(step, plan)).ToList();

        var calls = await RunAsync(ManualSteps.Of(plan, runbook, null));

        // What a shell expands is another test's.
        var plain = commands.Where(command => !command.Contains('$', StringComparison.Ordinal) && !command.Contains("&&", StringComparison.Ordinal))
            .Select(ShellWords.Of).Where(words => words.Count > 0 && s_tools.Contains(words[0])).ToList();
        Assert.InRange(plain.Count, 25, 100);
        Assert.All(plain, words => Assert.Contains(calls, call => call.SequenceEqual(words)));
    }

    /// <summary>A body's line breaks, quotes and signs arrive as the plan has them, in a script of steps that are done, too.</summary>
    [ToolFact("sh", "dash")]
    public async Task Script_OfABodyWithLineBreaks_SendsItToTheByte()
    {
        var http = new HttpStep("http", s_limit, "POST", new Uri("https://hooks.example.org/moved?to[]={north}")) { Body = Body };

        var call = Assert.Single(await RunAsync(ManualSteps.Of(SampleSteps.Plan, new Runbook("failover", [http]), null)));

        Assert.Equal(Body, call[call.IndexOf("--data-raw") + 1]);
        Assert.Contains("--globoff", call);
        Assert.Equal(http.Url.AbsoluteUri, call[^1]);
    }

    /// <summary>az reads a file for what begins with '@', behind a parameter's '=' as well: neither may be given to it.</summary>
    [ToolFact("sh", "dash")]
    public async Task Script_OfValuesThatBeginWithAnAt_GivesAzNoFilesName()
    {
        var deploy = new DeployStep(
            "deploy",
            s_limit,
            "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/shop",
            new(new BlobContainer("TEMPLATES", "templates"), "@home/it's.json", null),
            new Dictionary<string, string> { ["owner"] = "@/etc/passwd", ["mail"] = "ann@example.org", ["size"] = "3", ["path"] = "a=@b" }
                .ToDictionary(each => each.Key, each => JsonSerializer.SerializeToElement(each.Value)),
            []);

        var calls = await RunAsync(ManualSteps.Of(SampleSteps.Plan, new Runbook("failover", [deploy]), null));

        Assert.Equal(2, calls.Count);
        Assert.Equal("input:@home/it's.json", calls[0][calls[0].IndexOf("--name") + 1]);
        Assert.Equal(
            ["{\"owner\":{\"value\":\"\\u0040/etc/passwd\"}}", "mail=ann@example.org", "size=3", "path=a=@b"],
            calls[1].SkipWhile(word => word != "--parameters").Skip(1));
        Assert.All(calls.SelectMany(call => call), word => Assert.False(word[(word.IndexOf('=', StringComparison.Ordinal) + 1)..].StartsWith('@') || word.StartsWith('@'), word));
    }

    /// <summary>Backslashes are nothing to any shell's printf, as they are to some echo's.</summary>
    [ToolFact("sh", "dash")]
    public async Task Script_OfAMessage_PrintsItAsItIs()
    {
        var notify = new NotifyStep("notify", s_limit, "OPS_TOPIC", "C:\\new %s\nsecond line");

        var (output, calls) = await ShellAsync(ManualSteps.Of(SampleSteps.Plan, new Runbook("failover", [notify]), null));

        Assert.Empty(calls);
        Assert.Equal("tell whoever listens to OPS_TOPIC: C:\\new %s\nsecond line\n", output);
    }

    [ToolFact("sh", "dash")]
    public async Task Script_OfWhatNoShellCanPassOn_SaysSoAndSendsNothing()
    {
        var http = new HttpStep("http", s_limit, "POST", new Uri("https://hooks.example.org/moved")) { Body = "a\0b" };

        var script = ManualSteps.Of(SampleSteps.Plan, new Runbook("failover", [http]), null);

        Assert.Contains("# No shell can pass on what this step sends, because there is a NUL character in it: do it with another tool.\n", script, StringComparison.Ordinal);
        Assert.Empty(await RunAsync(script));
    }

    /// <summary>What is done is a comment, whole: the second line of a body must not become a command.</summary>
    [ToolFact("sh", "dash")]
    public async Task Script_OfARunWhoseHttpStepIsDone_SendsNothingAgain()
    {
        var plan = Builders.APlan().Build();
        var http = new HttpStep("tell", s_limit, "POST", new Uri("https://hooks.example.org/moved")) { Body = "first\naz webapp delete\n" };
        var scene = new RecoveryScene(plan with
        {
            HttpHosts = SampleSteps.Plan.HttpHosts,
            Runbooks = new Dictionary<string, Runbook> { ["failover"] = new("failover", [http, .. plan.Runbooks["failover"].Steps]) },
        });
        scene.Restore.Snapshots.Clear(); // The run waits behind its fence.
        var script = "";
        await new RunDriver(scene)
        {
            WhenPaused = run =>
            {
                script = ManualSteps.Of(scene.Plan, scene.Plan.Runbooks["failover"], run);
                return Task.CompletedTask;
            },
        }.StartAsync(scene.Request());

        var calls = await RunAsync(script);

        Assert.Contains("# az webapp delete\n", script, StringComparison.Ordinal);
        Assert.NotEmpty(calls);
        Assert.DoesNotContain(calls, call => call.Contains("delete") || call.Contains("POST"));
    }

    private static (WorkloadPlan Plan, IEnumerable<RunbookStep> Steps) Fences()
    {
        DataStore[] stores = [FenceScene.Orders, FenceScene.Files, FenceScene.Ledger, FenceScene.Books, FenceScene.Pages];
        var plan = SampleSteps.Plan with { Stores = stores };
        Assert.Equal(FenceCatalog.All.Select(kind => kind.Name), FenceSite.Of(plan, RegionRole.Primary).Select(site => site.Kind.Name).Order(StringComparer.Ordinal));
        return (plan, [new DrFunctions.Recovery.Steps.Fence.FenceStep("fenceAll", s_limit, RegionRole.Primary)]);
    }

    private static async Task<IReadOnlyList<List<string>>> RunAsync(string script) => (await ShellAsync(script)).Calls;

    // The script in a folder of its own, with no other tools in its path; each call is a line of hexadecimal words.
    private static async Task<(string Output, IReadOnlyList<List<string>> Calls)> ShellAsync(string script)
    {
        using var folder = new TemporaryFolder();
        var bin = Directory.CreateDirectory(Path.Combine(folder.Path, "bin"));
        foreach (var tool in s_tools)
        {
            var path = Path.Combine(bin.FullName, tool);
            await File.WriteAllTextAsync(path, Recorder);
            if (!OperatingSystem.IsWindows()) // which has no sh either
            {
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }

        var file = Path.Combine(folder.Path, "script.sh");
        await File.WriteAllTextAsync(file, script, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await ShellAsync(folder.Path, bin.FullName, "-n", file);
        var output = await ShellAsync(folder.Path, bin.FullName, file);
        var log = Path.Combine(folder.Path, "calls");
        return (output, File.Exists(log) ? [.. (await File.ReadAllLinesAsync(log)).Select(Words)] : []);
    }

    private static async Task<string> ShellAsync(string folder, string bin, params string[] arguments)
    {
        var start = new ProcessStartInfo("/bin/sh", arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment.Clear();
        start.Environment["PATH"] = bin;
        start.Environment["CALLS"] = Path.Combine(folder, "calls");
        using var process = Process.Start(start)!; // not a shell's
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(patience.Token), process.StandardError.ReadToEndAsync(patience.Token));
        await process.WaitForExitAsync(patience.Token);
        Assert.True(process.ExitCode == 0 && await errors == "", $"sh {arguments[0]}: {process.ExitCode}: {await errors}");
        return await output;
    }

    private static List<string> Words(string line) =>
        [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => Encoding.UTF8.GetString(Convert.FromHexString(word[1..])))];

    // Every word as hexadecimal digits behind an x, so that nothing in it can be taken for the end of one. What az would read from its
    // input for '@-' is written in its place.
    private const string Recorder = """
        #!/bin/sh
        line=
        for word in "${0##*/}" "$@"; do
          if [ "$word" = @- ]; then word="input:$(/bin/cat; printf .)"; word="${word%.}"; fi
          line="$line x$(printf %s "$word" | /usr/bin/od -An -v -tx1 | /usr/bin/tr -d ' \n')"
        done
        printf '%s\n' "$line" >> "$CALLS"

        """;
}
