using System.Text.Json;
using DrFunctions.Recovery.People;

namespace DrFunctions.App.People;

/// <summary>Reads the header in which Easy Auth says whom Entra ID authenticated: base64 of JSON with claims.</summary>
internal static class EasyAuthPrincipal
{
    public const string Header = "X-MS-CLIENT-PRINCIPAL";

    private const int MaximumLength = 32 * 1024;

    // The short names of the token, and the long ones that the platform may map them to.
    private static readonly string[] NameTypes =
    [
        "preferred_username", "upn", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
        "email", "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    ];

    private static readonly string[] IdTypes = ["oid", "http://schemas.microsoft.com/identity/claims/objectidentifier"];
    private static readonly string[] RoleTypes = ["roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"];

    /// <summary>The caller; null where the header cannot be read or names nobody of Entra ID.</summary>
    public static CallerIdentity? Read(string header)
    {
        if (header.Length > MaximumLength)
        {
            return null;
        }

        try
        {
            var principal = JsonSerializer.Deserialize<Principal>(Convert.FromBase64String(header), JsonSerializerOptions.Web);
            return principal is { AuthenticationType: "aad", Claims: { } claims } ? Of([.. claims.OfType<Claim>()], principal.RoleType) : null;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            return null;
        }
    }

    private static CallerIdentity? Of(Claim[] claims, string? roleType)
    {
        if (Values(claims, IdTypes).FirstOrDefault() is not { } id || !CallerName.IsValid(id.ToLowerInvariant()))
        {
            return null;
        }

        // An application has an id and no name to sign in with.
        var name = Values(claims, NameTypes).FirstOrDefault()?.ToLowerInvariant();
        var isPerson = name is not null && !Values(claims, ["idtyp"]).Contains("app");
        var roles = Values(claims, roleType is null ? RoleTypes : [.. RoleTypes, roleType])
            .Aggregate(CallerRole.None, (all, value) => CallerRoles.TryParse(value, out var role) ? all | role : all);
        return new CallerIdentity(
            isPerson && CallerName.IsValid(name) ? name! : id.ToLowerInvariant(), // a person's name is not null, above
            roles,
            isPerson ? CallerAuthentication.EntraId : CallerAuthentication.EntraApplication)
        {
            ObjectId = id.ToLowerInvariant(),
        };
    }

    private static IEnumerable<string> Values(Claim[] claims, string[] types) =>
        types.SelectMany(type => claims.Where(claim => claim.Type == type)).Select(claim => claim.Value).OfType<string>();

    private sealed record Principal(
        [property: System.Text.Json.Serialization.JsonPropertyName("auth_typ")] string? AuthenticationType,
        [property: System.Text.Json.Serialization.JsonPropertyName("role_typ")] string? RoleType,
        [property: System.Text.Json.Serialization.JsonPropertyName("claims")] IReadOnlyList<Claim?>? Claims);

    private sealed record Claim(
        [property: System.Text.Json.Serialization.JsonPropertyName("typ")] string? Type,
        [property: System.Text.Json.Serialization.JsonPropertyName("val")] string? Value);
}
