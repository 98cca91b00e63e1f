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
    /// <summary>The trigger; null, with the reasons among the problems, where it is wrong.</summary>
    public FunctionTrigger? Read(ParameterInfo parameter, string function) =>
        parameter.GetCustomAttribute<TriggerBindingAttribute>() switch
        {
            HttpTriggerAttribute http => Http(http, function),
            TimerTriggerAttribute timer => Timer(timer, function),
            EventGridTriggerAttribute events => new EventGridFunctionTrigger(events.IsBatched),
            OrchestrationTriggerAttribute orchestration => new OrchestrationFunctionTrigger(orchestration.Orchestration ?? function),
            ActivityTriggerAttribute activity => new ActivityFunctionTrigger(activity.Activity ?? function),
            var other => Unknown(other, function),
        };

    private HttpFunctionTrigger? Http(HttpTriggerAttribute attribute, string function)
    {
        if (attribute.AuthLevel == AuthorizationLevel.User)
        {
            problems.Add($"function '{function}' asks for level User, expected Anonymous, Function, System or Admin");
        }

        var route = BindingExpressions.Resolve(attribute.Route ?? function, $"the route of function '{function}'", configuration, problems);
        if (route is null)
        {
            return null;
        }

        var template = string.Join('/', ((string[])[options.RoutePrefix, route.TrimStart('/')]).Where(part => part.Length > 0));
        if (RouteTemplate.Check(template) is { } reason)
        {
            problems.Add($"function '{function}' has the route '{template}': {reason}");
            return null;
        }

        var methods = (attribute.Methods ?? []).Select(method => method.ToUpperInvariant()).Distinct().ToList();
        return new HttpFunctionTrigger(attribute.AuthLevel, methods, template);
    }

    private TimerFunctionTrigger? Timer(TimerTriggerAttribute attribute, string function)
    {
        var schedule = BindingExpressions.Resolve(attribute.Schedule, $"the schedule of function '{function}'", configuration, problems);
        if (schedule is null)
        {
            return null;
        }

        if (TimerSchedule.Parse(schedule, out var reason) is null)
        {
            problems.Add($"function '{function}' has the schedule '{schedule}': {reason}");
            return null;
        }

        return new TimerFunctionTrigger(schedule, attribute.RunOnStartup, attribute.UseMonitor);
    }

    private FunctionTrigger? Unknown(TriggerBindingAttribute? attribute, string function)
    {
        problems.Add($"function '{function}' has the trigger {attribute?.GetType().Name}, which the local runtime does not run");
        return null;
    }
}
