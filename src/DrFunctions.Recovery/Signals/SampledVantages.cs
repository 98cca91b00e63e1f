using DrFunctions.Recovery.DataLoss;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Incidents.Policies;

namespace DrFunctions.Recovery.Signals;

/// <summary>Whether a policy's red rules could pass by what a sample holds. Pure.</summary>
internal static class SampledVantages
{
    /// <summary>
    /// Red: somebody who was sampled found the primary lost, and the rules can pass with what nobody sampled or could see. Green: they
    /// cannot. Unknown: nobody saw anything. Where the policy asks nobody who is sampled, the control region's own probe speaks for them.
    /// </summary>
    /// <param name="policy">The policy.</param>
    /// <param name="sample">The sample.</param>
    /// <param name="alertStands">Whether an alert of Azure's counts as fired.</param>
    public static VantageFinding Judge(IncidentPolicy policy, LagSample sample, bool alertStands)
    {
        if (!policy.Asked.Any(IsSampled))
        {
            return VantageFindings.Of(sample.Primary);
        }

        var canPass = policy.Red.All(CanBeRed) && (policy.Quorum is not { } quorum || quorum.Of.Count(CanBeRed) >= quorum.AtLeast);
        return !canPass ? VantageFinding.Green
            : policy.Asked.Any(vantage => IsSampled(vantage) && Find(vantage, sample) == VantageFinding.Red) ? VantageFinding.Red
            : VantageFinding.Unknown;

        bool CanBeRed(Vantage vantage) => vantage == Vantage.AzureMonitor ? alertStands : Find(vantage, sample) != VantageFinding.Green;
    }

    private static bool IsSampled(Vantage vantage) => vantage is Vantage.ControlProbe or Vantage.TcpProbe or Vantage.TrafficManager;

    private static VantageFinding Find(Vantage vantage, LagSample sample) => vantage switch
    {
        Vantage.ControlProbe => VantageFindings.Of(sample.Primary),
        Vantage.TcpProbe => sample.Tcp is { } tcp ? VantageFindings.Of(tcp) : VantageFinding.Unknown,
        Vantage.TrafficManager => VantageFindings.OfMonitor(sample.Monitor?.Primary),

        // The standby is asked at the look.
        _ => VantageFinding.Unknown,
    };
}
