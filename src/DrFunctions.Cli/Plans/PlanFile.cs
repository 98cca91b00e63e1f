using DrFunctions.Plans;
using DrFunctions.Recovery.Workloads;

namespace DrFunctions.Cli.Plans;

/// <summary>A plan in a file.</summary>
/// <param name="Path">As the person wrote it.</param>
/// <param name="Yaml">Its text.</param>
/// <param name="Plan">What it says.</param>
internal sealed record PlanFile(string Path, string Yaml, WorkloadPlan Plan)
{
    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="CliException">It cannot be read, or it has mistakes; all of them are told as file:line:column.</exception>
    public static async Task<PlanFile> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new CliException("BadInput", $"There is no file {path}.", "Give the path of a plan, such as samples/shop.yaml.");
        }

        if (new FileInfo(path).Length > PlanReader.MaxBytes)
        {
            throw new CliException("BadInput", $"{path} is larger than {PlanReader.MaxBytes} bytes; no plan is.", "Give the path of a plan.");
        }

        var yaml = await File.ReadAllTextAsync(path, cancellationToken);
        var read = PlanReader.Read(yaml);
        if (read.IsValid)
        {
            return new PlanFile(path, yaml, read.Plan);
        }

        var count = read.Mistakes.Count;
        throw new CliException("PlanInvalid", $"{path} has {count} mistake{(count == 1 ? "" : "s")}.", "Correct them and check again; nothing was changed.")
        {
            Details = [.. read.Mistakes.Select(mistake =>
                $"{path}:{mistake.Line}:{mistake.Column} {(mistake.Path.Length == 0 ? "" : mistake.Path + ": ")}{mistake.Message}")],
        };
    }
}
