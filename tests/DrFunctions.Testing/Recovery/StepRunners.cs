using DrFunctions.Recovery.Fences;
using DrFunctions.Recovery.Steps;

namespace DrFunctions.Testing.Recovery;

/// <summary>Makes the runners of all step kinds over fakes.</summary>
public static class StepRunners
{
    /// <summary>One runner a kind; each parameter of its constructor is the first of these that fits.</summary>
    public static IReadOnlyList<StepRunner> Of(params object[] ports)
    {
        var workers = FenceCatalog.All.Select(kind => (FenceWorker)Of(kind.WorkerType, ports)).ToArray();
        return [.. StepKindCatalog.All.Select(kind => (StepRunner)Of(kind.RunnerType, [.. ports, workers]))];
    }

    private static object Of(Type type, object[] ports)
    {
        var constructor = type.GetConstructors().Single();
        var arguments = constructor.GetParameters().Select(parameter =>
            Array.Find(ports, parameter.ParameterType.IsInstanceOfType)
            ?? throw new ArgumentException($"{type.Name} needs a {parameter.ParameterType.Name}, and no port here is one.", nameof(ports)));
        return constructor.Invoke([.. arguments]);
    }
}
