using System.Reflection;
using DrFunctions.LocalRuntime.Http;
using DrFunctions.LocalRuntime.Settings;
using DrFunctions.LocalRuntime.Timers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.LocalRuntime.Discovery;

/// <summary>Reads a trigger's attribute: settings resolved, values checked.</summary>
internal sealed class TriggerReader(IConfiguration configuration, HostOptions options, List<string> problems)
{
    private static readonly string[] KnownMethods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"];

    /// <summary>The trigger; null, with the reasons among the problems, where it is wrong.</summary>
    public FunctionTrigger? Read(ParameterInfo parameter, FunctionPlace place) =>
        parameter.GetCustomAttribute<TriggerBindingAttribute>() switch
        {
            HttpTriggerAttribute http => Http(http, place),
            TimerTriggerAttribute timer => Timer(timer, place),
            EventGridTriggerAttribute events => new EventGridFunctionTrigger(events.IsBatched),
            OrchestrationTriggerAttribute orchestration => new OrchestrationFunctionTrigger(orchestration.Orchestration ?? place.Name),
            ActivityTriggerAttribute activity => new ActivityFunctionTrigger(activity.Activity ?? place.Name),
            var other => Refuse(place, $"has the trigger {other?.GetType().Name}, which the local runtime does not run"),
        };

    /// <summary>Whether a setting <c>AzureWebJobs.{name}.Disabled</c>, or with underscores, switches a function off.</summary>
    public bool IsDisabled(string name)
    {
        var setting = configuration[$"AzureWebJobs.{name}.Disabled"]
            ?? configuration[$"AzureWebJobs_{name}_Disabled"]
            ?? configuration[$"AzureWebJobs:{name}:Disabled"];
        return setting is "1" || (bool.TryParse(setting, out var disabled) && disabled);
    }

    private HttpFunctionTrigger? Http(HttpTriggerAttribute attribute, FunctionPlace place)
    {
        var before = problems.Count;
        if (attribute.AuthLevel == AuthorizationLevel.User || !Enum.IsDefined(attribute.AuthLevel))
        {
            problems.Add(place.Problem($"asks for level {attribute.AuthLevel}, expected Anonymous, Function, System or Admin"));
        }

        var methods = (attribute.Methods ?? []).Select(method => method.ToUpperInvariant()).Distinct().ToList();
        problems.AddRange(methods.Where(method => !KnownMethods.Contains(method)).Select(method =>
            place.Problem($"has the HTTP method '{method}', expected {string.Join(", ", KnownMethods)}, or none for any")));
        var route = BindingExpressions.Resolve(attribute.Route ?? place.Name, place.Problem("has a route that"), configuration, problems);
        if (route is not null && FunctionRoute.Check(route) is { } reason)
        {
            problems.Add(place.Problem($"has the route '{route}': {reason}"));
        }

        return problems.Count == before && route is not null
            ? new HttpFunctionTrigger(attribute.AuthLevel, methods, FunctionRoute.Template(options.RoutePrefix, route))
            : null;
    }

    private TimerFunctionTrigger? Timer(TimerTriggerAttribute attribute, FunctionPlace place)
    {
        var schedule = BindingExpressions.Resolve(attribute.Schedule, place.Problem("has a schedule that"), configuration, problems);
        if (schedule is null)
        {
            return null;
        }

        return TimerSchedule.Parse(schedule, out var reason) is null
            ? (TimerFunctionTrigger?)Refuse(place, $"has the schedule '{schedule}': {reason}")
            : new TimerFunctionTrigger(schedule, attribute.RunOnStartup, attribute.UseMonitor);
    }

    private FunctionTrigger? Refuse(FunctionPlace place, string what)
    {
        problems.Add(place.Problem(what));
        return null;
    }
}
