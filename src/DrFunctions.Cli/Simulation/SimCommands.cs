using System.CommandLine;
using DrFunctions.Cli.Terminal;
using DrFunctions.Simulator;
using DrFunctions.Simulator.Faults;
using DrFunctions.Simulator.Requests;

namespace DrFunctions.Cli.Simulation;

/// <summary>The <c>dr sim</c> commands that look at a running simulator and change it.</summary>
internal static class SimCommands
{
    private static readonly SimulatorAccess Access = new();

    /// <summary><c>dr sim state</c></summary>
    public static Command State(CommandContext context) =>
        Access.Command(context, "state", "Show the simulated cloud.", [], async (invocation, client, cancellationToken) =>
        {
            var state = await client.GetStateAsync(cancellationToken);
            if (invocation.Output.IsJson)
            {
                invocation.Output.Document(state);
                return;
            }

            invocation.Output.Say($"Resource Manager {state.ResourceManager} is {(state.ResourceManagerDark ? "[red]dark[/]" : "[green]lit[/]")}; DNS {state.Dns}; {Output.Time(state.Now)}, seed {state.Seed}.");
            foreach (var table in SimulatorText.Tables(state))
            {
                invocation.Output.Say(table);
            }
        });

    /// <summary><c>dr sim set region|rm|site</c></summary>
    public static Command Set(CommandContext context)
    {
        var region = new Argument<string>("REGION") { Description = "A region of the scenario." };
        var site = new Argument<string>("SITE") { Description = "A web app." };
        var light = new Argument<string>("STATE") { Description = "dark or lit." };
        var running = new Argument<string>("STATE") { Description = "running or stopped." };
        light.AcceptOnlyFromAmong("dark", "lit");
        running.AcceptOnlyFromAmong("running", "stopped");
        return new Command("set", "Change the simulated cloud.")
        {
            Access.Command(context, "region", "Take a region's web endpoints down, or bring them back.", [region, light], async (invocation, client, cancellationToken) =>
            {
                await client.SetRegionDarkAsync(invocation.Value(region), invocation.Value(light) == "dark", cancellationToken);
                Done(invocation, $"Region {invocation.Value(region)} is {invocation.Value(light)}.");
            }),
            Access.Command(context, "rm", "Let Resource Manager close every connection, or answer again.", [light], async (invocation, client, cancellationToken) =>
            {
                await client.SetResourceManagerDarkAsync(invocation.Value(light) == "dark", cancellationToken);
                Done(invocation, $"Resource Manager is {invocation.Value(light)}.");
            }),
            Access.Command(context, "site", "Start or stop a web app.", [site, running], async (invocation, client, cancellationToken) =>
            {
                await client.SetSiteStateAsync(invocation.Value(site), invocation.Value(running) == "running" ? SiteStatus.Running : SiteStatus.Stopped, cancellationToken);
                Done(invocation, $"Web app {invocation.Value(site)} is {invocation.Value(running)}.");
            }),
        };
    }

    /// <summary><c>dr sim fault add|list|remove</c></summary>
    public static Command Fault(CommandContext context)
    {
        var file = new Argument<string>("FILE") { Description = "A fault script, JSON; its times count from now." };
        var id = new Argument<string>("ID") { Description = "A fault's id." };
        return new Command("fault", "Faults of the simulated cloud.")
        {
            Access.Command(context, "add", "Add the faults of a script.", [file], async (invocation, client, cancellationToken) =>
            {
                var ids = await client.AddFaultsAsync(SimulatorFiles.ReadFaults(invocation.Value(file)).Faults, cancellationToken);
                Done(invocation, $"Added {string.Join(", ", ids)}.", new { ids });
            }),
            Access.Command(context, "list", "List faults, and how often each has struck.", [], async (invocation, client, cancellationToken) =>
            {
                var faults = await client.GetFaultsAsync(cancellationToken);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(faults);
                }
                else if (faults.Count == 0)
                {
                    invocation.Output.Say("No faults.");
                }
                else
                {
                    invocation.Output.Say(SimulatorText.Faults(faults));
                }
            }),
            Access.Command(context, "remove", "End a fault and forget it.", [id], async (invocation, client, cancellationToken) =>
            {
                await client.RemoveFaultAsync(invocation.Value(id), cancellationToken);
                Done(invocation, $"Fault {invocation.Value(id)} is removed.");
            }),
        };
    }

    /// <summary><c>dr sim requests</c></summary>
    public static Command Requests(CommandContext context)
    {
        var follow = new Option<bool>("--follow") { Description = "Go on with those that come, until Ctrl+C; with --json, one document a line." };
        var probes = new Option<bool>("--probes") { Description = "Also Traffic Manager's probes." };
        var wire = new Option<string?>("--wire") { Description = "Only resource-manager, dns, web or probe.", HelpName = "WIRE" };
        return Access.Command(context, "requests", "Show the requests that the simulator logged.", [follow, probes, wire], async (invocation, client, cancellationToken) =>
        {
            var filter = new RequestFilter { Wire = invocation.Value(wire), Probe = invocation.Value(probes) ? null : false };
            var page = await client.GetRequestsAsync(filter, cancellationToken);
            if (invocation.Output.IsJson && !invocation.Value(follow))
            {
                invocation.Output.Document(page);
                return;
            }

            if (page.Dropped > 0)
            {
                invocation.Output.Say($"[dim]{page.Dropped} older requests were forgotten.[/]");
            }

            while (true)
            {
                foreach (var request in page.Requests)
                {
                    Say(invocation.Output, request);
                }

                if (!invocation.Value(follow))
                {
                    return;
                }

                page = await client.WaitForAsync(filter with { After = page.Next }, 1, cancellationToken);
            }
        });
    }

    /// <summary><c>dr sim reset</c></summary>
    public static Command Reset(CommandContext context) =>
        Access.Command(context, "reset", "Put everything back to the scenario and begin its fault script anew.", [], async (invocation, client, cancellationToken) =>
        {
            await client.ResetAsync(cancellationToken);
            Done(invocation, "Everything is as it was at the start.");
        });

    /// <summary><c>dr sim schema</c></summary>
    public static Command Schema(CommandContext context)
    {
        var which = new Argument<string>("WHICH") { Description = "scenario or faults.", DefaultValueFactory = _ => "scenario" };
        which.AcceptOnlyFromAmong("scenario", "faults");
        return context.Command("schema", "Print the JSON Schema (2020-12) of scenario files or fault scripts.", [which], (invocation, _) =>
        {
            invocation.Output.Raw(invocation.Value(which) == "faults" ? FaultScript.Schema : Scenario.Schema);
            return Task.FromResult(ExitCodes.Success);
        });
    }

    private static void Say(Output output, LoggedRequest request)
    {
        if (output.IsJson)
        {
            output.Line(request);
        }
        else
        {
            output.Say(Output.Text(SimulatorText.Line(request)));
        }
    }

    private static void Done(CommandInvocation invocation, string text, object? document = null)
    {
        if (invocation.Output.IsJson)
        {
            invocation.Output.Document(document ?? new { done = true });
        }
        else
        {
            invocation.Output.Say(Output.Text(text));
        }
    }
}
