using System.CommandLine;
using System.Text;
using System.Text.RegularExpressions;

namespace DrFunctions.Cli.Backups;

/// <summary>Which paths: <c>*</c> is any text without a slash, <c>**</c> any text, <c>?</c> one character; a folder stands for all that is below it.</summary>
internal static class PathGlobs
{
    /// <summary><c>--path</c>, as often as one likes.</summary>
    public static Option<string[]> Option() => new("--path")
    {
        Description = "Only these paths; * is any text without a slash, ** any text, ? one character; a folder is all that is below it. May be repeated.",
        HelpName = "GLOB",
        DefaultValueFactory = _ => [],
    };

    /// <summary>Whether a path is one of those; a glob without a slash is a name in any folder. Null when none are named.</summary>
    public static Predicate<string>? OfNames(IEnumerable<string> globs) =>
        Of([.. globs.Select(glob => glob.TrimEnd('/').Contains('/', StringComparison.Ordinal) ? glob : $"**/{glob}")]);

    /// <summary>Whether a path is one of those; null when none are named, so that all are.</summary>
    public static Predicate<string>? Of(IReadOnlyCollection<string> globs)
    {
        if (globs.Count == 0)
        {
            return null;
        }

        // Without backtracking: a pattern takes time by the length of the path, whatever it is.
        var patterns = globs.Select(glob => new Regex(Pattern(glob), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline)).ToList();
        return path => patterns.Exists(pattern => pattern.IsMatch(path));
    }

    private static string Pattern(string glob)
    {
        var pattern = new StringBuilder(@"\A");
        var text = glob.Trim('/');
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '*' && at + 1 < text.Length && text[at + 1] == '*')
            {
                // "**/" is any folders, none among them.
                var folders = at + 2 < text.Length && text[at + 2] == '/';
                pattern.Append(folders ? "(.*/)?" : ".*");
                at += folders ? 2 : 1;
            }
            else
            {
                pattern.Append(text[at] switch
                {
                    '*' => "[^/]*",
                    '?' => "[^/]",
                    var other => Regex.Escape(other.ToString()),
                });
            }
        }

        return pattern.Append(@"(/.*)?\z").ToString();
    }
}
