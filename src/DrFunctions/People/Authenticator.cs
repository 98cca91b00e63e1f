using DrFunctions.Recovery.People;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.App.People;

/// <summary>Says who asks. The host has let the request through its own door already: it came with a function key.</summary>
internal sealed class Authenticator(AccessSettings settings)
{
    public const string KeyHeader = "x-dr-key";

    private const string Bearer = "Bearer ";
    private const string HowTo = "Send your personal key in the header x-dr-key ('dr people add' makes one), or sign in where Easy Auth is on.";

    /// <summary>The caller, or why the request is nobody's. A credential that is wrong is never made good by another one.</summary>
    /// <param name="headers">Of the request.</param>
    /// <param name="needed">What the function asks for; null when it does not say, so that it is nobody's.</param>
    public (CallerIdentity? Caller, Refusal? Refusal) Authenticate(IHeaderDictionary headers, CallerRole? needed)
    {
        if (Key(headers) is { } key)
        {
            return settings.People.Find(key) is { } person
                ? (person, null)
                : (null, new Refusal("KeyUnknown", "The personal key is nobody's.", "It may have been replaced or mistyped. " + HowTo));
        }

        // Elsewhere anybody can write this header, and it says nothing.
        if (settings.EasyAuth && headers.TryGetValue(EasyAuthPrincipal.Header, out var principal))
        {
            return principal.Count == 1 && EasyAuthPrincipal.Read(principal.ToString()) is { } caller
                ? (caller, null)
                : (null, new Refusal("PrincipalUnreadable", "The principal that Easy Auth passed on is not one of Entra ID.", "Sign in again."));
        }

        return needed is { } role && settings.FunctionKeyRoles.Allow(role)
            ? (new CallerIdentity("function-key", settings.FunctionKeyRoles, CallerAuthentication.FunctionKey), null)
            : (null, new Refusal("CallerUnknown", "The request has a function key, and nothing says who sends it.", HowTo));
    }

    private string? Key(IHeaderDictionary headers)
    {
        if (headers.TryGetValue(KeyHeader, out var key))
        {
            return key.ToString(); // of several, joined by commas: nobody's
        }

        // Where Easy Auth is on, a bearer token is its own, and was read by it.
        return !settings.EasyAuth && headers.Authorization.ToString() is { } text && text.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? text[Bearer.Length..].Trim()
            : null;
    }
}

/// <summary>Why a request is nobody's.</summary>
/// <param name="Code">Stable.</param>
/// <param name="Message">What is wrong; never a key.</param>
/// <param name="Hint">What to do.</param>
internal sealed record Refusal(string Code, string Message, string Hint);
