using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using DrFunctions.Recovery.Documents;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace DrFunctions.Cli.Terminal;

/// <summary>
/// What a command says. Without <c>--json</c> people read standard output; with it, standard output carries exactly one JSON
/// document and what is said to people goes to standard error. Colours appear on a terminal only.
/// </summary>
internal sealed class Output
{
    private static readonly JsonSerializerOptions Json = new(DocumentJson.Options)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // read by people and programs, never by a browser
    };

    private static readonly JsonSerializerOptions JsonLine = new(Json) { WriteIndented = false };

    private readonly TextWriter _out;
    private readonly TextWriter _peopleWriter;
    private readonly IAnsiConsole _people;
    private readonly IAnsiConsole _errors;

    /// <summary>Writes to the given streams.</summary>
    /// <param name="standardOutput">Standard output.</param>
    /// <param name="standardError">Standard error.</param>
    /// <param name="json">Whether a program reads.</param>
    public Output(TextWriter standardOutput, TextWriter standardError, bool json)
    {
        _out = standardOutput;
        IsJson = json;
        _errors = ConsoleOn(standardError);
        _people = json ? _errors : ConsoleOn(standardOutput);
        _peopleWriter = json ? standardError : standardOutput;
    }

    /// <summary>Whether a program reads standard output.</summary>
    public bool IsJson { get; }

    /// <summary>Whether a person watches, so that a line may be rewritten in place.</summary>
    public bool IsInteractive => _people.Profile.Out.IsTerminal && _people.Profile.Capabilities.Ansi;

    /// <summary>Writes a line of Spectre markup; escape what is not yours with <see cref="Text"/>.</summary>
    public void Say(string markup) => _people.MarkupLine(markup);

    /// <summary>Writes anything that Spectre can draw.</summary>
    public void Say(IRenderable drawing) => _people.Write(drawing);

    /// <summary>Draws in place, again and again, until the drawer is done; on a terminal only.</summary>
    public Task LiveAsync(Func<Action<IRenderable>, Task> draw) =>
        _people.Live(new Text("")).AutoClear(false).StartAsync(context => draw(context.UpdateTarget));

    /// <summary>Writes a text over the current line; on a terminal only.</summary>
    public void Rewrite(string text) => _peopleWriter.Write($"\r\u001b[2K{text}");

    /// <summary>Writes text as it is.</summary>
    public void Raw(string text) => _out.Write(text.EndsWith('\n') ? text : text + "\n");

    /// <summary>Writes one JSON document as a line of many.</summary>
    public void Line<T>(T value)
    {
        _out.WriteLine(JsonSerializer.Serialize(value, JsonLine));
        _out.Flush();
    }

    /// <summary>Writes the one JSON document.</summary>
    public void Document<T>(T value) => _out.WriteLine(JsonSerializer.Serialize(value, Json));

    /// <summary>Tells a failure: what, its findings, and what to do next.</summary>
    public void Fail(CliException failure)
    {
        if (IsJson)
        {
            Document(new { error = new { code = failure.Code, message = failure.Message, hint = failure.Hint, details = failure.Details } });
            return;
        }

        _errors.MarkupLine($"[red]error:[/] {Text(failure.Message)}");
        foreach (var detail in failure.Details)
        {
            _errors.MarkupLine($"  {Text(detail)}");
        }

        if (failure.Hint.Length > 0)
        {
            _errors.MarkupLine($"[yellow]next:[/] {Text(failure.Hint)}");
        }
    }

    /// <summary>Text that is not markup.</summary>
    public static string Text(string? text) => Markup.Escape(text ?? "");

    /// <summary>A time as people on call read it: UTC, to the second.</summary>
    public static string Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-";

    private static IAnsiConsole ConsoleOn(TextWriter writer)
    {
        var stream = new AnsiConsoleOutput(writer);
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = stream,
            Ansi = stream.IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = stream.IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        });
        if (!stream.IsTerminal)
        {
            console.Profile.Width = 4096; // a log's lines are not wrapped
        }

        return console;
    }
}
