using System.Text;

namespace DrFunctions.Recovery.Tests.Steps.Commands;

/// <summary>The words of a command, as a POSIX shell splits it; what the shell would expand stays as it is written.</summary>
internal static class ShellWords
{
    public static IReadOnlyList<string> Of(string command)
    {
        var words = new List<string>();
        StringBuilder? word = null;
        for (var at = 0; at < command.Length; at++)
        {
            switch (command[at])
            {
                case '#' when word is null:
                    at = command.Length;
                    break;
                case ' ' or '\t':
                    End();
                    break;
                case '\'':
                    var close = command.IndexOf('\'', at + 1);
                    Assert.True(close >= 0, $"A quote of \"{command}\" is not closed.");
                    (word ??= new()).Append(command, at + 1, close - at - 1);
                    at = close;
                    break;
                case '"':
                    word ??= new();
                    for (at++; command[at] != '"'; at++)
                    {
                        if (command[at] == '$' && command[at + 1] == '(')
                        {
                            var end = Closing(command, at);
                            word.Append(command, at, end - at);
                            at = end - 1;
                        }
                        else
                        {
                            word.Append(command[at]);
                        }
                    }

                    break;
                case '\\':
                    (word ??= new()).Append(command[++at]);
                    break;
                default:
                    (word ??= new()).Append(command[at]);
                    break;
            }
        }

        End();
        return words;

        void End()
        {
            if (word is not null)
            {
                words.Add(word.ToString());
                word = null;
            }
        }
    }

    /// <summary>The commands that stand in <c>$(…)</c> of the command.</summary>
    public static IEnumerable<string> Inner(string command)
    {
        for (var at = command.IndexOf("$(", StringComparison.Ordinal); at >= 0; at = command.IndexOf("$(", at + 2, StringComparison.Ordinal))
        {
            yield return command[(at + 2)..(Closing(command, at) - 1)];
        }
    }

    // The end of $(…), quotes and brackets in it aside.
    private static int Closing(string command, int at)
    {
        var depth = 0;
        for (var isQuoted = false; at < command.Length; at++)
        {
            isQuoted ^= command[at] == '\'';
            depth += isQuoted ? 0 : command[at] == '(' ? 1 : command[at] == ')' ? -1 : 0;
            if (!isQuoted && command[at] == ')' && depth == 0)
            {
                return at + 1;
            }
        }

        throw new ArgumentException($"A $( of \"{command}\" is not closed.", nameof(command));
    }
}
