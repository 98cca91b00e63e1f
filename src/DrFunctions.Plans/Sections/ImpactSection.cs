using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Objectives.Impact;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Plans.Sections;

/// <summary>Reads what the loss of a region means to the business.</summary>
internal static class ImpactSection
{
    public static ImpactPlan? Read(Field? field)
    {
        if (field?.Map(PlanKeys.Impact) is not { } fields)
        {
            return null;
        }

        var downtime = fields["downtimePerHour"]?.Number(0, BusinessImpact.MostAmount);
        var dataLoss = fields["dataLossPerHour"]?.Number(0, BusinessImpact.MostAmount);
        var losses = fields["lossesPerYear"]?.Number(0, 1000);
        var costs = ReadCosts(fields["standbyPerYear"]);
        return downtime is null || dataLoss is null || losses is null
            ? null
            : new ImpactPlan(new BusinessImpact(downtime.Value, dataLoss.Value, losses.Value), costs);
    }

    private static Dictionary<Strategy, decimal> ReadCosts(Field? field)
    {
        var costs = new Dictionary<Strategy, decimal>();
        if (field?.Map(PlanKeys.StandbyCosts) is not { } fields)
        {
            return costs;
        }

        foreach (var (name, strategy) in Choices.Strategies)
        {
            if (fields[name]?.Number(0, BusinessImpact.MostAmount) is { } cost)
            {
                costs[strategy] = cost;
            }
        }

        return costs;
    }
}
