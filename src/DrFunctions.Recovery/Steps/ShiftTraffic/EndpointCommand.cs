using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Recovery.Steps.ShiftTraffic;

/// <summary>An az command that changes one endpoint, whatever its type.</summary>
internal static class EndpointCommand
{
    /// <param name="plan">The plan.</param>
    /// <param name="role">Whose endpoint.</param>
    /// <param name="options">Such as <c>--endpoint-status Disabled</c>; nothing in them needs quotes.</param>
    public static string Update(WorkloadPlan plan, RegionRole role, string options)
    {
        var profile = ShellWord.Quote(plan.Traffic.Profile.Value);
        var name = plan.Traffic.EndpointOf(role).Replace("'", "\\'", StringComparison.Ordinal); // as JMESPath's raw strings have it
        var query = ShellWord.Quote($"endpoints[?name=='{name}'].id");
        return $"az network traffic-manager endpoint update {options} --ids \"$(az network traffic-manager profile show --ids {profile} --query {query} --output tsv)\"";
    }
}
