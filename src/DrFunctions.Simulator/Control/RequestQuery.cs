using System.Globalization;
using DrFunctions.Simulator.Requests;
using Microsoft.AspNetCore.Http;

namespace DrFunctions.Simulator.Control;

/// <summary>A filter of the request log as <c>GET /requests</c> has it in its query.</summary>
internal static class RequestQuery
{
    private static readonly string[] Known = ["wire", "method", "path", "status", "fault", "probe", "after", "limit", "wait"];

    /// <returns>The filter, and how many requests to wait for.</returns>
    /// <exception cref="ArgumentException">A parameter is unknown, given twice or out of range.</exception>
    public static (RequestFilter Filter, int Wait) Read(IQueryCollection query)
    {
        foreach (var (name, values) in query)
        {
            if (!Known.Contains(name, StringComparer.Ordinal))
            {
                throw new ArgumentException($"{name}: expected one of {string.Join(", ", Known)}");
            }

            if (values.Count != 1)
            {
                throw new ArgumentException($"{name}: expected one value and found {values.Count}");
            }
        }

        var filter = new RequestFilter
        {
            Wire = Text(query, "wire"),
            Method = Text(query, "method"),
            Path = Text(query, "path"),
            Status = (int?)Number(query, "status", 0, 999),
            Fault = Text(query, "fault"),
            Probe = Text(query, "probe") switch
            {
                null => null,
                "true" => true,
                "false" => false,
                var other => throw new ArgumentException($"probe: expected true or false and found '{other}'"),
            },
            After = Number(query, "after", 0, long.MaxValue) ?? 0,
            Limit = (int)(Number(query, "limit", 1, RequestFilter.MaxLimit) ?? RequestFilter.MaxLimit),
        };
        return (filter, (int)(Number(query, "wait", 0, filter.Limit) ?? 0));
    }

    /// <summary>The address that <see cref="Read"/> reads.</summary>
    public static string Write(RequestFilter filter, int wait)
    {
        var parameters = new List<string>();
        Add("wire", filter.Wire);
        Add("method", filter.Method);
        Add("path", filter.Path);
        Add("status", filter.Status?.ToString(CultureInfo.InvariantCulture));
        Add("fault", filter.Fault);
        Add("probe", filter.Probe is { } probe ? probe ? "true" : "false" : null);
        Add("after", filter.After.ToString(CultureInfo.InvariantCulture));
        Add("limit", filter.Limit.ToString(CultureInfo.InvariantCulture));
        Add("wait", wait.ToString(CultureInfo.InvariantCulture));
        return "requests?" + string.Join('&', parameters);

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                parameters.Add($"{name}={Uri.EscapeDataString(value)}");
            }
        }
    }

    private static string? Text(IQueryCollection query, string name) => query.TryGetValue(name, out var values) ? values.ToString() : null;

    private static long? Number(IQueryCollection query, string name, long min, long max)
    {
        if (Text(query, name) is not { } text)
        {
            return null;
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? number
            : throw new ArgumentException($"{name}: expected a whole number from {min} to {max} and found '{text}'");
    }
}
