using System.Globalization;
using System.Text.RegularExpressions;

namespace DrFunctions.Simulator.Faults;

/// <summary>Which kinds a target has and which members go with each; pure.</summary>
internal static partial class FaultRules
{
    public const int MaxIdLength = 64;
    private const int MaxText = 64 * 1024;
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);
    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromHours(1);
    private static readonly TimeSpan PatternLimit = TimeSpan.FromMilliseconds(100);

    // Members that every fault may have are not in the table.
    private static readonly Dictionary<string, Func<Fault, bool>> Given = new(StringComparer.Ordinal)
    {
        ["name"] = fault => fault.Name is not null,
        ["method"] = fault => fault.Method is not null,
        ["path"] = fault => fault.Path is not null,
        ["resourceType"] = fault => fault.ResourceType is not null,
        ["phase"] = fault => fault.Phase != FaultPhase.Before,
        ["skip"] = fault => fault.Skip != 0,
        ["count"] = fault => fault.Count is not null,
        ["status"] = fault => fault.Status is not null,
        ["code"] = fault => fault.Code is not null,
        ["message"] = fault => fault.Message is not null,
        ["body"] = fault => fault.Body is not null,
        ["delay"] = fault => fault.Delay is not null,
        ["retryAfter"] = fault => fault.RetryAfter is not null,
    };

    private static readonly string[] Arm = ["method", "path", "resourceType", "phase", "skip", "count", "delay"];
    private static readonly string[] Operation = ["method", "path", "resourceType", "skip", "count"];
    private static readonly string[] Web = ["name", "method", "path", "skip", "count", "delay"];
    private static readonly string[] Named = ["name", "skip", "count", "delay"];

    private static readonly Dictionary<(FaultTarget, FaultKind), string[]> Rules = new()
    {
        [(FaultTarget.ResourceManager, FaultKind.Dark)] = [],
        [(FaultTarget.ResourceManager, FaultKind.Delay)] = Arm,
        [(FaultTarget.ResourceManager, FaultKind.Drop)] = Arm,
        [(FaultTarget.ResourceManager, FaultKind.Hang)] = Arm,
        [(FaultTarget.ResourceManager, FaultKind.Throttle)] = [.. Arm, "retryAfter", "code", "message"],
        [(FaultTarget.ResourceManager, FaultKind.Error)] = [.. Arm, "status", "retryAfter", "code", "message"],
        [(FaultTarget.Operation, FaultKind.Fail)] = [.. Operation, "code", "message"],
        [(FaultTarget.Operation, FaultKind.Cancel)] = [.. Operation, "code", "message"],
        [(FaultTarget.Operation, FaultKind.Delay)] = [.. Operation, "delay"],
        [(FaultTarget.Operation, FaultKind.Hang)] = Operation,
        [(FaultTarget.Region, FaultKind.Dark)] = ["name"],
        [(FaultTarget.Dns, FaultKind.Delay)] = Named,
        [(FaultTarget.Dns, FaultKind.Drop)] = Named,
        [(FaultTarget.Dns, FaultKind.ServFail)] = Named,
        [(FaultTarget.Dns, FaultKind.Stale)] = Named,
        [(FaultTarget.Site, FaultKind.Delay)] = Web,
        [(FaultTarget.Site, FaultKind.Drop)] = Web,
        [(FaultTarget.Site, FaultKind.Hang)] = Web,
        [(FaultTarget.Site, FaultKind.Error)] = [.. Web, "status", "retryAfter", "body"],
        [(FaultTarget.Site, FaultKind.Body)] = [.. Web, "status", "body"],
        [(FaultTarget.Probe, FaultKind.Delay)] = Named,
        [(FaultTarget.Probe, FaultKind.Drop)] = Named,
        [(FaultTarget.Probe, FaultKind.Hang)] = Named,
        [(FaultTarget.Probe, FaultKind.Error)] = [.. Named, "status"],
    };

    /// <summary>The kinds that a target has.</summary>
    public static IEnumerable<FaultKind> KindsOf(FaultTarget target) => Rules.Keys.Where(key => key.Item1 == target).Select(key => key.Item2);

    /// <summary>Every mistake of one fault, each with the member it is about.</summary>
    public static IEnumerable<Mistake> Check(Fault fault)
    {
        if (!Rules.TryGetValue((fault.On, fault.Kind), out var allowed))
        {
            yield return new Mistake("kind", $"on {Word(fault.On)} expected one of {string.Join(", ", KindsOf(fault.On).Select(Word))} and found '{Word(fault.Kind)}'");
            yield break;
        }

        foreach (var (member, given) in Given)
        {
            if (given(fault) && !allowed.Contains(member))
            {
                yield return new Mistake(member, $"a fault of kind {Word(fault.Kind)} on {Word(fault.On)} does not have it");
            }
        }

        foreach (var mistake in CheckRequired(fault).Concat(CheckTexts(fault)).Concat(CheckNumbers(fault)).Concat(CheckTimes(fault)))
        {
            yield return mistake;
        }
    }

    /// <summary>The pattern of a fault's path; null for every path.</summary>
    /// <exception cref="ArgumentException">It is not a regular expression.</exception>
    public static Regex? PathOf(string? pattern) =>
        pattern is null ? null : new Regex(pattern, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, PatternLimit);

    /// <summary>A choice as files write it.</summary>
    public static string Word<T>(T value)
        where T : struct, Enum
    {
        var name = value.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    private static IEnumerable<Mistake> CheckRequired(Fault fault)
    {
        if (fault.On == FaultTarget.Region && fault.Name is null)
        {
            yield return new Mistake("name", "expected the name of a region and found none");
        }

        if (fault.Kind == FaultKind.Delay && fault.Delay is null)
        {
            yield return new Mistake("delay", "expected how late the answer is, such as 00:00:05, and found nothing");
        }

        if (fault.Kind == FaultKind.Body && fault.Body is null)
        {
            yield return new Mistake("body", "expected the body to answer and found none");
        }
    }

    private static IEnumerable<Mistake> CheckTexts(Fault fault)
    {
        if (fault.Id is not null && (fault.Id.Length > MaxIdLength || !IdShape().IsMatch(fault.Id)))
        {
            yield return new Mistake("id", $"expected 1 to {MaxIdLength} letters, digits, '-', '_' or '.' and found '{fault.Id}'");
        }

        foreach (var (member, text) in new[] { ("name", fault.Name), ("method", fault.Method), ("resourceType", fault.ResourceType), ("code", fault.Code), ("after", fault.After) })
        {
            if (text is { Length: 0 or > 256 })
            {
                yield return new Mistake(member, $"expected 1 to 256 characters and found {text.Length}");
            }
        }

        foreach (var (member, text) in new[] { ("message", fault.Message), ("body", fault.Body) })
        {
            if (text is { Length: > MaxText })
            {
                yield return new Mistake(member, $"expected at most {MaxText} characters and found {text.Length}");
            }
        }

        if (PatternMistake(fault.Path) is { } wrong)
        {
            yield return new Mistake("path", $"'{fault.Path}' is not a regular expression: {wrong}");
        }
    }

    private static string? PatternMistake(string? pattern)
    {
        try
        {
            PathOf(pattern);
            return null;
        }
        catch (ArgumentException exception)
        {
            return exception.Message;
        }
    }

    private static IEnumerable<Mistake> CheckNumbers(Fault fault)
    {
        var lowest = fault.Kind == FaultKind.Body ? 200 : 400;
        if (fault.Status < lowest || fault.Status > 599)
        {
            yield return OutOfRange("status", $"{lowest} to 599", fault.Status);
        }

        if (fault.Skip < 0)
        {
            yield return OutOfRange("skip", "0 or more", fault.Skip);
        }

        if (fault.Count < 1)
        {
            yield return OutOfRange("count", "1 or more", fault.Count);
        }
    }

    private static IEnumerable<Mistake> CheckTimes(Fault fault)
    {
        if (fault.Delay < TimeSpan.Zero || fault.Delay > LongestDelay)
        {
            yield return OutOfRange("delay", "00:00:00 to 1.00:00:00", fault.Delay);
        }

        if (fault.RetryAfter is { } again && (again < TimeSpan.Zero || again > LongestRetryAfter || again.Ticks % TimeSpan.TicksPerSecond != 0))
        {
            yield return OutOfRange("retryAfter", "whole seconds from 00:00:00 to 01:00:00", again);
        }

        if (fault.At < TimeSpan.Zero || fault.At > Longest)
        {
            yield return OutOfRange("at", $"00:00:00 to {Longest:c}", fault.At);
        }

        if (fault is { For: not null, Until: not null })
        {
            yield return new Mistake("until", "expected either for or until and found both");
        }

        if (fault.For <= TimeSpan.Zero || fault.For > Longest)
        {
            yield return OutOfRange("for", $"more than 00:00:00, at most {Longest:c}", fault.For);
        }

        if (fault.Until <= fault.At || fault.Until > Longest)
        {
            yield return OutOfRange("until", $"later than at, at most {Longest:c}", fault.Until);
        }
    }

    // Far beyond any script, and no sum of two overflows a date.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    private static Mistake OutOfRange(string member, string expected, object? found) =>
        new(member, string.Create(CultureInfo.InvariantCulture, $"expected {expected} and found {found}"));

    [GeneratedRegex(@"^[A-Za-z0-9._-]+\z")]
    private static partial Regex IdShape();
}
