using System.Diagnostics;

namespace DrFunctions.Benchmarks.Durable;

/// <summary>What was measured, row by row, round by round.</summary>
internal sealed class Measurements
{
    private readonly List<Row> _rows = [];

    /// <summary>Runs some work and records how often a second it was done, and the process's CPU time.</summary>
    public async Task<double> RateAsync(string name, string unit, int count, Func<Task> work)
    {
        var cpu = Cpu();
        var watch = Stopwatch.StartNew();
        await work();
        var rate = count / watch.Elapsed.TotalSeconds;
        Add(name, unit, rate, (Cpu() - cpu).TotalSeconds);
        return rate;
    }

    /// <summary>Runs some work and records how long it took, and the process's CPU time.</summary>
    public async Task SecondsAsync(string name, Func<Task> work)
    {
        var cpu = Cpu();
        var watch = Stopwatch.StartNew();
        await work();
        Add(name, "s", watch.Elapsed.TotalSeconds, (Cpu() - cpu).TotalSeconds);
    }

    /// <summary>Records a value.</summary>
    public void Add(string name, string unit, double value, double? cpuSeconds = null)
    {
        var row = _rows.Find(row => row.Name == name);
        if (row is null)
        {
            _rows.Add(row = new Row(name, unit, [], []));
        }

        row.Values.Add(value);
        if (cpuSeconds is { } cpu)
        {
            row.Cpu.Add(cpu);
        }

        Console.WriteLine(FormattableString.Invariant($"{name,-66} {Text(value),10} {unit}"));
    }

    /// <summary>Prints the table.</summary>
    public void Report()
    {
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant($"{"",-66} {"min",10} {"median",10} {"max",10} {"",-12} {"CPU s",7}"));
        foreach (var row in _rows)
        {
            var values = row.Values.Order().ToList();
            var cpu = row.Cpu.Count == 0 ? "" : FormattableString.Invariant($"{row.Cpu.Average():0.00}");
            Console.WriteLine(FormattableString.Invariant(
                $"{row.Name,-66} {Text(values[0]),10} {Text(values[values.Count / 2]),10} {Text(values[^1]),10} {row.Unit,-12} {cpu,7}"));
        }
    }

    private static TimeSpan Cpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime;
    }

    private static string Text(double value) => FormattableString.Invariant($"{value:#,0.00}");

    private sealed record Row(string Name, string Unit, List<double> Values, List<double> Cpu);
}
