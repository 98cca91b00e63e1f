using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace DrFunctions.Recovery.Objectives.Uptime;

/// <summary>
/// Components as people write them: <c>site 99.95, database 99.99</c> works while both work, <c>(west 99.9 | east 99.9)</c> while one of
/// them does, <c>2 of (a 99 | b 99 | c 99)</c> while two do. Numbers are percent. A comma binds less than a bar.
/// </summary>
public static class ComponentText
{
    /// <summary>The longest text, in characters, inclusive.</summary>
    public const int MaximumLength = 4096;

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="component">The components.</param>
    /// <param name="mistake">Where the text is wrong, what is there, and what was expected.</param>
    /// <returns>Whether it could be read.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out Component? component, [NotNullWhen(false)] out string? mistake)
    {
        ArgumentNullException.ThrowIfNull(text);
        (component, mistake) = (null, null);
        if (text.Length > MaximumLength)
        {
            mistake = $"{text.Length} characters, expected at most {MaximumLength}.";
            return false;
        }

        try
        {
            component = new Reader(text).Whole();
            _ = ComponentAvailability.Of(component); // so many parts, so deep
            return true;
        }
        catch (FormatException exception)
        {
            mistake = exception.Message;
        }
        catch (ArgumentException exception)
        {
            mistake = exception.Message.Split(" (Parameter", 2)[0];
        }

        component = null;
        return false;
    }

    private sealed class Reader(string text)
    {
        private int _at;
        private int _depth;

        public Component Whole()
        {
            var whole = Series();
            return Next() is null ? whole : throw Wrong("',', '|' or the end");
        }

        private Component Series()
        {
            if (++_depth > ComponentAvailability.DeepestTree / 2)
            {
                throw new FormatException($"at {_at + 1}: {_depth} brackets deep, expected at most {ComponentAvailability.DeepestTree / 2}.");
            }

            var parts = List(',', Parallel);
            _depth--;
            return parts is [var only] ? only : new InSeries("all", parts);
        }

        private Component Parallel() => List('|', Part) is var parts && parts is [var only] ? only : new InParallel("one", parts);

        private List<Component> List(char between, Func<Component> part)
        {
            List<Component> parts = [part()];
            while (Next() == between)
            {
                _at++;
                parts.Add(part());
            }

            return parts;
        }

        private Component Part()
        {
            if (Next() is { } digit && char.IsAsciiDigit(digit))
            {
                return Quorum();
            }

            if (Next() == '(')
            {
                return Bracket(Series);
            }

            var name = Word(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.', "a name and its percent, or '('");
            var number = Word(character => char.IsAsciiDigit(character) || character == '.', $"the percent of '{name}'");
            if (Next() == '%')
            {
                _at++;
            }

            return decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent) && percent <= 100
                ? new SinglePart(name, Availability.FromPercent(percent))
                : throw new FormatException($"at {_at + 1 - number.Length}: '{number}', expected the percent of '{name}', 0 to 100.");
        }

        private Quorum Quorum()
        {
            var needed = Word(char.IsAsciiDigit, "how many");
            if (Word(char.IsAsciiLetter, "'of'") is not "of" || Next() != '(' || !int.TryParse(needed, CultureInfo.InvariantCulture, out var count))
            {
                throw Wrong($"'{needed} of (', with parts that '|' separates");
            }

            return Bracket(() => new Quorum("quorum", count, List('|', Part)));
        }

        private T Bracket<T>(Func<T> inside)
        {
            _at++;
            var read = inside();
            if (Next() != ')')
            {
                throw Wrong("',', '|' or ')'");
            }

            _at++;
            return read;
        }

        private string Word(Func<char, bool> belongs, string expected)
        {
            _ = Next();
            var begin = _at;
            while (_at < text.Length && belongs(text[_at]))
            {
                _at++;
            }

            return _at > begin ? text[begin.._at] : throw Wrong(expected);
        }

        private char? Next()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }

            return _at < text.Length ? text[_at] : null;
        }

        private FormatException Wrong(string expected)
        {
            var found = Next() is { } there ? $"'{there}'" : "the end";
            return new FormatException($"at {_at + 1}: {found}, expected {expected}.");
        }
    }
}
