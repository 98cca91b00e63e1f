using System.Collections.Immutable;
using System.Net;
using DrFunctions.Simulator.Determinism;

namespace DrFunctions.Simulator.TrafficManager.Routing;

/// <summary>Leads a query from the profile that it names through nested profiles to endpoints that are not nested.</summary>
internal sealed class TrafficDirector(TrafficRouting routing, ProfileStore profiles, TrafficMonitor monitor, SeededSource random)
{
    public TrafficDirection Direct(TrafficProfile profile, TrafficClient client, RecordTypes wanted)
    {
        var all = profiles.Snapshot;
        var direction = new TrafficDirection(profile, [], false, []);
        for (var at = profile; ;)
        {
            direction = at.Routing switch
            {
                RoutingMethod.Geographic or RoutingMethod.Performance => direction with { ByPlace = true },
                RoutingMethod.Subnet => direction with
                {
                    Subnets = direction.Subnets.AddRange(at.Endpoints.SelectMany(endpoint => endpoint.Subnets).SelectMany(range => range.Networks())),
                },
                _ => direction,
            };
            var chosen = routing.Choose(at, monitor.StatusesOf(at, all), client, wanted, random.Next("dns/" + at.Key));
            if (chosen is not [{ ChildKey: { } child }])
            {
                return direction with { Profile = at, Endpoints = chosen };
            }

            // A nested endpoint whose child is gone is stopped, and a stopped one is never chosen: the child is there. No profile leads to itself.
            at = all[child];
        }
    }
}

/// <summary>Where a query is led, and what decided it.</summary>
/// <param name="Profile">The profile that the endpoints are in.</param>
/// <param name="Endpoints">The endpoints, none of them nested.</param>
/// <param name="ByPlace">Whether the client's place was looked at.</param>
/// <param name="Subnets">The networks that the client was or was not found in.</param>
internal sealed record TrafficDirection(TrafficProfile Profile, IReadOnlyList<TrafficEndpoint> Endpoints, bool ByPlace, ImmutableList<IPNetwork> Subnets);
