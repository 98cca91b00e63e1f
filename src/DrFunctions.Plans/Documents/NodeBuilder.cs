using DrFunctions.Plans.Fields;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace DrFunctions.Plans.Documents;

/// <summary>Builds nodes from the parser's events; one document, bounded depth.</summary>
internal sealed class NodeBuilder(string text, MistakeList mistakes)
{
    private const int MaxDepth = 12;

    private readonly Parser parser = new(new Scanner(new StringReader(text), skipComments: true));

    public static Place PlaceOf(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));

    public YamlNode? Build()
    {
        Next<StreamStart>();
        if (!MoveNext() || parser.Current is StreamEnd)
        {
            mistakes.Add(new Place(1, 1), string.Empty, "The text is empty; expected a plan, which begins with 'workload:'.");
            return null;
        }

        MoveNext();
        var root = Read(string.Empty, 0);
        Next<DocumentEnd>();
        MoveNext();
        return parser.Current is DocumentStart second
            ? throw new RefusedYamlException(PlaceOf(second.Start), "A second document begins here; expected one plan in one document.")
            : root;
    }

    private void Next<TEvent>()
        where TEvent : ParsingEvent
    {
        MoveNext();
        if (parser.Current is not TEvent)
        {
            throw new YamlException(parser.Current?.Start ?? Mark.Empty, parser.Current?.End ?? Mark.Empty, "Unexpected content");
        }
    }

    // The parser meets some broken texts with exceptions that are not its own kind; they are mistakes of the text all the same.
    private bool MoveNext()
    {
        var before = parser.Current?.End ?? Mark.Empty;
        try
        {
            return parser.MoveNext();
        }
        catch (Exception error) when (error is not (YamlException or OutOfMemoryException))
        {
            throw new YamlException(before, before, "The parser cannot make sense of what follows", error);
        }
    }

    // Reads the node whose first event is current; its last one is current afterwards.
    private YamlNode Read(string path, int depth)
    {
        var current = parser.Current;
        var at = PlaceOf(current?.Start ?? Mark.Empty);
        Refuse(current, at, depth);
        return current switch
        {
            Scalar scalar => new YamlScalar(at, scalar.Value, scalar.Style == ScalarStyle.Plain),
            SequenceStart => new YamlList(at, ReadItems(path, depth)),
            MappingStart => new YamlMap(at, ReadEntries(path, depth)),
            _ => throw new RefusedYamlException(at, "Something other than a value is here; expected text, a list or a map."),
        };
    }

    private static void Refuse(ParsingEvent? current, Place at, int depth)
    {
        if (current is AnchorAlias || current is NodeEvent { Anchor.IsEmpty: false })
        {
            throw new RefusedYamlException(at, current is AnchorAlias
                ? "An alias (*name) is here, and plans have none; expected the value itself, or quotes around text that begins with '*'."
                : "An anchor (&name) is here, and plans have none; expected the value itself, or quotes around text that begins with '&'.");
        }

        if (current is NodeEvent { Tag.IsEmpty: false })
        {
            throw new RefusedYamlException(at, "A tag (!name) is here, and plans have none; expected the value itself.");
        }

        if (depth > MaxDepth)
        {
            throw new RefusedYamlException(at, $"The text is nested more than {MaxDepth} deep; expected a plan, which is not.");
        }
    }

    private List<YamlNode> ReadItems(string path, int depth)
    {
        var items = new List<YamlNode>();
        while (MoveNext() && parser.Current is not SequenceEnd)
        {
            items.Add(Read(FieldPath.Item(path, items.Count), depth + 1));
        }

        return items;
    }

    private List<YamlEntry> ReadEntries(string path, int depth)
    {
        var entries = new List<YamlEntry>();
        var lines = new Dictionary<string, int>(StringComparer.Ordinal);
        while (MoveNext() && parser.Current is not MappingEnd)
        {
            var name = Read(path, depth + 1);
            if (name is not YamlScalar { Value: var key, At: var at })
            {
                throw new RefusedYamlException(name.At, "A key is a list or a map; expected a name.");
            }

            MoveNext();
            var value = Read(FieldPath.Key(path, key), depth + 1);
            if (lines.TryAdd(key, at.Line))
            {
                entries.Add(new YamlEntry(at, key, value));
            }
            else
            {
                mistakes.Add(at, FieldPath.Key(path, key), $"{Shown.Key(key)} is written twice, first in line {lines[key]}; expected once.");
            }
        }

        return entries;
    }
}
