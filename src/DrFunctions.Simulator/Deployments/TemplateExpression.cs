using System.Globalization;

namespace DrFunctions.Simulator.Deployments;

/// <summary>An expression of a template's language: a literal, or a call with what is taken out of its result.</summary>
internal abstract record TemplateExpression
{
    /// <summary>The service's own limit, characters.</summary>
    private const int MaxLength = 24576;

    /// <summary>How deep calls may lie in each other.</summary>
    private const int MaxDepth = 64;

    /// <summary>A string or whole number.</summary>
    public sealed record Literal(string? Text, long Number) : TemplateExpression;

    /// <summary>A call of a function.</summary>
    public sealed record Call(string Function, IReadOnlyList<TemplateExpression> Arguments) : TemplateExpression;

    /// <summary>A member or item of what another expression gives.</summary>
    public sealed record Access(TemplateExpression Of, TemplateExpression Member) : TemplateExpression;

    /// <summary>Whether a string of a template is an expression; <c>[[</c> begins a plain one.</summary>
    public static bool Is(string text) => text.StartsWith('[') && text.EndsWith(']') && !text.StartsWith("[[", StringComparison.Ordinal);

    /// <summary>The expression in a string such as <c>[concat('a', parameters('b'))]</c>.</summary>
    /// <exception cref="ResourceManagement.ArmRejection">It is none.</exception>
    public static TemplateExpression Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw DeploymentErrors.InvalidTemplate($"An expression of {text.Length} characters exceeds the limit of {MaxLength}.");
        }

        var parser = new Parser(text[1..^1]);
        return parser.Whole();
    }

    /// <summary>All calls in it, the outer ones first.</summary>
    public IEnumerable<Call> Calls() => this switch
    {
        Call call => call.Arguments.SelectMany(argument => argument.Calls()).Prepend(call),
        Access access => access.Of.Calls().Concat(access.Member.Calls()),
        _ => [],
    };

    private sealed class Parser(string text)
    {
        private int _at;
        private int _depth;

        public TemplateExpression Whole()
        {
            var expression = Next();
            Skip();
            return _at == text.Length ? expression : throw Wrong("the end");
        }

        private TemplateExpression Next()
        {
            if (++_depth > MaxDepth)
            {
                throw DeploymentErrors.InvalidTemplate($"An expression is nested deeper than {MaxDepth} calls.");
            }

            Skip();
            var expression = _at == text.Length ? throw Wrong("a value")
                : text[_at] == '\'' ? new Literal(Quoted(), 0)
                : char.IsAsciiDigit(text[_at]) || text[_at] == '-' ? new Literal(null, Number())
                : Postfix(Function());
            _depth--;
            return expression;
        }

        private TemplateExpression Postfix(TemplateExpression expression)
        {
            for (var taken = 0; _at < text.Length; taken++)
            {
                Skip();
                if (taken > MaxDepth)
                {
                    throw DeploymentErrors.InvalidTemplate($"An expression takes members of members more than {MaxDepth} deep.");
                }
                else if (Take('.'))
                {
                    expression = new Access(expression, new Literal(Name(), 0));
                }
                else if (Take('['))
                {
                    expression = new Access(expression, Next());
                    Require(']');
                }
                else
                {
                    break;
                }
            }

            return expression;
        }

        private Call Function()
        {
            var name = Name();
            Require('(');
            var arguments = new List<TemplateExpression>();
            if (!Take(')'))
            {
                do
                {
                    arguments.Add(Next());
                }
                while (Take(','));
                Require(')');
            }

            return new Call(name, arguments);
        }

        private string Name()
        {
            Skip();
            var start = _at;
            while (_at < text.Length && (char.IsAsciiLetterOrDigit(text[_at]) || text[_at] is '_' or '$'))
            {
                _at++;
            }

            return _at > start ? text[start.._at] : throw Wrong("a name");
        }

        private string Quoted()
        {
            var value = new System.Text.StringBuilder();
            for (_at++; _at < text.Length; _at++)
            {
                if (text[_at] != '\'')
                {
                    value.Append(text[_at]);
                }
                else if (_at + 1 < text.Length && text[_at + 1] == '\'')
                {
                    value.Append(text[_at++]);
                }
                else
                {
                    _at++;
                    return value.ToString();
                }
            }

            throw Wrong("a closing quote");
        }

        private long Number()
        {
            var start = _at++;
            while (_at < text.Length && char.IsAsciiDigit(text[_at]))
            {
                _at++;
            }

            return long.TryParse(text.AsSpan(start, _at - start), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw Wrong("a whole number");
        }

        private void Skip()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at]))
            {
                _at++;
            }
        }

        private bool Take(char wanted)
        {
            Skip();
            var found = _at < text.Length && text[_at] == wanted;
            _at += found ? 1 : 0;
            return found;
        }

        private void Require(char wanted)
        {
            if (!Take(wanted))
            {
                throw Wrong($"'{wanted}'");
            }
        }

        private ResourceManagement.ArmRejection Wrong(string expected) => DeploymentErrors.InvalidTemplate(
            $"The template language expression '[{text}]' is not valid: expected {expected} at position {_at + 1}");
    }
}
