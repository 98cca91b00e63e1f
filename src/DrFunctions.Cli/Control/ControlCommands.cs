using System.CommandLine;
using System.Globalization;
using DrFunctions.Cli.Api;
using DrFunctions.Cli.Terminal;
using DrFunctions.Recovery.Control;

namespace DrFunctions.Cli.Control;

/// <summary><c>dr control show</c> and <c>dr control take</c></summary>
internal static class ControlCommands
{
    private const int LabelWidth = 16;

    /// <summary>Shows which app acts.</summary>
    public static Command Show(CommandContext context) =>
        context.AppCommand("show", "Show whether the app that is asked is in control or stands by, and when each app was last seen.", [],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                return Write(invocation.Output, await app.ReadControlAsync(cancellationToken));
            });

    /// <summary>Has the app that is asked take over.</summary>
    public static Command Take(CommandContext context)
    {
        var reason = new Option<string>("--reason") { Description = "Why; it is recorded with your name.", HelpName = "TEXT", Required = true };
        var overrides = new Option<string?>("--override")
        {
            Description = "With 'fence' you answer for it that the other app does not act any more, when neither its account nor Resource Manager says so.",
            HelpName = "RULE",
        };
        return context.AppCommand(
            "take",
            "Have the app that is asked, which stands by, take control over. It acts a minute later; runs that were under way wait for a person.",
            [reason, overrides],
            async (invocation, cancellationToken) =>
            {
                using var app = invocation.OpenApp();
                var body = new ControlTaking(invocation.Value(reason), invocation.Value(overrides));
                return Write(invocation.Output, await app.TakeControlAsync(body, cancellationToken));
            });
    }

    private static int Write(Output output, ControlStatus control)
    {
        if (output.IsJson)
        {
            output.Document(control);
            return ExitCodes.Success;
        }

        output.Say(control.Role switch
        {
            ControlRole.InControl => $"[green]●[/] the app in {Output.Text(control.Region)} is in control",
            ControlRole.Settling => $"[yellow]●[/] the app in {Output.Text(control.Region)} takes over, and acts from {Output.Time(control.ActsFrom)} on",
            _ => $"[yellow]○[/] the app in {Output.Text(control.Region)} stands by",
        });
        if (control.Term is { } term)
        {
            Line("term", string.Create(CultureInfo.InvariantCulture, $"{term.Term}, of the app in {term.Region}, since {term.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z"));
            Line("by", $"{term.By}: {term.Reason}");
            Line("the other app", term.Fence switch
            {
                ControlFence.First => "never was in control",
                ControlFence.Told => "was told in its own account",
                ControlFence.Stopped => "was stopped, as Resource Manager confirmed",
                _ => "is answered for by whoever took over",
            });
        }

        foreach (var app in control.Apps)
        {
            Line(app.Account == control.Account ? "this app" : "the other app", $"in {app.Region}, last seen {Quantities.Seconds(app.AgoSeconds)} ago");
        }

        if (control.OtherAccountAnswers == false)
        {
            Line("mirror", "the other app's account does not answer");
        }

        if (control.Unmirrored > 0)
        {
            Line("mirror", $"{control.Unmirrored} documents or journals may not be there yet");
        }

        if (control is { OtherAccountAnswers: null })
        {
            Line("mirror", "none: if this region is lost, nothing is left of plans and runs (Dr__MirrorStorage)");
        }
        else if (control.Apps.Count < 2)
        {
            Line("the other app", "was never seen: if this region is lost, nobody takes over");
        }

        return ExitCodes.Success;

        void Line(string label, string text) => output.Say(Labelled.Draw(label, LabelWidth, new Spectre.Console.Text(text)));
    }
}
