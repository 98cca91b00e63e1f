using System.Runtime.InteropServices;
using DrFunctions.Cli.Processes;

namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>The programs that a local environment starts.</summary>
/// <param name="Dotnet">Runs the function app.</param>
/// <param name="Node">Runs Azurite.</param>
/// <param name="Npm">Installs Azurite.</param>
internal sealed record Toolchain(string Dotnet, string Node, string Npm)
{
    /// <summary>Finds them.</summary>
    /// <param name="searchPath">Directories separated as in <c>PATH</c>.</param>
    /// <exception cref="CliException">One or more are missing; the message says which and how to get them.</exception>
    public static Toolchain Find(string searchPath)
    {
        var dotnet = OwnDotnet() ?? Executables.Find("dotnet", searchPath);
        var node = Executables.Find("node", searchPath);
        var npm = Executables.Find("npm", searchPath);
        string[] missing =
        [
            .. dotnet is null ? ["dotnet (the .NET SDK 10: https://dot.net/download)"] : Array.Empty<string>(),
            .. node is null ? ["node (Node.js 20 or later: https://nodejs.org, or apt-get install nodejs)"] : Array.Empty<string>(),
            .. npm is null ? ["npm (comes with Node.js; on Debian also apt-get install npm)"] : Array.Empty<string>(),
        ];
        return dotnet is not null && node is not null && npm is not null
            ? new Toolchain(dotnet, node, npm)
            : throw new CliException("ToolMissing",
                $"Not found on the PATH: {string.Join("; ", missing)}.",
                "Install what is missing, open a new shell so that the PATH is read again, and repeat the command.");
    }

    // The host that runs this very process, so that the app gets the same runtime whatever the PATH says.
    private static string? OwnDotnet()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var dotnet = Path.Combine(root, "dotnet");
        return File.Exists(dotnet) ? dotnet : null;
    }
}
