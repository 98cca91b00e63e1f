using System.Globalization;
using DrFunctions.Recovery.Incidents.Policies;
using DrFunctions.Recovery.People;

namespace DrFunctions.Recovery.Incidents;

/// <summary>The decision of an incident. Pure.</summary>
public static class IncidentDecision
{
    /// <summary>Name of the rule that all others' conditions held for long enough.</summary>
    internal const string Dwell = "dwell";

    /// <summary>
    /// Decides: a run starts when every red and every green condition of the policy has held for its dwell without a break and no rule
    /// stands against it: not while another run is active, the last one cools down, a freeze lasts, or people who must approve have
    /// not, and not when the primary does not carry the workload. A named person's override lets a rule pass; never one of the first two.
    /// </summary>
    public static Verdict Decide(IncidentPolicy policy, IncidentFacts facts)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(facts);
        var sheet = new RuleSheet(facts.Decisions);
        Rule[] blocking =
        [
            new("activeInPrimary", facts.ActiveInPrimary, facts.ActiveInPrimary ? "primary" : "secondary", "primary"),
            new("noActiveRun", facts.ActiveRun is null, facts.ActiveRun ?? "none", "none"),
        ];
        var approvals = ApprovalCount.Of(
            new ApprovalRequest(policy.Approval.Rule, 0, facts.OpenedAt, CallerIdentity.System("incident")), facts.Decisions, facts.Now);
        var (freeze, frozenUntil) = Freeze(policy, facts, sheet);
        Rule[] calm = [Cooldown(policy, facts, sheet), freeze];
        Rule[] people = [DataLoss(facts, approvals, sheet), Approval(policy, facts, approvals, sheet)];
        Rule[] conditions = [.. Red(policy, facts, sheet), .. Green(facts, sheet)];

        var hold = conditions.All(rule => rule.Passed);
        var dwelt = hold && facts.RedSince is { } since ? facts.Now - since : TimeSpan.Zero;
        var dwell = sheet.Judge(
            Dwell,
            hold && (facts.IsHypothetical || dwelt >= policy.Dwell),
            facts.IsHypothetical && hold ? "would begin now" : Words(dwelt),
            $"at least {Words(policy.Dwell)}");

        var isDeclined = approvals.Outcome == ApprovalOutcome.Declined;
        var decision = isDeclined || blocking.Any(rule => !rule.Passed) ? Decision.Blocked
            : hold && dwell.Passed && calm.Concat(people).All(rule => rule.Passed) ? Decision.Start
            : Decision.Wait;
        var awaitsPeople = people.Any(rule => !rule.Passed);
        return new Verdict(decision, [.. blocking, .. calm, .. conditions, .. people, dwell], hold)
        {
            WorthUntil = decision != Decision.Wait || !hold ? null
                : Later(awaitsPeople ? approvals.ExpiresAt : null, freeze.Passed ? null : frozenUntil + policy.Patience),
        };
    }

    private static Rule Cooldown(IncidentPolicy policy, IncidentFacts facts, RuleSheet sheet)
    {
        var expected = $"at least {Words(policy.Cooldown)}";
        if (facts.LastRun is not { } last)
        {
            return sheet.Judge("cooldown", true, "no run before", expected);
        }

        var passed = facts.Now - last.EndedAt;
        return last.AcknowledgedBy is { } by
            ? sheet.Judge("cooldown", true, $"{Words(passed)} since the last run, which {by} acknowledged", expected)
            : sheet.Judge("cooldown", passed >= policy.Cooldown, $"{Words(passed)} since the last run", expected);
    }

    private static (Rule Rule, DateTimeOffset? Until) Freeze(IncidentPolicy policy, IncidentFacts facts, RuleSheet sheet)
    {
        var frozen = policy.Freezes
            .Select(window => (window.Name, End: window.EndAt(facts.Now)))
            .Where(window => window.End is not null)
            .OrderByDescending(window => window.End)
            .FirstOrDefault();
        var rule = sheet.Judge(
            "freeze",
            frozen.End is null,
            frozen.End is { } end ? string.Create(CultureInfo.InvariantCulture, $"'{frozen.Name}' until {end.UtcDateTime:u}") : "none",
            "none");
        return (rule, frozen.End);
    }

    private static Rule DataLoss(IncidentFacts facts, ApprovalCount approvals, RuleSheet sheet)
    {
        var isApproved = approvals.Outcome == ApprovalOutcome.Approved;
        var loss = facts.Loss.Loss is { } known ? Words(known) : "unknown";
        return sheet.Judge(
            "dataLoss",
            facts.Loss.Loss <= facts.MaxLoss || isApproved,
            $"{loss}: {facts.Loss.Detail}{(isApproved ? $"; approved by {string.Join(", ", approvals.Approved)}" : "")}",
            $"at most {Words(facts.MaxLoss)}, or a named approver");
    }

    private static Rule Approval(IncidentPolicy policy, IncidentFacts facts, ApprovalCount approvals, RuleSheet sheet)
    {
        // An unknown loss is not a small one.
        var isWanted = policy.Approval.From is { } from && !(facts.Loss.Loss < from);
        var who = approvals.Approved.Count > 0 ? $" ({string.Join(", ", approvals.Approved)})" : "";
        return approvals.Outcome == ApprovalOutcome.Declined
            ? new Rule("approval", false, $"declined by {string.Join(", ", approvals.Declined)}", "not declined")
            : sheet.Judge(
                "approval",
                !isWanted || approvals.Outcome == ApprovalOutcome.Approved,
                isWanted
                    ? $"{approvals.Approved.Count} approved{who}{(approvals.Outcome == ApprovalOutcome.Expired ? ", expired" : "")}"
                    : "not wanted",
                isWanted ? $"{policy.Approval.Count} to approve" : "none");
    }

    private static IEnumerable<Rule> Red(IncidentPolicy policy, IncidentFacts facts, RuleSheet sheet)
    {
        foreach (var vantage in policy.Red)
        {
            var view = View(facts, vantage);
            yield return sheet.Judge(
                $"red.{vantage.Name()}",
                view.Finding == VantageFinding.Red,
                view.Finding == VantageFinding.Unknown ? $"cannot tell: {view.Detail}" : view.Detail,
                "red");
        }

        if (policy.Quorum is { } quorum)
        {
            var views = quorum.Of.Select(vantage => View(facts, vantage)).ToList();
            var red = views.Count(view => view.Finding == VantageFinding.Red);
            yield return sheet.Judge(
                "vantages",
                red >= quorum.AtLeast,
                string.Create(CultureInfo.InvariantCulture, $"{red} red: {string.Join(", ", views.Select(view => $"{view.Vantage.Name()} {Word(view.Finding)}"))}"),
                string.Create(CultureInfo.InvariantCulture, $"at least {quorum.AtLeast} of {quorum.Of.Count} red"));
        }
    }

    private static IEnumerable<Rule> Green(IncidentFacts facts, RuleSheet sheet) => facts.Standby.Count > 0
        ? facts.Standby.Select(check => sheet.Judge($"green.{check.Name}", check.Ready, check.Detail, "ready"))

        // A standby that nobody looked at is not a green one.
        : [sheet.Judge("green", false, "nothing was looked at", "at least 1 check")];

    private static VantageView View(IncidentFacts facts, Vantage vantage) =>
        facts.Vantages.FirstOrDefault(view => view.Vantage == vantage) ?? new VantageView(vantage, VantageFinding.Unknown, "nobody looked");

    private static string Word(VantageFinding finding) => finding switch
    {
        VantageFinding.Red => "red",
        VantageFinding.Green => "green",
        _ => "unknown",
    };

    private static DateTimeOffset? Later(DateTimeOffset? left, DateTimeOffset? right) => left is null || right > left ? right : left;

    private static string Words(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s");

    /// <summary>Judges rules by what was found and by what people overrode.</summary>
    private sealed class RuleSheet(IEnumerable<DecisionRecord> decisions)
    {
        private readonly ILookup<string, string> _overrides = decisions
            .Where(decision => decision is { Kind: DecisionKind.Override, Rule: not null }
                && decision.By.Authentication.IsPerson() && decision.By.Roles.Allow(CallerRole.Approver))
            .ToLookup(decision => decision.Rule!, decision => decision.By.Name, StringComparer.Ordinal);

        public Rule Judge(string name, bool passed, string found, string expected)
        {
            var by = passed ? null : _overrides[name].Order(StringComparer.Ordinal).FirstOrDefault();
            return new Rule(name, passed || by is not null, found, expected) { Override = name, OverriddenBy = by };
        }
    }
}
