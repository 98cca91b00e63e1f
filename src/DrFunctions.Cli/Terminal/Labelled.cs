using Spectre.Console;
using Spectre.Console.Rendering;

namespace DrFunctions.Cli.Terminal;

/// <summary>A word in front of a text that is wrapped beside it, not under it.</summary>
internal static class Labelled
{
    private const int Indent = 2;

    /// <summary>Draws it.</summary>
    /// <param name="label">The word, as it is.</param>
    /// <param name="width">Columns that the word and what follows it take.</param>
    /// <param name="content">What is wrapped.</param>
    public static IRenderable Draw(string label, int width, IRenderable content)
    {
        var grid = new Grid { Expand = false };
        grid.AddColumn(new GridColumn { Width = width, NoWrap = true, Padding = new Padding(Indent, 0, 0, 0) });
        grid.AddColumn(new GridColumn { Padding = new Padding(0, 0, 0, 0) });
        grid.AddRow(new Text(label), content);
        return grid;
    }
}
