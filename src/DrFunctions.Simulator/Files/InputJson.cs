using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DrFunctions.Simulator.Files;

/// <summary>How the objects of files and of the control API are written and read.</summary>
internal static class InputJson
{
    /// <summary>Scenarios: choices as the service spells them.</summary>
    public static readonly JsonSerializerOptions Scenario = Create(namingPolicy: null);

    /// <summary>Fault scripts: choices in camelCase.</summary>
    public static readonly JsonSerializerOptions Faults = Create(JsonNamingPolicy.CamelCase);

    private static JsonSerializerOptions Create(JsonNamingPolicy? namingPolicy) => new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true,
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, // read by people, never inside HTML
        Converters = { new JsonStringEnumConverter(namingPolicy, allowIntegerValues: false) },
    };
}
