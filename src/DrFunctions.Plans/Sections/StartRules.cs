using System.Text.RegularExpressions;
using DrFunctions.Plans.Fields;
using DrFunctions.Recovery.Incidents;
using DrFunctions.Recovery.Incidents.Policies;
using DrFunctions.Recovery.Objectives;
using DrFunctions.Recovery.People;

namespace DrFunctions.Plans.Sections;

/// <summary>Reads what must hold, and who must agree, before an incident starts a run.</summary>
internal static partial class StartRules
{
    private const int MostPeople = 20;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static IncidentPolicy Read(FieldMap fields, IncidentPolicy standard, StoresSection stores)
    {
        var policy = standard with
        {
            Red = Words(fields["red"], Vantages.ByName) ?? standard.Red,
            Green = Words(fields["green"], GreenConditions.ByName) ?? [.. standard.Green.Where(condition => stores.HasContainers || condition != GreenCondition.RestorePoint)],
            Quorum = ReadQuorum(fields["vantages"]),
            StandbyProbe = fields["standbyProbe"]?.Url(),
            TcpProbe = fields["tcpProbe"]?.TcpTarget(),
            MaxLoss = fields["maxLoss"]?.Duration(TimeSpan.Zero, RecoveryObjectives.Longest),
            OldestSample = ReadOnUnknown(fields["onUnknown"]),
            Approval = ReadApproval(fields["approval"]) ?? standard.Approval,
            Freezes = FreezeSection.Read(fields["freeze"]),
        };
        if (policy.Asked.Contains(Vantage.StandbyProbe) && fields["standbyProbe"] is null)
        {
            (fields["red"] ?? fields["vantages"])?.Report("names standby-probe; expected standbyProbe, the URL at which the standby's region says how it sees the primary.");
        }

        if (policy.Asked.Contains(Vantage.TcpProbe) && fields["tcpProbe"] is null)
        {
            (fields["red"] ?? fields["vantages"])?.Report("names tcp-probe; expected tcpProbe, the tcp://host:port at which the primary accepts connections.");
        }

        if (!stores.HasContainers && policy.Green.Contains(GreenCondition.RestorePoint))
        {
            fields["green"]?.Report("names restore-point, and the plan has no store with containers, which alone have restore points; expected other conditions.");
        }

        return policy;
    }

    private static VantageQuorum? ReadQuorum(Field? field)
    {
        var fields = field?.Map(PlanKeys.Vantages);
        var of = Words(fields?["of"], Vantages.ByName);
        return fields?["atLeast"]?.Integer(1, of?.Count ?? Vantages.ByName.Count) is { } least && of is not null ? new VantageQuorum(least, of) : null;
    }

    private static List<T>? Words<T>(Field? field, IReadOnlyDictionary<string, T> words)
        where T : struct, Enum
    {
        var found = new List<T>();
        foreach (var item in field?.List() ?? [])
        {
            if (item.OneOf(words) is not { } word)
            {
                continue;
            }

            if (found.Contains(word))
            {
                item.Report("is listed already; expected each once.");
            }

            found.Add(word);
        }

        return found.Count > 0 ? found : null;
    }

    private static TimeSpan? ReadOnUnknown(Field? field)
    {
        const string Expected = "wait, or useSampleNotOlderThan and a size of time, such as useSampleNotOlderThan 10m";
        return field?.Text(OnUnknownShape(), Expected) is { } text && text != "wait" && Durations.TryParse(text[(text.IndexOf(' ', StringComparison.Ordinal) + 1)..], out var oldest)
            ? Within(field, oldest, Day)
            : null;
    }

    private static ApprovalPolicy? ReadApproval(Field? field)
    {
        if (field?.Map(PlanKeys.StartApproval) is not { } fields)
        {
            return null;
        }

        var standard = new ApprovalPolicy();
        var people = new List<string>();
        foreach (var item in fields["approvers"]?.List() ?? [])
        {
            if (item.Text(CallerName.Expected) is { } name)
            {
                people.Add(CallerName.IsValid(name) ? name : item.Refuse<string>(name, CallerName.Expected) ?? name);
            }
        }

        var policy = new ApprovalPolicy
        {
            From = ReadFrom(fields["from"]),
            Count = fields["count"]?.Integer(1, MostPeople) ?? standard.Count,
            Expires = fields["expires"]?.Duration(TimeSpan.FromMinutes(1), Day) ?? standard.Expires,
            Approvers = people,
        };
        if (people.All(CallerName.IsValid) && policy.Rule.Mistake() is { } mistake)
        {
            field.Report($"cannot be fulfilled: {mistake}");
        }

        return policy;
    }

    private static TimeSpan? ReadFrom(Field? field) =>
        field?.Text(FromShape(), $"always, or {Durations.Expected}") is not { } text ? null
        : text == "always" ? TimeSpan.Zero
        : Durations.TryParse(text, out var loss) ? Within(field, loss, RecoveryObjectives.Longest)
        : null;

    private static TimeSpan? Within(Field field, TimeSpan value, TimeSpan most)
    {
        if (value <= most)
        {
            return value;
        }

        field.Report($"is {Durations.Text(value)}; expected at most {Durations.Text(most)}.");
        return null;
    }

    [GeneratedRegex(@"\A(wait|useSampleNotOlderThan [0-9]{1,7}[smhd])\z")]
    internal static partial Regex OnUnknownShape();

    [GeneratedRegex(@"\A(always|[0-9]{1,7}[smhd])\z")]
    internal static partial Regex FromShape();
}
