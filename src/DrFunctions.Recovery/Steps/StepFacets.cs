using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps;

/// <summary>A step after which a region cannot write.</summary>
public interface IFencesRegion
{
    /// <summary>The region.</summary>
    RegionRole Region { get; }
}

/// <summary>A step after which all users go to one region.</summary>
public interface IMovesUsers
{
    /// <summary>The region.</summary>
    RegionRole To { get; }
}

/// <summary>A step that stops a region's app without proving anything of its data.</summary>
public interface IStopsRegion
{
    /// <summary>The region.</summary>
    RegionRole Region { get; }
}

/// <summary>A step that puts a region's app to work.</summary>
public interface IStartsRegion
{
    /// <summary>The region.</summary>
    RegionRole Region { get; }
}

/// <summary>A step that overwrites a store's data in a region with a backup.</summary>
public interface IRestoresStore
{
    /// <summary>The store's name.</summary>
    string Store { get; }

    /// <summary>The region.</summary>
    RegionRole Region { get; }
}

/// <summary>A step that takes a backup of a store's data in a region.</summary>
public interface IBacksUpStore
{
    /// <summary>The store's name.</summary>
    string Store { get; }

    /// <summary>The region whose data is backed up.</summary>
    RegionRole Region { get; }
}

/// <summary>A step that goes on only once something was healthy several times in a row.</summary>
public interface IWatchesHealth
{
    /// <summary>How many times in a row, at least 1.</summary>
    int Times { get; }

    /// <summary>Whether it is the region's health that is watched.</summary>
    bool Watches(RegionRole region, WorkloadPlan plan);
}

/// <summary>A step that proves from outside that users reach a region.</summary>
public interface IProvesRegion
{
    /// <summary>The region.</summary>
    RegionRole Region { get; }
}

/// <summary>A step after which a region's data takes writes: what holds the same data elsewhere must not, by then.</summary>
public interface IPromotesRegion
{
    /// <summary>The region.</summary>
    RegionRole Region { get; }

    /// <summary>What takes writes then.</summary>
    ResourceId Promoted { get; }
}

/// <summary>A step during which users are in both regions, and after which a share or all of them are in one.</summary>
public interface ISharesUsers
{
    /// <summary>The region that gets users.</summary>
    RegionRole To { get; }

    /// <summary>Whether the plan says of the step that both regions may write at once.</summary>
    bool SharedData { get; }
}
