using System.Text.Json;

namespace DrFunctions.LocalRuntime.Settings;

/// <summary>A JSON file flattened to its scalars, each with its line; comments and trailing commas are allowed.</summary>
internal sealed class JsonFile
{
    private readonly string _name;
    private readonly byte[] _content;
    private readonly List<string> _problems;
    private readonly List<JsonMember> _members = [];
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);

    private JsonFile(string name, byte[] content, List<string> problems)
    {
        _name = name;
        _content = content;
        _problems = problems;
    }

    /// <summary>Reads a file; what is wrong with it is added to the problems, with file, line and member.</summary>
    /// <returns>The members; null where the file is absent or malformed.</returns>
    public static IReadOnlyList<JsonMember>? Read(string path, List<string> problems)
    {
        var name = System.IO.Path.GetFileName(path);
        byte[] content;
        try
        {
            content = File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add($"{name} cannot be read: {exception.Message}");
            return null;
        }

        return new JsonFile(name, content, problems).Flatten();
    }

    private List<JsonMember>? Flatten()
    {
        var bom = _content.AsSpan().StartsWith("\uFEFF"u8) ? 3 : 0;
        var reader = new Utf8JsonReader(
            _content.AsSpan(bom),
            new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        var path = new Stack<string>();
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                _problems.Add($"{_name}:1: expected a JSON object");
                return null;
            }

            ReadObject(ref reader, path);
            while (reader.Read())
            {
                // What follows the root object is an error that the reader reports.
            }
        }
        catch (JsonException exception)
        {
            var member = path.Count == 0 ? "" : $", at '{Join(path)}'";
            _problems.Add(
                $"{_name}:{(exception.LineNumber ?? 0) + 1}:{(exception.BytePositionInLine ?? 0) + 1}: not valid JSON{member} ({exception.Message.Split(" LineNumber")[0].TrimEnd('.')})");
            return null;
        }

        return _members;
    }

    private void ReadObject(ref Utf8JsonReader reader, Stack<string> path)
    {
        var empty = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            empty = false;
            path.Push(reader.GetString() ?? "");
            reader.Read();
            ReadValue(ref reader, path);
            path.Pop();
        }

        if (empty && path.Count > 0)
        {
            Add(path, JsonTokenType.StartObject, null, Line(reader));
        }
    }

    private void ReadArray(ref Utf8JsonReader reader, Stack<string> path)
    {
        var index = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            path.Push(index++.ToString(System.Globalization.CultureInfo.InvariantCulture));
            ReadValue(ref reader, path);
            path.Pop();
        }

        if (index == 0)
        {
            Add(path, JsonTokenType.StartArray, null, Line(reader));
        }
    }

    private void ReadValue(ref Utf8JsonReader reader, Stack<string> path)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                ReadObject(ref reader, path);
                break;
            case JsonTokenType.StartArray:
                ReadArray(ref reader, path);
                break;
            case JsonTokenType.String:
                Add(path, reader.TokenType, reader.GetString(), Line(reader));
                break;
            case JsonTokenType.Null:
                Add(path, reader.TokenType, null, Line(reader));
                break;
            default:
                Add(path, reader.TokenType, System.Text.Encoding.UTF8.GetString(reader.ValueSpan), Line(reader));
                break;
        }
    }

    private void Add(Stack<string> path, JsonTokenType kind, string? value, int line)
    {
        var name = Join(path);
        if (!_seen.Add(name))
        {
            _problems.Add($"{_name}:{line}: '{name}' is given twice");
        }

        _members.Add(new JsonMember(name, kind, value, line));
    }

    private int Line(in Utf8JsonReader reader) => 1 + _content.AsSpan(0, (int)reader.TokenStartIndex).Count((byte)'\n');

    private static string Join(Stack<string> path) => string.Join(':', path.Reverse());
}
