using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;

namespace DrFunctions.LocalRuntime.Telemetry;

/// <summary>Records what the runtime measures with one attribute's value: tests run beside each other in one process.</summary>
internal sealed class RecordedMetrics : IDisposable
{
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _measured = new();
    private readonly MeterListener _listener = new();

    public RecordedMetrics(string attribute, string value)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "DrFunctions.LocalRuntime")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, number, tags, _) => Record(instrument, number, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, number, tags, _) => Record(instrument, number, tags));
        _listener.Start();

        void Record(Instrument instrument, double number, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            var mine = false;
            var rest = new List<string>();
            foreach (var (name, tag) in tags)
            {
                mine |= name == attribute && (string?)tag == value;
                if (name != attribute)
                {
                    rest.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={tag}"));
                }
            }

            if (mine)
            {
                _measured.Enqueue((instrument.Name, number, string.Join(' ', rest)));
            }
        }
    }

    public IEnumerable<string> Names => _measured.Select(measured => measured.Name).Distinct();

    public IEnumerable<string> Tags => _measured.Select(measured => measured.Tags).Distinct();

    /// <summary>The sum of a counter or a level; of all attributes, or of those given as <c>name=value name=value</c>.</summary>
    public double Sum(string name, string? tags = null) => Values(name, tags).Sum();

    public IEnumerable<double> Values(string name, string? tags = null) =>
        _measured.Where(measured => measured.Name == name && (tags is null || measured.Tags == tags)).Select(measured => measured.Value);

    public void Dispose() => _listener.Dispose();
}
