using System.Reflection;
using System.Runtime.CompilerServices;
using DrFunctions.LocalRuntime.Http;
using DrFunctions.LocalRuntime.Invocation;

namespace DrFunctions.LocalRuntime.Discovery;

/// <summary>Finds what is wrong with the method of a function, whatever its trigger.</summary>
internal static class MethodCheck
{
    public static IEnumerable<string> Problems(FunctionPlace place)
    {
        var method = place.Method;
        if (!method.IsPublic)
        {
            yield return place.Problem("is not public: the official worker calls public methods only");
        }

        if (method.DeclaringType is not { IsVisible: true })
        {
            yield return place.Problem("is in a class that is not public: the official worker calls public classes only");
        }

        if (method.ContainsGenericParameters)
        {
            yield return place.Problem("is generic, or its class is: nothing says with which types to call it");
        }

        if (method.DeclaringType is { IsAbstract: true } && !method.IsStatic)
        {
            yield return place.Problem("is an instance method of an abstract class: nobody can make its instance");
        }

        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
        {
            yield return place.Problem("is async void, expected Task: nobody could await it");
        }

        foreach (var parameter in method.GetParameters().Where(parameter => parameter.ParameterType.IsByRef || parameter.ParameterType.IsByRefLike))
        {
            yield return place.Problem(parameter, "is passed by reference, expected a value");
        }
    }

    public static IEnumerable<string> ResultProblems(FunctionPlace place, FunctionTrigger trigger)
    {
        var result = FunctionResult.TypeOf(place.Method);
        if (trigger is HttpFunctionTrigger && result is not null && !HttpResult.IsSupported(result))
        {
            yield return place.Problem($"returns {result.Name}, expected IActionResult, IResult, or nothing");
        }

        if (result is not null && (result.IsAssignableTo(typeof(Task)) || result == typeof(ValueTask) || result.IsByRef || result.IsByRefLike))
        {
            yield return place.Problem($"returns {place.Method.ReturnType.Name} of {result.Name}, expected a value or one task");
        }
    }
}
