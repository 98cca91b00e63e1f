using System.Globalization;
using Microsoft.Azure.Functions.Worker;

namespace DrFunctions.LocalRuntime.CrashApp;

public sealed class Activities(EffectLog effects, TimeProvider time)
{
    [Function(nameof(Act))]
    public async Task<string> Act([ActivityTrigger] EffectKey key)
    {
        effects.Note(key, "begins");
        await Task.Delay(TimeSpan.FromMilliseconds(20), time);
        effects.Apply(key);
        effects.Note(key, "ends");
        return key.Name;
    }

    /// <summary>Fails the first time that its effect is had.</summary>
    [Function(nameof(ActTwice))]
    public async Task<string> ActTwice([ActivityTrigger] EffectKey key) =>
        effects.Apply(key) ? throw new InvalidOperationException($"{key.Name} fails the first time") : await Act(key with { Name = $"{key.Name}-again" });

    [Function(nameof(ActLargely))]
    public async Task<string> ActLargely([ActivityTrigger] EffectKey key) => await Act(key) + new string('x', 80_000);

    /// <summary>Takes long; answers with the process that did it.</summary>
    [Function(nameof(ActSlowly))]
    public async Task<string> ActSlowly([ActivityTrigger] EffectKey key, CancellationToken cancellation)
    {
        effects.Note(key, "begins");
        await Task.Delay(TimeSpan.FromSeconds(3), time, cancellation);
        effects.Apply(key);
        effects.Note(key, "ends");
        return Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
    }
}
