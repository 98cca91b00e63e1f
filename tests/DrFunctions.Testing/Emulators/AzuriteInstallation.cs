using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using DrFunctions.Testing.Files;

namespace DrFunctions.Testing.Emulators;

/// <summary>
/// The pinned Azurite of <c>tools/azurite</c>, installed by npm on first use into the user's local data folder under a name made of
/// those files' hash, so that all checkouts share it; processes that race wait for one another.
/// </summary>
internal static class AzuriteInstallation
{
    private const string Script = "run.cjs";
    private static readonly string[] Pinned = ["package.json", "package-lock.json", Script];
    private static readonly Lazy<Task<string>> Installed = new(() => Task.Run(InstallAsync));

    /// <summary>The script to run with node.</summary>
    /// <exception cref="InvalidOperationException">node or npm is missing or npm failed; the message says what to do.</exception>
    public static Task<string> EnsureAsync() => Installed.Value;

    private static async Task<string> InstallAsync()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in Pinned)
        {
            hash.AppendData(await File.ReadAllBytesAsync(RepositoryRoot.Combine("tools", "azurite", file)));
        }

        var home = Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.Create), "drfunctions");
        var folder = Directory.CreateDirectory(Path.Combine(home, $"azurite-{Convert.ToHexStringLower(hash.GetHashAndReset())[..12]}")).FullName;
        var done = Path.Combine(folder, "installed");
        using (await LockAsync(folder + ".lock"))
        {
            if (!File.Exists(done))
            {
                foreach (var file in Pinned)
                {
                    File.Copy(RepositoryRoot.Combine("tools", "azurite", file), Path.Combine(folder, file), overwrite: true);
                }

                await RunAsync("node", ["--version"], folder);
                await RunAsync(
                    OperatingSystem.IsWindows() ? "npm.cmd" : "npm",
                    ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"],
                    folder);
                await File.WriteAllTextAsync(done, "");
            }
        }

        return Path.Combine(folder, Script);
    }

    private static async Task<FileStream> LockAsync(string path)
    {
        var deadline = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (deadline.Elapsed < TimeSpan.FromMinutes(10))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
        }
    }

    private static async Task RunAsync(string program, string[] arguments, string folder)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        Process process;
        try
        {
            process = Process.Start(start) ?? throw new InvalidOperationException($"'{program}' did not start.");
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException(
                $"'{program}' was not found. The tests need Node.js 20 or later with npm on the PATH, for the storage emulator in tools/azurite.", error);
        }

        using (process)
        {
            var output = process.StandardOutput.ReadToEndAsync();
            var errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException(
                    $"'{program} {string.Join(' ', arguments)}' in '{folder}' ended with {process.ExitCode}:\n{await output}\n{await errors}");
            }
        }
    }
}
