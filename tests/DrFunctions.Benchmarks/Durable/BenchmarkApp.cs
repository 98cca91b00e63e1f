using System.Globalization;
using DrFunctions.LocalRuntime.Durable;
using Microsoft.DurableTask;

namespace DrFunctions.Benchmarks.Durable;

/// <summary>Orchestrations that do nothing but what is measured.</summary>
internal sealed class BenchmarkApp : IDurableFunctions
{
    public const string Chain = "Chain";
    public const string FanOut = "FanOut";
    public const string Echo = "Echo";

    public bool HasOrchestrator(string name) => name is Chain or FanOut;

    public bool HasActivity(string name) => name == Echo;

    public async Task<string?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, CancellationToken ct)
    {
        var count = context.GetInput<int>();
        if (name == FanOut)
        {
            var parts = await Task.WhenAll(Enumerable.Range(0, count).Select(i => context.CallActivityAsync<int>(Echo, i)));
            return parts.Sum().ToString(CultureInfo.InvariantCulture);
        }

        var sum = 0;
        for (var i = 0; i < count; i++)
        {
            sum += await context.CallActivityAsync<int>(Echo, i);
        }

        return sum.ToString(CultureInfo.InvariantCulture);
    }

    public Task<string?> RunActivityAsync(string name, string instanceId, string? inputJson, string? traceParent, CancellationToken ct) =>
        Task.FromResult(inputJson);

    /// <summary>What <see cref="Chain"/> and <see cref="FanOut"/> must return.</summary>
    public static int Sum(int count) => count * (count - 1) / 2;
}
