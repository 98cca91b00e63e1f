using System.Reflection;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>Finds constructors of function classes, and services of the app, that ask for what is not registered.</summary>
internal static class ConstructorCheck
{
    /// <summary>What is wrong with the constructors of function classes.</summary>
    public static IEnumerable<string> Problems(IEnumerable<Type> classes, IServiceProviderIsService services)
    {
        foreach (var type in classes)
        {
            var constructors = type.GetConstructors();
            if (constructors.Length != 1)
            {
                yield return $"{type.FullName}: has {constructors.Length} public constructors, expected one";
                continue;
            }

            foreach (var parameter in constructors[0].GetParameters().Where(parameter => !parameter.HasDefaultValue && !IsRegistered(parameter, services)))
            {
                yield return $"{type.FullName}, constructor parameter '{parameter.Name}': {parameter.ParameterType} is not registered";
            }
        }
    }

    /// <summary>What the registered services themselves ask for in vain.</summary>
    public static IEnumerable<string> Problems(IServiceCollection services)
    {
        try
        {
            // Only looks: no service is made.
            using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true });
            return [];
        }
        catch (AggregateException exception)
        {
            return [.. exception.InnerExceptions.Select(inner => (inner.InnerException ?? inner).Message).Distinct().Order(StringComparer.Ordinal)];
        }
    }

    private static bool IsRegistered(ParameterInfo parameter, IServiceProviderIsService services) =>
        parameter.GetCustomAttribute<FromKeyedServicesAttribute>() is { Key: { } key } && services is IServiceProviderIsKeyedService keyed
            ? keyed.IsKeyedService(parameter.ParameterType, key)
            : services.IsService(parameter.ParameterType);
}
