using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using DrFunctions.LocalRuntime.Http;
using DrFunctions.LocalRuntime.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace DrFunctions.LocalRuntime.Discovery;

/// <summary>Finds the functions of an app by their attributes, and every mistake in them.</summary>
internal sealed partial class FunctionDiscovery(TriggerReader triggers, List<string> problems)
{
    /// <summary>Whether an attribute makes its parameter a trigger.</summary>
    public static bool IsTrigger(Attribute attribute) => attribute is TriggerBindingAttribute;

    /// <summary>The valid functions among the types; what is wrong with the others is added to the problems.</summary>
    public IReadOnlyList<FunctionDescriptor> Discover(IEnumerable<Type> types)
    {
        var functions = new List<FunctionDescriptor>();
        var names = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var (method, name) in types.SelectMany(Methods))
        {
            var where = $"{method.DeclaringType?.FullName}.{method.Name}";
            if (!ValidName().IsMatch(name))
            {
                problems.Add($"function name '{name}' of {where}: expected a letter, then up to 127 letters, digits, '_' or '-'");
            }
            else if (!names.TryAdd(name, where))
            {
                problems.Add($"function name '{name}' is used twice, by {names[name]} and {where}: names are compared ignoring case");
            }
            else if (Describe(method, name) is { } function)
            {
                functions.Add(function);
            }
        }

        return functions;
    }

    private static IEnumerable<(MethodInfo Method, string Name)> Methods(Type type)
    {
        const BindingFlags All =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var method in type.GetMethods(All))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } attribute)
            {
                yield return (method, attribute.Name);
            }
        }
    }

    private FunctionDescriptor? Describe(MethodInfo method, string name)
    {
        var before = problems.Count;
        CheckMethod(method, name);
        var marked = method.GetParameters().Where(parameter => parameter.GetCustomAttributes().Any(IsTrigger)).ToList();
        if (marked.Count != 1)
        {
            problems.Add($"function '{name}' has {marked.Count} trigger parameters, expected exactly one");
            return null;
        }

        var trigger = triggers.Read(marked[0], name);
        if (trigger is null)
        {
            return null;
        }

        CheckResult(method, name, trigger);
        var binders = new List<ParameterBinder>();
        foreach (var parameter in method.GetParameters())
        {
            if (ParameterBinding.For(parameter, parameter == marked[0], trigger, out var expected) is { } binder)
            {
                binders.Add(binder);
            }
            else
            {
                problems.Add($"function '{name}', parameter '{parameter.Name}' of type {parameter.ParameterType.Name}: {expected}");
            }
        }

        return problems.Count == before ? new FunctionDescriptor(name, method, trigger, binders) : null;
    }

    private void CheckMethod(MethodInfo method, string name)
    {
        if (!method.IsPublic || method.DeclaringType is not { IsVisible: true })
        {
            problems.Add($"function '{name}': its class and method must be public");
        }

        if (method.ContainsGenericParameters || (method.DeclaringType is { IsAbstract: true } && !method.IsStatic))
        {
            problems.Add($"function '{name}': its class and method must not be generic or abstract");
        }

        if (method.ReturnType == typeof(void) && method.IsDefined(typeof(AsyncStateMachineAttribute)))
        {
            problems.Add($"function '{name}' is async void, expected Task: nobody could await it");
        }
    }

    private void CheckResult(MethodInfo method, string name, FunctionTrigger trigger)
    {
        if (trigger is HttpFunctionTrigger && FunctionResult.TypeOf(method) is { } type && !HttpResult.IsSupported(type))
        {
            problems.Add($"function '{name}' returns {type.Name}, expected IActionResult, IResult, or nothing");
        }
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,127}$")]
    private static partial Regex ValidName();
}
