using System.Text.RegularExpressions;
using DrFunctions.Plans.Fields;

namespace DrFunctions.Plans.Sections;

/// <summary>Shapes of names. The JSON schema has the same ones; a test holds them together.</summary>
internal static partial class Names
{
    /// <summary>The name of a workload, store, backup or runbook.</summary>
    public static string? Name(Field? field) =>
        field?.Text(NameShape(), "1 to 40 of a-z, 0-9 and '-', beginning with a letter");

    /// <summary>The name of a step.</summary>
    public static string? Step(Field? field) =>
        field?.Text(StepShape(), "1 to 40 letters, digits and '-', beginning with a letter");

    /// <summary>An Azure region.</summary>
    public static string? Region(Field? field) =>
        field?.Text(RegionShape(), "Azure's name of a region, lower-case letters and digits, such as westeurope");

    /// <summary>An endpoint of a Traffic Manager profile.</summary>
    public static string? Endpoint(Field? field) =>
        field?.Text(EndpointShape(), "the name of an endpoint of the profile, letters, digits, '.', '_' and '-'");

    /// <summary>An app setting. Its value, which may be a secret, never belongs into a plan.</summary>
    public static string? Setting(Field? field) =>
        field?.Text(SettingShape(), "the name of an app setting, letters, digits and '_', and never its value");

    /// <summary>A host, by name or address, as URLs have it.</summary>
    public static string? Host(Field? field) =>
        field?.Text(HostShape(), "a host's name or address without scheme, port and path, such as hooks.example.com");

    /// <summary>A blob container.</summary>
    public static string? Container(Field? field) =>
        field?.Text(ContainerShape(), "a container's name, 3 to 63 of a-z, 0-9 and single '-' inside");

    public static bool IsName(string text) => NameShape().IsMatch(text);

    public static bool IsZone(string text) => text.Length <= 64 && ZoneShape().IsMatch(text);

    [GeneratedRegex(@"\A[a-z][a-z0-9-]{0,39}\z")]
    internal static partial Regex NameShape();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9-]{0,39}\z")]
    internal static partial Regex StepShape();

    [GeneratedRegex(@"\A[a-z][a-z0-9]{2,39}\z")]
    internal static partial Regex RegionShape();

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,99}\z")]
    internal static partial Regex EndpointShape();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_]{0,99}\z")]
    internal static partial Regex SettingShape();

    [GeneratedRegex(@"\A[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\z")]
    internal static partial Regex HostShape();

    [GeneratedRegex(@"\A(?=.{3,63}\z)[a-z0-9]+(-[a-z0-9]+)*\z")]
    internal static partial Regex ContainerShape();

    [GeneratedRegex(@"\A[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}\z")]
    internal static partial Regex ZoneShape();
}
