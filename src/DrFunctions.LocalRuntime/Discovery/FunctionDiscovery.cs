using System.Reflection;
using System.Text.RegularExpressions;
using DrFunctions.LocalRuntime.Invocation;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace DrFunctions.LocalRuntime.Discovery;

/// <summary>Finds the functions of an app by their attributes, and every mistake in them.</summary>
internal sealed partial class FunctionDiscovery(TriggerReader triggers, DurableClientCheck clients, List<string> problems)
{
    private readonly Dictionary<string, FunctionPlace> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<Type> _classes = [];

    /// <summary>The classes whose instances functions need, those of wrong functions included.</summary>
    public IReadOnlyCollection<Type> Classes => _classes;

    /// <summary>Whether an attribute makes its parameter a trigger.</summary>
    public static bool IsTrigger(Attribute attribute) => attribute is TriggerBindingAttribute;

    /// <summary>The valid functions among the types; what is wrong with the others is added to the problems.</summary>
    public IReadOnlyList<FunctionDescriptor> Discover(IEnumerable<Type> types)
    {
        var functions = new List<FunctionDescriptor>();
        foreach (var type in types)
        {
            problems.AddRange(ClassBasedCheck.Problems(type));
            foreach (var place in Functions(type))
            {
                var named = CheckName(place);
                if (Describe(place) is { } function && named)
                {
                    functions.Add(function);
                }
            }
        }

        return functions;
    }

    private static IEnumerable<FunctionPlace> Functions(Type type)
    {
        const BindingFlags All =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var method in type.GetMethods(All))
        {
            if (method.GetCustomAttribute<FunctionAttribute>() is { } attribute)
            {
                yield return new FunctionPlace(method, attribute.Name);
            }
        }
    }

    // The official host's rule, its one reserved name included.
    private bool CheckName(FunctionPlace place)
    {
        var before = problems.Count;
        if (place.Name is null || !ValidName().IsMatch(place.Name))
        {
            problems.Add($"{place.Member}: the function name '{place.Name}' is not valid: expected a letter, then up to 127 letters, digits, '_' or '-'");
        }
        else if (place.Name.Equals("host", StringComparison.OrdinalIgnoreCase))
        {
            problems.Add($"{place.Member}: the function name '{place.Name}' is reserved by the host");
        }
        else if (!_names.TryAdd(place.Name, place))
        {
            problems.Add($"{place.Member}: the function name '{place.Name}' is also that of {_names[place.Name].Member}: names are compared ignoring case");
        }

        return problems.Count == before;
    }

    private FunctionDescriptor? Describe(FunctionPlace place)
    {
        var before = problems.Count;
        problems.AddRange(MethodCheck.Problems(place));
        if (!place.Method.IsStatic && place.Method.DeclaringType is { IsAbstract: false, ContainsGenericParameters: false } type)
        {
            _classes.Add(type);
        }

        var parameters = place.Method.GetParameters();
        var marked = parameters.Where(parameter => parameter.GetCustomAttributes().Any(IsTrigger)).ToList();
        if (marked.Count != 1 || marked[0].GetCustomAttributes().Count(IsTrigger) != 1)
        {
            problems.Add(place.Problem(marked.Count == 0
                ? "has no trigger: expected one parameter with HttpTrigger, TimerTrigger, EventGridTrigger, OrchestrationTrigger or ActivityTrigger"
                : $"has several triggers ({string.Join(", ", marked.Select(parameter => parameter.Name))}): expected exactly one"));
            return null;
        }

        if (triggers.Read(marked[0], place) is not { } trigger)
        {
            return null;
        }

        problems.AddRange(MethodCheck.ResultProblems(place, trigger));
        var binders = new List<ParameterBinder>();
        foreach (var parameter in parameters)
        {
            problems.AddRange(clients.Problems(parameter, place));
            if (ParameterBinding.For(parameter, parameter == marked[0], trigger, out var expected) is { } binder)
            {
                binders.Add(binder);
            }
            else
            {
                problems.Add(place.Problem(parameter, expected));
            }
        }

        return problems.Count == before ? new FunctionDescriptor(place, trigger, triggers.IsDisabled(place.Name), binders) : null;
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_-]{0,127}\\z")]
    private static partial Regex ValidName();
}
