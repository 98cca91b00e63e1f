using DrFunctions.LocalRuntime.Discovery;
using Microsoft.Extensions.DependencyInjection;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>Finds constructors of function classes that ask for what is not registered.</summary>
internal static class ConstructorCheck
{
    public static IEnumerable<string> Problems(FunctionCatalog catalog, IServiceProviderIsService services)
    {
        foreach (var type in catalog.Functions.Where(function => !function.Method.IsStatic).Select(function => function.Class).Distinct())
        {
            var constructors = type.GetConstructors();
            if (constructors.Length != 1)
            {
                yield return $"class {type.FullName} has {constructors.Length} public constructors, expected one";
                continue;
            }

            foreach (var parameter in constructors[0].GetParameters())
            {
                if (!parameter.HasDefaultValue && !services.IsService(parameter.ParameterType))
                {
                    yield return $"class {type.FullName}: its constructor's parameter '{parameter.Name}' needs {parameter.ParameterType}, which is not registered";
                }
            }
        }
    }
}
