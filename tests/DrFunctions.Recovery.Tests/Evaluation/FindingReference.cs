using System.Globalization;
using System.Text;
using DrFunctions.Recovery.Evaluation;

namespace DrFunctions.Recovery.Tests.Evaluation;

/// <summary>Writes docs/findings.md from the catalog.</summary>
internal static class FindingReference
{
    private const string Beginning = """
        # Findings of a plan's evaluation

        `dr plan evaluate WORKLOAD` holds a plan against the world, and the app does so within a minute after a change and every 30 minutes.
        Each finding has a stable code, the resource or part of the plan that it is about, what was found, what was expected, and what
        to do next. This page is made from the code; a test holds it.

        An *error* makes the verdict `actionRequired`: a failover would fail, or end where the plan does not say. *Unknown* makes it
        `unknown`, and is never taken for good. Without either, `DR-DRILL-001`, `-002` and `-003` make it `notVerified`. A plan without any
        of these is `ready`; a *warning* is worth a look.

        Codes that begin with `DR-STEP-` are errors, too: a step's precheck says that it could not be carried out as things are. What follows is
        the code that the step would fail with, the resource names runbook and step, and the message says what to do.

        | code | severity | what it means | what to do |
        |---|---|---|---|

        """;

    public static string Text()
    {
        var text = new StringBuilder(Beginning);
        foreach (var kind in FindingCatalog.All)
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{kind.Code}` | {kind.Severity} | {kind.Meaning} | {kind.Next} |\n");
        }

        return text.ToString();
    }
}
