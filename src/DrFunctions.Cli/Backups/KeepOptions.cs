using System.CommandLine;
using System.Globalization;
using DrFunctions.Backup.Retention;
using DrFunctions.Plans.Fields;

namespace DrFunctions.Cli.Backups;

/// <summary>The rules of retention as options, and whose snapshots they are for.</summary>
internal sealed class KeepOptions
{
    private const string Within = "--keep-within";

    private readonly List<(Option<string?> Option, Func<RetentionRules, int, RetentionRules> Set)> _counts =
    [
        (Count("--keep-last", "Keep so many newest snapshots."), (rules, count) => rules with { Last = count }),
        (Count("--keep-hourly", "Keep the newest of each hour, for so many hours that have one."), (rules, count) => rules with { Hourly = count }),
        (Count("--keep-daily", "Keep the newest of each day (UTC), for so many days that have one."), (rules, count) => rules with { Daily = count }),
        (Count("--keep-weekly", "Keep the newest of each ISO week, for so many weeks that have one."), (rules, count) => rules with { Weekly = count }),
        (Count("--keep-monthly", "Keep the newest of each month, for so many months that have one."), (rules, count) => rules with { Monthly = count }),
        (Count("--keep-yearly", "Keep the newest of each year, for so many years that have one."), (rules, count) => rules with { Yearly = count }),
    ];

    private readonly Option<string?> _within = new(Within)
    {
        Description = "Keep all that are at most so much older than the newest one, such as 30d.",
        HelpName = "TIME",
    };

    private readonly Option<string?> _minimum = Count("--keep-minimum", "Keep so many newest ones whatever the other rules say (default 1).");
    private readonly Option<string?> _workload = new("--workload") { Description = "The rules are for this workload only; all others' snapshots stay.", HelpName = "NAME" };
    private readonly Option<string?> _policy = new("--policy") { Description = "The rules are for this policy only; all others' snapshots stay.", HelpName = "NAME" };

    /// <summary>For a command's list.</summary>
    public IReadOnlyList<Symbol> All => [.. _counts.Select(count => count.Option), _within, _minimum, _workload, _policy];

    /// <summary>The rules that were given; none when no rule was.</summary>
    /// <exception cref="CliException">A value is none, or what was given contradicts itself.</exception>
    public IReadOnlyList<RetentionScope> Read(CommandInvocation invocation)
    {
        var (rules, given) = (new RetentionRules(), false);
        foreach (var (option, set) in _counts)
        {
            if (invocation.Value(option) is { } text)
            {
                (rules, given) = (set(rules, Number(option.Name, text)), true);
            }
        }

        if (invocation.Value(_within) is { } within)
        {
            (rules, given) = (rules with { Within = Times.Read(Within, within, TimeSpan.FromSeconds(1)) }, true);
        }

        if (invocation.Value(_minimum) is { } minimum)
        {
            rules = rules with { Minimum = Number(_minimum.Name, minimum) };
        }

        var (workload, policy) = (invocation.Value(_workload), invocation.Value(_policy));
        var alone = invocation.Value(_minimum) is { } least ? (_minimum.Name, Value: least) : workload is not null ? (_workload.Name, Value: workload) : policy is not null ? (_policy.Name, Value: policy) : default;
        return given ? [new RetentionScope(rules, workload, policy)]
            : alone.Name is null ? []
            : throw new CliException(
                "BadInput",
                $"{alone.Name} is '{alone.Value}' and no rule is given; expected at least one of {string.Join(", ", _counts.Select(count => count.Option.Name))} and {Within}.",
                "Without a rule prune removes no snapshot. Add --dry-run to see what rules would do.");
    }

    private static Option<string?> Count(string name, string description) => new(name) { Description = description, HelpName = "N" };

    private static int Number(string option, string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= RetentionRules.Most
            ? number
            : throw new CliException("BadInput", $"{option} is '{text}'; expected 1 to {RetentionRules.Most}.", "Leave it out for no such rule.");
}

/// <summary>Sizes of time of options, as plans write them.</summary>
internal static class Times
{
    /// <summary>Reads one.</summary>
    /// <exception cref="CliException">It is none, or too short.</exception>
    public static TimeSpan Read(string option, string text, TimeSpan least) =>
        !Durations.TryParse(text, out var time) ? throw new CliException("BadInput", $"{option} is '{text}'; expected {Durations.Expected}.", "Write it as plans do.")
        : time < least ? throw new CliException("BadInput", $"{option} is '{text}'; expected at least {Durations.Text(least)}.", "Give it more time.")
        : time;
}
