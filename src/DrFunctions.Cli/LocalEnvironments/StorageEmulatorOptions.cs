namespace DrFunctions.Cli.LocalEnvironments;

/// <summary>How one storage account runs.</summary>
/// <param name="Name">What it is, in messages.</param>
/// <param name="Account">The account's name.</param>
/// <param name="Port">Where it listens, on 127.0.0.1.</param>
/// <param name="Node">Runs the script.</param>
/// <param name="Script">Azurite's blob service.</param>
/// <param name="DataDirectory">Its data; created when absent.</param>
/// <param name="LogFile">Its output.</param>
internal sealed record StorageEmulatorOptions(
    string Name, string Account, int Port, string Node, string Script, string DataDirectory, string LogFile);
