using System.Text.Json.Nodes;

namespace DrFunctions.Simulator.AppServicePlans;

/// <summary>An App Service plan as it is now.</summary>
internal sealed record AppServicePlan
{
    public required string Name { get; init; }

    public required string ResourceGroup { get; init; }

    public required string Region { get; init; }

    public required PlanSku Sku { get; init; }

    public string Kind { get; init; } = "app";

    public JsonObject? Tags { get; init; }

    /// <summary>Whether its instances run Linux.</summary>
    public bool Reserved { get; init; }

    public bool PerSiteScaling { get; init; }

    public PlanStatus Status { get; init; } = PlanStatus.Ready;
}

/// <summary>What a plan is doing.</summary>
internal enum PlanStatus
{
    /// <summary>Its instances are there.</summary>
    Ready,

    /// <summary>It is being scaled; sites run on what was there before.</summary>
    Pending,

    /// <summary>It is being made and has no instances yet.</summary>
    Creating,
}
