using System.Text;

namespace DrFunctions.Plans;

/// <summary>The JSON schema of plans (draft 2020-12), for editors. What only a reader of the whole plan can see is not in it.</summary>
public static class PlanSchema
{
    private static readonly Lazy<string> Loaded = new(Load);

    /// <summary>The schema as JSON.</summary>
    public static string Text => Loaded.Value;

    private static string Load()
    {
        const string Name = "plan.schema.json";
        using var stream = typeof(PlanSchema).Assembly.GetManifestResourceStream(Name)
            ?? throw new InvalidOperationException($"The assembly was built without its resource '{Name}'.");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
