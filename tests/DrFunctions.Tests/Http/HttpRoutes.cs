using System.Reflection;
using System.Text.RegularExpressions;
using DrFunctions.App.Health;
using DrFunctions.App.People;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.App.Http;

/// <summary>Every HTTP function of the app, found by its attributes: a new one is tried without being named in any test.</summary>
internal static partial class HttpRoutes
{
    public static (string Name, HttpTriggerAttribute Trigger, RequiresAttribute? Requires)[] Found { get; } =
    [
        .. from type in typeof(HealthFunction).Assembly.GetTypes()
           from method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static)
           let function = method.GetCustomAttribute<FunctionAttribute>()
           where function is not null
           from parameter in method.GetParameters()
           let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
           where trigger is not null
           select (function.Name, trigger, method.GetCustomAttribute<RequiresAttribute>()),
    ];

    /// <summary>Name, method and path of each.</summary>
    public static TheoryData<string, string, string> All
    {
        get
        {
            var routes = new TheoryData<string, string, string>();
            foreach (var (name, trigger, _) in Found)
            {
                foreach (var method in trigger.Methods!) // every function of the app names its methods
                {
                    routes.Add(name, method.ToUpperInvariant(), $"api/{Parameter().Replace(trigger.Route!, "x")}"); // and its route
                }
            }

            return routes;
        }
    }

    [GeneratedRegex(@"\{[a-zA-Z:]+\??\}")]
    private static partial Regex Parameter();
}
