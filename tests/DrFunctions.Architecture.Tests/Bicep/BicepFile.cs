using System.Text;
using System.Text.RegularExpressions;

namespace DrFunctions.Architecture.Tests.Bicep;

/// <summary>What can be known of a template without its compiler, which this build does not have.</summary>
internal sealed partial class BicepFile
{
    public BicepFile(string path)
    {
        Path = System.IO.Path.GetRelativePath(Repository.Root, path);
        Folder = System.IO.Path.GetDirectoryName(path)!; // a file has a folder
        Text = File.ReadAllText(path);
        Code = WithoutComments(Text);
    }

    public static IReadOnlyList<BicepFile> All { get; } =
        [.. Directory.GetFiles(System.IO.Path.Combine(Repository.Root, "bicep"), "*.bicep", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(path => new BicepFile(path))];

    public static BicepFile Main => All.Single(file => file.Path.EndsWith("bicep/main.bicep", StringComparison.Ordinal));

    public string Path { get; }

    public string Folder { get; }

    public string Text { get; }

    /// <summary>The text without comments.</summary>
    public string Code { get; }

    /// <summary>Parameters; true for those without a default, which must be given.</summary>
    public IReadOnlyDictionary<string, bool> Parameters =>
        Parameter().Matches(Code).ToDictionary(match => match.Groups[1].Value, match => !match.Groups[2].Success);

    public IEnumerable<string> Outputs => Output().Matches(Code).Select(match => match.Groups[1].Value);

    public IEnumerable<(string Name, string Value)> OutputValues => Output().Matches(Code).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    public IEnumerable<string> Variables => Variable().Matches(Code).Select(match => match.Groups[1].Value);

    public IEnumerable<(string Symbol, string Type)> Resources => Resource().Matches(Code).Select(match => (match.Groups[1].Value, match.Groups[2].Value));

    /// <summary>Modules with the file that each names and the text of what it is given.</summary>
    public IEnumerable<(string Symbol, string File, string Body)> Modules =>
        Module().Matches(Code).Select(match => (match.Groups[1].Value, match.Groups[2].Value, Braces(Code, match.Index)));

    /// <summary>The keys of the object that follows a name in a text.</summary>
    public static IEnumerable<string> KeysOf(string text, string name)
    {
        var at = Regex.Match(text, $@"^\s*{Regex.Escape(name)}[^\n]*\{{", RegexOptions.Multiline);
        Assert.True(at.Success, $"There is no '{name} {{'.");
        var body = Braces(text, at.Index);
        var indent = Regex.Match(body, @"\n( +)\S").Groups[1].Length;
        return Regex.Matches(body, $@"^ {{{indent}}}(?:'([^'\n]*)'|(\w+)):", RegexOptions.Multiline)
            .Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value);
    }

    /// <summary>The brackets that are still open at the end, or what closes without having been opened.</summary>
    public string Unbalanced()
    {
        var open = new Stack<char>();
        var inText = false;
        for (var index = 0; index < Code.Length; index++)
        {
            var character = Code[index];
            if (inText && character == '\\')
            {
                index++;
            }
            else if (inText && character == '$' && index + 1 < Code.Length && Code[index + 1] == '{')
            {
                open.Push('$');
                inText = false;
                index++;
            }
            else if (character == '\'')
            {
                inText = !inText;
            }
            else if (inText && character == '\n')
            {
                return "'";
            }
            else if (!inText && character is '{' or '[' or '(')
            {
                open.Push(character);
            }
            else if (!inText && character is '}' or ']' or ')')
            {
                var expected = character switch { '}' => "{$", ']' => "[", _ => "(" };
                if (!open.TryPop(out var opened) || !expected.Contains(opened, StringComparison.Ordinal))
                {
                    return character.ToString();
                }

                inText = opened == '$';
            }
        }

        return string.Concat(open) + (inText ? "'" : "");
    }

    private static string Braces(string text, int from)
    {
        var start = text.IndexOf('{', from);
        var depth = 0;
        for (var index = start; index < text.Length; index++)
        {
            depth += text[index] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
            {
                return text[start..(index + 1)];
            }
        }

        return text[start..];
    }

    // '//' inside of text, such as a URL's, is no comment.
    private static string WithoutComments(string text)
    {
        var code = new StringBuilder();
        foreach (var line in text.Split('\n'))
        {
            var quotes = 0;
            var end = line.Length;
            for (var index = 0; index + 1 < line.Length && end == line.Length; index++)
            {
                quotes += line[index] == '\'' && (index == 0 || line[index - 1] != '\\') ? 1 : 0;
                end = quotes % 2 == 0 && line[index] == '/' && line[index + 1] == '/' ? index : end;
            }

            code.Append(line.AsSpan(0, end)).Append('\n');
        }

        return code.ToString();
    }

    [GeneratedRegex(@"^param (\w+) \w+( =)?", RegexOptions.Multiline)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^output (\w+) \w+ = (.+)$", RegexOptions.Multiline)]
    private static partial Regex Output();

    [GeneratedRegex(@"^var (\w+) =", RegexOptions.Multiline)]
    private static partial Regex Variable();

    [GeneratedRegex(@"^resource (\w+) '([^']+)'", RegexOptions.Multiline)]
    private static partial Regex Resource();

    [GeneratedRegex(@"^module (\w+) '([^']+)'", RegexOptions.Multiline)]
    private static partial Regex Module();
}
