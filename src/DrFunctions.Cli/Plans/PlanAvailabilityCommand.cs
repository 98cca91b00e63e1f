using System.CommandLine;
using DrFunctions.Cli.Terminal;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.Objectives.Uptime;

namespace DrFunctions.Cli.Plans;

/// <summary><c>dr plan availability COMPONENTS</c></summary>
internal static class PlanAvailabilityCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context)
    {
        var components = new Argument<string>("COMPONENTS")
        {
            Description = "Names with their percent: 'site 99.95, database 99.99' works while both do, '(west 99.9 | east 99.9)' while one does, '2 of (a 99 | b 99 | c 99)' while two do.",
        };
        return context.Command("availability", "Compute the availability of components in series and parallel, and the downtime that it allows; the best that the parts allow, since it takes them to fail independently.", [components],
            (invocation, _) =>
            {
                if (!ComponentText.TryParse(invocation.Value(components), out var component, out var mistake))
                {
                    throw new CliException("BadInput", $"COMPONENTS {mistake}", "Write them such as: dr plan availability \"site 99.95, (west 99.9 | east 99.9)\"");
                }

                var availability = ComponentAvailability.Of(component);
                var downtime = Downtime.Of(availability);
                if (invocation.Output.IsJson)
                {
                    invocation.Output.Document(new AvailabilityView(
                        availability.Percent, downtime.PerYear.TotalSeconds, downtime.PerMonth.TotalSeconds, downtime.PerWeek.TotalSeconds));
                }
                else
                {
                    invocation.Output.Say($"{Output.Text(availability.ToString())}");
                    invocation.Output.Say($"  down  {SpanText.Of(downtime.PerYear)} a year, {SpanText.Of(downtime.PerMonth)} in 30 days, {SpanText.Of(downtime.PerWeek)} a week");
                }

                return Task.FromResult(ExitCodes.Success);
            });
    }

    private sealed record AvailabilityView(decimal Percent, double DowntimePerYearSeconds, double DowntimePerMonthSeconds, double DowntimePerWeekSeconds);
}
