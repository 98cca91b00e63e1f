using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>The plan <c>samples/shop.yaml</c>, fitted to a local environment.</summary>
internal static partial class SamplePlan
{
    /// <summary>What the local plan says instead of the sample's dwell, so that nobody waits half a minute for a demonstration.</summary>
    public static readonly TimeSpan LocalDwell = TimeSpan.FromSeconds(3);

    /// <summary>The workload that the sample describes.</summary>
    public const string Workload = "shop";

    /// <summary>What <see cref="ForLocal"/> changes, in words.</summary>
    public static string Changes(LocalPorts ports) =>
        $"web addresses carry the simulator's port {ports.Web}, and an incident dwells {LocalDwell.TotalSeconds:0} s instead of 30 s";

    /// <summary>The sample with the web port in every URL and a short dwell; otherwise as it is.</summary>
    public static string ForLocal(LocalPorts ports)
    {
        var port = ports.Web.ToString(CultureInfo.InvariantCulture);
        var withPorts = UrlHost().Replace(Read(), match => $"{match.Value}:{port}");
        var dwell = string.Create(CultureInfo.InvariantCulture, $"dwell: {LocalDwell.TotalSeconds:0}s");
        return Dwell().IsMatch(withPorts)
            ? Dwell().Replace(withPorts, dwell)
            : Alerts().Replace(withPorts, $"alerts:\n  {dwell}", 1);
    }

    private static string Read()
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("samples/shop.yaml")
            ?? throw new InvalidOperationException("The assembly lacks its resource samples/shop.yaml.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"(?<=^[^#\n]*)http://[a-z0-9.-]+(?=/)", RegexOptions.Multiline)]
    private static partial Regex UrlHost();

    [GeneratedRegex(@"(?<=^\s+)dwell: \S+", RegexOptions.Multiline)]
    private static partial Regex Dwell();

    [GeneratedRegex(@"^alerts:", RegexOptions.Multiline)]
    private static partial Regex Alerts();
}
