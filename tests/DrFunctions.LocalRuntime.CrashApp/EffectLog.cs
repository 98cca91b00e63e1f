using System.Diagnostics;
using System.Globalization;

namespace DrFunctions.LocalRuntime.CrashApp;

/// <summary>
/// The world that activities act upon: an effect is a file that is created once, and every call is a line in a file of this
/// process, with the time of the machine's stopwatch. What is written survives SIGKILL. Thread-safe.
/// </summary>
public sealed class EffectLog : IDisposable
{
    private readonly string _folder;
    private readonly Lock _gate = new();
    private readonly FileStream _calls;

    public EffectLog(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _calls = new FileStream(
            Path.Combine(_folder, string.Create(CultureInfo.InvariantCulture, $"calls-{Environment.ProcessId}.log")), FileMode.Append, FileAccess.Write, FileShare.Read);
    }

    /// <summary>Has an effect, if it has not had it yet; says whether this call had it.</summary>
    public bool Apply(EffectKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var folder = Directory.CreateDirectory(Path.Combine(_folder, key.Instance)).FullName;
        try
        {
            using var created = new FileStream(Path.Combine(folder, key.Name), FileMode.CreateNew);
            return true;
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, key.Name)))
        {
            return false;
        }
    }

    public void Dispose() => _calls.Dispose();

    /// <summary>Notes that a call has begun or ended.</summary>
    public void Note(EffectKey key, string what)
    {
        ArgumentNullException.ThrowIfNull(key);
        var line = string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetTimestamp()} {what} {key.Instance} {key.Name}\n");
        lock (_gate)
        {
            _calls.Write(System.Text.Encoding.UTF8.GetBytes(line));
            _calls.Flush();
        }
    }
}

/// <summary>Names one effect: the orchestration that has it, and which of its effects.</summary>
public sealed record EffectKey(string Instance, string Name);
