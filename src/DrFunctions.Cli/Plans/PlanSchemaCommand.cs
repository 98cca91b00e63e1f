using System.CommandLine;
using DrFunctions.Plans;

namespace DrFunctions.Cli.Plans;

/// <summary><c>dr plan schema</c></summary>
internal static class PlanSchemaCommand
{
    /// <summary>Creates the command.</summary>
    public static Command Create(CommandContext context) =>
        context.Command("schema", "Write the JSON schema of plans, for editors.", [], (invocation, _) =>
        {
            invocation.Output.Raw(PlanSchema.Text);
            return Task.FromResult(ExitCodes.Success);
        });
}
