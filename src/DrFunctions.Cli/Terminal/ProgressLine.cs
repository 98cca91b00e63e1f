namespace DrFunctions.Cli.Terminal;

/// <summary>
/// Progress of bytes, or of something else, with rate and time left: rewritten in place on a terminal, one line every ten seconds in a log. Thread-safe.
/// </summary>
/// <param name="output">Where it is written.</param>
/// <param name="what">What is being done.</param>
/// <param name="totalBytes">How much there is to do; 0 when that is not known.</param>
/// <param name="time">Measures the rate.</param>
/// <param name="quantity">An amount in words; default: of bytes.</param>
internal sealed class ProgressLine(Output output, string what, long totalBytes, TimeProvider time, Func<double, string>? quantity = null) : IDisposable
{
    private static readonly TimeSpan TerminalPace = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LogPace = TimeSpan.FromSeconds(10);

    private readonly Func<double, string> _quantity = quantity ?? Quantities.Bytes;
    private readonly long _began = time.GetTimestamp();
    private readonly Lock _gate = new();
    private long _done;
    private TimeSpan _shownAt;
    private bool _rewritten;

    /// <summary>Adds bytes that are done.</summary>
    public void Add(long bytes)
    {
        lock (_gate)
        {
            Show(_done + bytes, totalBytes);
        }
    }

    /// <summary>Says how many bytes are done.</summary>
    public void Set(long bytes, long total)
    {
        lock (_gate)
        {
            Show(bytes, total);
        }
    }

    /// <summary>Clears the line on a terminal.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_rewritten)
            {
                output.Rewrite("");
                _rewritten = false;
            }
        }
    }

    private void Show(long done, long total)
    {
        _done = done;
        var elapsed = time.GetElapsedTime(_began);
        if (elapsed - _shownAt < (output.IsInteractive ? TerminalPace : LogPace))
        {
            return;
        }

        _shownAt = elapsed;
        if (output.IsInteractive)
        {
            _rewritten = true;
            output.Rewrite(Line(elapsed, total));
        }
        else
        {
            output.Say(Output.Text(Line(elapsed, total)));
        }
    }

    private string Line(TimeSpan elapsed, long total)
    {
        var rate = _done / elapsed.TotalSeconds;
        var left = rate > 0 && total > _done ? $", {Quantities.Duration(TimeSpan.FromSeconds((total - _done) / rate))} left" : "";
        var of = total > 0 ? $" of {_quantity(total)}" : "";
        return $"    {what}: {_quantity(_done)}{of}, {_quantity(rate)}/s{left}";
    }
}
