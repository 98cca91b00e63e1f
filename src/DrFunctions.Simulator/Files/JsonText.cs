using System.Text;
using System.Text.Json;

namespace DrFunctions.Simulator.Files;

/// <summary>Reads JSON with comments and trailing commas into places.</summary>
internal ref struct JsonText
{
    private const int MaxDepth = 32;
    private readonly byte[] _octets;
    private readonly List<int> _lines;
    private Utf8JsonReader _reader;

    private JsonText(byte[] octets)
    {
        _octets = octets;
        _lines = [0, .. Enumerable.Range(0, octets.Length).Where(index => octets[index] == '\n').Select(index => index + 1)];
        _reader = new Utf8JsonReader(octets, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, MaxDepth = MaxDepth });
    }

    /// <param name="json">The text.</param>
    /// <param name="mistake">Where it ceases to be JSON; null when it is.</param>
    /// <returns>The whole document; null when it is not JSON.</returns>
    public static JsonPlace? Read(string json, out Mistake? mistake)
    {
        var text = new JsonText(Encoding.UTF8.GetBytes(json.StartsWith('\uFEFF') ? json[1..] : json));
        mistake = null;
        try
        {
            text._reader.Read();
            var root = text.ReadValue("");
            while (text._reader.Read())
            {
                // Only comments may follow; anything else throws.
            }

            return root;
        }
        catch (JsonException exception)
        {
            var message = exception.Message.Split(" LineNumber:")[0].Split(" Path:")[0];
            mistake = new Mistake("", message) { Line = (int)(exception.LineNumber ?? 0) + 1, Column = (int)(exception.BytePositionInLine ?? 0) + 1 };
            return null;
        }
    }

    private JsonPlace ReadValue(string path)
    {
        var place = Here(path);
        switch (_reader.TokenType)
        {
            case JsonTokenType.StartObject:
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = _reader.GetString()!; // a member's name
                    _reader.Read();
                    place.Members.Add((name, ReadValue(path.Length == 0 ? name : $"{path}.{name}")));
                }

                break;
            case JsonTokenType.StartArray:
                while (_reader.Read() && _reader.TokenType != JsonTokenType.EndArray)
                {
                    place.Items.Add(ReadValue(FormattableString.Invariant($"{path}[{place.Items.Count}]")));
                }

                break;
        }

        return place;
    }

    private readonly JsonPlace Here(string path)
    {
        var at = (int)_reader.TokenStartIndex;
        var line = _lines.BinarySearch(at);
        line = line < 0 ? ~line - 1 : line;
        var column = Encoding.UTF8.GetCharCount(_octets, _lines[line], at - _lines[line]) + 1;
        return _reader.TokenType switch
        {
            JsonTokenType.StartObject => new JsonPlace(path, line + 1, column, JsonValueKind.Object),
            JsonTokenType.StartArray => new JsonPlace(path, line + 1, column, JsonValueKind.Array),
            JsonTokenType.String => new JsonPlace(path, line + 1, column, JsonValueKind.String) { Text = _reader.GetString() },
            JsonTokenType.Number => new JsonPlace(path, line + 1, column, JsonValueKind.Number) { Text = Encoding.UTF8.GetString(_reader.ValueSpan) },
            JsonTokenType.True => new JsonPlace(path, line + 1, column, JsonValueKind.True),
            JsonTokenType.False => new JsonPlace(path, line + 1, column, JsonValueKind.False),
            _ => new JsonPlace(path, line + 1, column, JsonValueKind.Null),
        };
    }
}
