using System.Text;
using System.Text.Json;
using DrFunctions.Recovery.Documents;

namespace DrFunctions.Recovery.Routing;

/// <summary>The settings of a profile as a fact of a journal, for an undo.</summary>
public static class RoutingFact
{
    /// <summary>Writes the settings that a profile has, as JSON.</summary>
    public static string Write(TrafficProfile profile) => Encoding.UTF8.GetString(DocumentJson.Write(RoutingSettings.Of(profile)).Span);

    /// <summary>Null when there is no fact, or it is not what <see cref="Write"/> writes.</summary>
    public static RoutingSettings? Read(string? fact)
    {
        try
        {
            return fact is null ? null : JsonSerializer.Deserialize<RoutingSettings>(fact, DocumentJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
