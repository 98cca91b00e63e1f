using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Incidents.Policies;

namespace DrFunctions.Recovery.Signals;

/// <summary>Whether a policy's red rules could pass by what a sample holds, without an alert of Azure's. Pure.</summary>
internal static class SampledVantages
{
    /// <summary>
    /// Red: somebody who was sampled found the primary lost, and the rules can pass with what nobody sampled or could see. Green: they
    /// cannot. Unknown: nobody saw anything. Where the policy asks nobody who is sampled, the control region's own probe speaks for them.
    /// </summary>
    public static VantageFinding Judge(IncidentPolicy policy, LagSample sample)
    {
        if (!policy.Asked.Any(IsSampled))
        {
            return Find(Vantage.ControlProbe, sample);
        }

        var canPass = policy.Red.All(vantage => Find(vantage, sample) != VantageFinding.Green)
            && (policy.Quorum is not { } quorum || quorum.Of.Count(vantage => Find(vantage, sample) != VantageFinding.Green) >= quorum.AtLeast);
        return !canPass ? VantageFinding.Green
            : policy.Asked.Any(vantage => Find(vantage, sample) == VantageFinding.Red) ? VantageFinding.Red
            : VantageFinding.Unknown;
    }

    private static bool IsSampled(Vantage vantage) => vantage is Vantage.ControlProbe or Vantage.TcpProbe or Vantage.TrafficManager;

    private static VantageFinding Find(Vantage vantage, LagSample sample) => vantage switch
    {
        Vantage.ControlProbe => VantageFindings.Of(sample.Primary),
        Vantage.TcpProbe => sample.Tcp is { } tcp ? VantageFindings.Of(tcp) : VantageFinding.Unknown,
        Vantage.TrafficManager => VantageFindings.OfMonitor(sample.Monitor?.Primary),

        // Asked at the look.
        Vantage.StandbyProbe => VantageFinding.Unknown,

        // An alert would have come.
        _ => VantageFinding.Green,
    };
}
