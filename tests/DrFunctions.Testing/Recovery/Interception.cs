namespace DrFunctions.Testing.Recovery;

/// <summary>Stands before and after the effect of every call to a fake; what <see cref="Around"/> throws is what the caller sees.</summary>
public sealed class Interception
{
    /// <summary>Called with the call's name, such as <c>TryCreate locks/shop</c>. Default: nothing.</summary>
    public Func<string, Moment, Task> Around { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>Makes a call.</summary>
    public async Task<T> CallAsync<T>(string call, Func<T> effect)
    {
        await Around(call, Moment.Before);
        var result = effect();
        await Around(call, Moment.After);
        return result;
    }
}

/// <summary>A place around a call.</summary>
public enum Moment
{
    Before,
    After,
}

/// <summary>The process died here.</summary>
public sealed class KilledException(string where) : Exception($"killed {where}");
