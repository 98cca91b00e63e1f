namespace DrFunctions.Cli.Processes;

/// <summary>Programs on the search path.</summary>
internal static class Executables
{
    /// <summary>The full path of the first program of that name, or null.</summary>
    /// <param name="name">Without a directory.</param>
    /// <param name="searchPath">Directories separated as in <c>PATH</c>.</param>
    public static string? Find(string name, string searchPath) =>
        searchPath.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(directory => Path.Combine(directory, name))
            .FirstOrDefault(IsExecutable);

    private static bool IsExecutable(string path) =>
        File.Exists(path)
        && (OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
