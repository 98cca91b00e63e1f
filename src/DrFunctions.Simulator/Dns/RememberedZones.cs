using System.Diagnostics.CodeAnalysis;

namespace DrFunctions.Simulator.Dns;

/// <summary>Zones whose last answers are kept, so that they can be given again when they are no longer true. Thread safe; bounded.</summary>
internal sealed class RememberedZones(IDnsZones zones) : IDnsZones
{
    private const int MaxAnswers = 10_000;
    private readonly Lock _gate = new();
    private readonly Dictionary<(string Name, DnsType Type, string Network), DnsAnswer> _answers = [];

    /// <summary>The last answers; the present one where a question was never asked, and from then on that one.</summary>
    public IDnsZones Stale => new StaleZones(this);

    public DnsAnswer Answer(DnsQuestion question, DnsClientSubnet client)
    {
        var answer = zones.Answer(question, client);
        lock (_gate)
        {
            if (_answers.Count >= MaxAnswers && !_answers.ContainsKey(KeyOf(question, client)))
            {
                _answers.Clear();
            }

            _answers[KeyOf(question, client)] = answer;
        }

        return answer;
    }

    public void Forget()
    {
        lock (_gate)
        {
            _answers.Clear();
        }
    }

    private bool TryRecall(DnsQuestion question, DnsClientSubnet client, [NotNullWhen(true)] out DnsAnswer? answer)
    {
        lock (_gate)
        {
            return _answers.TryGetValue(KeyOf(question, client), out answer);
        }
    }

    private static (string, DnsType, string) KeyOf(DnsQuestion question, DnsClientSubnet client) =>
        (question.Name.ToString().ToUpperInvariant(), question.Type, $"{client.Network}/{client.SourcePrefix}");

    private sealed class StaleZones(RememberedZones remembered) : IDnsZones
    {
        public DnsAnswer Answer(DnsQuestion question, DnsClientSubnet client) =>
            remembered.TryRecall(question, client, out var answer) ? answer : remembered.Answer(question, client);
    }
}
