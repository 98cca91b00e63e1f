namespace DrFunctions.Recovery.Incidents.Policies;

/// <summary>Who can say that the primary is lost, each by a way of its own.</summary>
public enum Vantage
{
    /// <summary>Azure's own word: an alert that fired and was not resolved.</summary>
    AzureMonitor,

    /// <summary>The profile's monitor state of the primary's endpoint.</summary>
    TrafficManager,

    /// <summary>The control region's own request.</summary>
    ControlProbe,

    /// <summary>What the standby's region says of the primary, at the plan's <c>standbyProbe</c>.</summary>
    StandbyProbe,

    /// <summary>The control region's own TCP connection to the plan's <c>tcpProbe</c>.</summary>
    TcpProbe,
}

/// <summary>The words of a plan for vantages; rules are named by them.</summary>
public static class Vantages
{
    /// <summary>Words by vantage.</summary>
    public static IReadOnlyDictionary<string, Vantage> ByName { get; } = new Dictionary<string, Vantage>(StringComparer.Ordinal)
    {
        ["azure-monitor"] = Vantage.AzureMonitor,
        ["traffic-manager"] = Vantage.TrafficManager,
        ["control-probe"] = Vantage.ControlProbe,
        ["standby-probe"] = Vantage.StandbyProbe,
        ["tcp-probe"] = Vantage.TcpProbe,
    };

    /// <summary>The word.</summary>
    public static string Name(this Vantage vantage) => ByName.Single(one => one.Value == vantage).Key;
}

/// <summary>So many of these vantages must be red.</summary>
/// <param name="AtLeast">1 to the number of vantages.</param>
/// <param name="Of">Distinct vantages.</param>
public sealed record VantageQuorum(int AtLeast, IReadOnlyList<Vantage> Of);

/// <summary>What must be green in the standby.</summary>
public enum GreenCondition
{
    /// <summary>Resource Manager knows the standby's web app.</summary>
    StandbyApp,

    /// <summary>The standby's repository holds a complete snapshot of every store.</summary>
    RestorePoint,

    /// <summary>The standby answers 200 to the control region: of a standby that runs.</summary>
    StandbyHealth,

    /// <summary>Traffic Manager finds the standby's endpoint online.</summary>
    StandbyEndpoint,
}

/// <summary>The words of a plan for green conditions; rules are named by them.</summary>
public static class GreenConditions
{
    /// <summary>Words by condition.</summary>
    public static IReadOnlyDictionary<string, GreenCondition> ByName { get; } = new Dictionary<string, GreenCondition>(StringComparer.Ordinal)
    {
        ["standby-app"] = GreenCondition.StandbyApp,
        ["restore-point"] = GreenCondition.RestorePoint,
        ["standby-health"] = GreenCondition.StandbyHealth,
        ["standby-endpoint"] = GreenCondition.StandbyEndpoint,
    };

    /// <summary>The word.</summary>
    public static string Name(this GreenCondition condition) => ByName.Single(one => one.Value == condition).Key;
}
