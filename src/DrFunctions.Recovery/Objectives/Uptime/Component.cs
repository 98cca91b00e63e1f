namespace DrFunctions.Recovery.Objectives.Uptime;

/// <summary>A part of a system, or a system of parts. The cases are how parts depend on each other.</summary>
/// <param name="Name">For people; not empty.</param>
public abstract record Component(string Name);

/// <summary>A part whose availability is known.</summary>
/// <param name="Name">For people.</param>
/// <param name="Availability">The share of time that it works.</param>
public sealed record SinglePart(string Name, Availability Availability) : Component(Name);

/// <summary>Works while all its parts work: a site and its database.</summary>
/// <param name="Name">For people.</param>
/// <param name="Parts">1 to 64.</param>
public sealed record InSeries(string Name, IReadOnlyList<Component> Parts) : Component(Name);

/// <summary>Works while one of its parts works: two regions that both serve users.</summary>
/// <param name="Name">For people.</param>
/// <param name="Parts">1 to 64.</param>
public sealed record InParallel(string Name, IReadOnlyList<Component> Parts) : Component(Name);

/// <summary>Works while at least so many of its parts work: a quorum.</summary>
/// <param name="Name">For people.</param>
/// <param name="Needed">1 to the number of parts.</param>
/// <param name="Parts">1 to 64.</param>
public sealed record Quorum(string Name, int Needed, IReadOnlyList<Component> Parts) : Component(Name);
