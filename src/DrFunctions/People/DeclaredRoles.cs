using System.Reflection;
using DrFunctions.Recovery.People;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.People;

/// <summary>What each HTTP function of an assembly asks of its callers.</summary>
internal sealed class DeclaredRoles
{
    private readonly Dictionary<string, CallerRole?> _roles = [];

    public DeclaredRoles(Assembly functions)
    {
        foreach (var method in functions.GetTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } function
                && method.GetParameters().Select(parameter => parameter.GetCustomAttribute<HttpTriggerAttribute>()).OfType<HttpTriggerAttribute>()
                    .FirstOrDefault() is { } trigger)
            {
                var declared = method.GetCustomAttribute<RequiresAttribute>()?.Role;
                _roles[function.Name] = declared ?? (trigger.AuthLevel == AuthorizationLevel.Anonymous ? CallerRole.None : null);
            }
        }
    }

    /// <summary>The role; <see cref="CallerRole.None"/> where anybody may call; null where nothing is declared, so that nobody may.</summary>
    public CallerRole? Of(string function) => _roles.GetValueOrDefault(function);

    /// <summary>Functions that nobody may call, because they declare nothing.</summary>
    public IEnumerable<string> Undeclared => _roles.Where(role => role.Value is null).Select(role => role.Key);
}
