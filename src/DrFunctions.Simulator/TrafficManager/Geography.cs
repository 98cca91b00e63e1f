using System.Diagnostics.CodeAnalysis;

namespace DrFunctions.Simulator.TrafficManager;

/// <summary>Traffic Manager's geography: the world, regional groupings, countries and, for four of them, states.</summary>
internal static class Geography
{
    public const string World = "WORLD";

    private static readonly (string Code, string Name, string Countries)[] Groupings =
    [
        ("GEO-AF", "Africa",
            "AO BF BI BJ BV BW CD CF CG CI CM CV DJ DZ EG ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG ML MR MU "
            + "MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW"),
        ("GEO-AN", "Antarctica",
            "AQ"),
        ("GEO-AP", "Australia / Pacific",
            "AS AU CK FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV VU WF WS"),
        ("GEO-AS", "Asia",
            "AF AM AZ BD BN BT CC CN CX GE HK ID IN IO JP KG KH KP KR KZ LA LK MM MN MO MV MY NP PH PK SG TH TJ "
            + "TL TM TW UZ VN"),
        ("GEO-EU", "Europe",
            "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV "
            + "MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XJ XK"),
        ("GEO-ME", "Middle East",
            "AE BH IL IQ IR JO KW LB OM PS QA SA SY TR YE"),
        ("GEO-NA", "North America / Central America / Caribbean",
            "AG AI AW BB BL BM BQ BS BZ CA CR CU CW DM DO GD GL GP GT HN HT JM KN KY LC MF MQ MS MX NI PA PM PR "
            + "SV SX TC TT UM US VC VG VI XE XS"),
        ("GEO-SA", "South America",
            "AR BO BR CL CO EC FK GF GS GY PE PY SR UY VE"),
    ];

    private static readonly (string Country, string States)[] Divided =
    [
        ("AU", "ACT NSW NT QLD SA TAS VIC WA"),
        ("CA", "AB BC MB NB NL NS NT NU ON PE QC SK YT"),
        ("GB", "ENG NIR SCT WLS"),
        ("US", "AK AL AR AZ CA CO CT DC DE FL GA HI IA ID IL IN KS KY LA MA MD ME MI MN MO MS MT NC ND NE NH NJ NM "
            + "NV NY OH OK OR PA RI SC SD TN TX UT VA VT WA WI WV WY"),
    ];

    private static readonly Dictionary<string, string?> Parents = Build();

    /// <summary>Whether the code names a place, ignoring case.</summary>
    public static bool IsKnown([NotNullWhen(true)] string? code) => code is not null && Parents.ContainsKey(code);

    /// <summary>The place and everything around it, the smallest first, up to the world.</summary>
    public static IEnumerable<string> Around(string code)
    {
        for (var at = code; at is not null; at = Parents.GetValueOrDefault(at))
        {
            yield return at;
        }
    }

    /// <summary>The places directly inside a place.</summary>
    public static IEnumerable<string> Inside(string code) =>
        Parents.Where(each => string.Equals(each.Value, code, StringComparison.OrdinalIgnoreCase)).Select(each => each.Key);

    /// <summary>The name of a grouping; the code itself for smaller places.</summary>
    public static string NameOf(string code) =>
        code == World ? "World" : Array.Find(Groupings, grouping => grouping.Code == code) is { Name: { } name } ? name : code;

    private static Dictionary<string, string?> Build()
    {
        var parents = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase) { [World] = null };
        foreach (var (code, _, countries) in Groupings)
        {
            parents.Add(code, World);
            foreach (var country in countries.Split(' '))
            {
                parents.Add(country, code);
            }
        }

        foreach (var (country, states) in Divided)
        {
            foreach (var state in states.Split(' '))
            {
                parents.Add(country + "-" + state, country);
            }
        }

        return parents;
    }
}
