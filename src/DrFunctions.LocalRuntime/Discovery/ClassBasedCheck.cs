using Microsoft.DurableTask;

namespace DrFunctions.LocalRuntime.Discovery;

/// <summary>Finds orchestrators and activities that are classes: the official worker's generated metadata leaves them out without a word.</summary>
internal static class ClassBasedCheck
{
    public static IEnumerable<string> Problems(Type type)
    {
        if (type.IsAbstract)
        {
            yield break;
        }

        if (type.IsAssignableTo(typeof(ITaskOrchestrator)))
        {
            yield return $"{type.FullName}: is a class-based orchestrator, which the worker does not see: "
                + "write a method with [Function] and [OrchestrationTrigger] TaskOrchestrationContext";
        }

        if (type.IsAssignableTo(typeof(ITaskActivity)))
        {
            yield return $"{type.FullName}: is a class-based activity, which the worker does not see: write a method with [Function] and [ActivityTrigger]";
        }
    }
}
