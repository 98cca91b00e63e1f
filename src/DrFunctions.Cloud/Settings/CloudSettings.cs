using System.Net;
using DrFunctions.Cloud.ResourceManager;
using DrFunctions.Recovery;
using DrFunctions.Recovery.Control;
using DrFunctions.Recovery.Workloads;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.Cloud.Settings;

/// <summary>The app settings of docs/design.md, section 4, checked.</summary>
/// <param name="Control">The control account.</param>
/// <param name="Mirror">The account in another region; null when there is none.</param>
/// <param name="ResourceManager">How Resource Manager is reached.</param>
/// <param name="Resolvers">DNS servers of the outside probe; empty for the machine's.</param>
/// <param name="Identity">Which of two apps this one is.</param>
internal sealed record CloudSettings(
    StorageAccount Control,
    StorageAccount? Mirror,
    ResourceManagerOptions ResourceManager,
    IReadOnlyList<IPEndPoint> Resolvers,
    ControlIdentity Identity)
{
    private const string ControlName = "AzureWebJobsStorage";
    private const string MirrorName = "Dr:MirrorStorage";
    private const string EndpointName = "Dr:ResourceManager";
    private const string ThumbprintName = "Dr:ResourceManagerThumbprint";
    private const string TokenName = "Dr:ResourceManagerToken";
    private const string ResolversName = "Dr:Resolvers";
    private const string StandsByName = "Dr:StandsBy";
    private const string PeerName = "Dr:PeerApp";

    /// <summary>Reads the settings.</summary>
    /// <exception cref="RecoveryException">Code <c>InvalidSettings</c>: the message names every setting with a mistake.</exception>
    public static CloudSettings Read(IConfiguration settings)
    {
        var mistakes = new List<string>();
        var control = StorageAccount.Read(settings, ControlName, mistakes);
        if (control is null && mistakes.Count == 0)
        {
            mistakes.Add($"{ControlName} is missing; it must be a storage connection string, or {ControlName}__blobServiceUri an address");
        }

        var mirror = StorageAccount.Read(settings, MirrorName, mistakes);
        if (mirror is not null && mirror.Address == control?.Address)
        {
            mistakes.Add($"{Shown(MirrorName)} is the control account itself, {control.Address}; it must be an account in another region");
        }

        var resourceManager = ReadResourceManager(settings, mistakes);
        var resolvers = ReadResolvers(settings, mistakes);
        var (standsBy, peer) = ReadPeer(settings, mirror, mistakes);
        return mistakes.Count == 0 && control is not null
            ? new CloudSettings(
                control,
                mirror,
                resourceManager,
                resolvers,
                new ControlIdentity(control.Address.ToString(), NullIfEmpty(settings["Dr:Region"]) ?? "unknown", standsBy, peer))
            : throw new RecoveryException("InvalidSettings", $"The app settings have mistakes: {string.Join("; ", mistakes.Select(Shown))}.",
                isTransient: false, "Correct the settings and start the app again.");
    }

    private static ResourceManagerOptions ReadResourceManager(IConfiguration settings, List<string> mistakes)
    {
        var options = new ResourceManagerOptions
        {
            Thumbprint = NullIfEmpty(settings[ThumbprintName]),
            Token = NullIfEmpty(settings[TokenName]),
        };
        if (settings[EndpointName] is { Length: > 0 } text)
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var endpoint))
            {
                mistakes.Add($"{EndpointName} '{text}' is not an absolute URL");
                return options;
            }

            options = options with { Endpoint = endpoint };
        }

        mistakes.AddRange(options.Mistakes().Select(mistake => $"{EndpointName}, {ThumbprintName}, {TokenName}: {mistake}"));
        return options;
    }

    private static List<IPEndPoint> ReadResolvers(IConfiguration settings, List<string> mistakes)
    {
        var resolvers = new List<IPEndPoint>();
        var parts = (settings[ResolversName] ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        foreach (var part in parts)
        {
            // The parser takes a missing port for 0.
            if (IPEndPoint.TryParse(part, out var resolver) && resolver.Port > 0)
            {
                resolvers.Add(resolver);
            }
            else
            {
                mistakes.Add($"{ResolversName} has '{part}'; expected address:port, such as 127.0.0.1:53, separated by commas");
            }
        }

        return resolvers;
    }

    private static (bool StandsBy, ResourceId? Peer) ReadPeer(IConfiguration settings, StorageAccount? mirror, List<string> mistakes)
    {
        var standsBy = false;
        if (NullIfEmpty(settings[StandsByName]) is { } text && !bool.TryParse(text, out standsBy))
        {
            mistakes.Add($"{StandsByName} is '{text}'; expected true or false");
        }

        ResourceId? peer = null;
        if (NullIfEmpty(settings[PeerName]) is { } app)
        {
            if (ResourceId.TryParse(app, out var id) && id.Value.Split('/') is [.., "providers", var provider, var type, _]
                && $"{provider}/{type}".Equals("Microsoft.Web/sites", StringComparison.OrdinalIgnoreCase))
            {
                peer = id;
            }
            else
            {
                mistakes.Add($"{PeerName} is '{app}'; expected the resource id of a function app, /subscriptions/…/providers/Microsoft.Web/sites/…");
            }
        }

        if (mirror is null && (standsBy || peer is not null))
        {
            mistakes.Add($"{(standsBy ? StandsByName : PeerName)} is set and {MirrorName} is not; expected the other app's control account there");
        }

        return (standsBy, peer);
    }

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;

    /// <summary>As the setting is written in Azure and in the environment.</summary>
    private static string Shown(string text) => text.Replace("Dr:", "Dr__", StringComparison.Ordinal);
}
