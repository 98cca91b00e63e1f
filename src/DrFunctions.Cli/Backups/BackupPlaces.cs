using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using DrFunctions.Backup.Repositories;
using DrFunctions.Backup.Sources;
using DrFunctions.Backup.Targets;
using DrFunctions.Cli.LocalEnvironments;
using DrFunctions.Cloud.Blobs;

namespace DrFunctions.Cli.Backups;

/// <summary>
/// Where backup verbs read and write: a folder, or <c>SETTING:container</c>, where the setting is a variable of the environment (or
/// of the running local environment) that holds the account's connection string. Secrets never stand on the command line.
/// </summary>
internal sealed partial class BackupPlaces
{
    /// <summary>How a place is written, for help texts.</summary>
    public const string Syntax = "a folder, or SETTING:container";

    private readonly Func<string, string?> _settings;
    private readonly BlobConnections _connections;
    private readonly TimeProvider _time;

    /// <summary>Looks settings up in variables first, then in the running local environment.</summary>
    public BackupPlaces(CommandInvocation invocation)
    {
        var local = new Lazy<EnvironmentDescriptor?>(() => EnvironmentDescriptor.TryRead(invocation.State.Descriptor));
        _settings = name => invocation.Host.Variable(name) is { Length: > 0 } set ? set : local.Value?.Settings.GetValueOrDefault(name);
        _connections = new BlobConnections(_settings);
        _time = invocation.Time;
    }

    /// <summary>A setting's value, from a variable or the running local environment; null when it is not set.</summary>
    public string? Setting(string name) => _settings(name);

    /// <summary>A place to back up.</summary>
    /// <param name="place">Where.</param>
    /// <param name="options">What of a folder; null for all of it.</param>
    /// <exception cref="CliException">It is a folder that does not exist, or a container and options of a folder are given.</exception>
    public IBackupSource Source(string place, FolderSourceOptions? options = null)
    {
        if (Container(place) is { } container)
        {
            return options is null ? new BlobContainerSource(container) : throw new CliException(
                "BadInput", $"{place} is a container, and --exclude, --exclude-file or --one-file-system is given; expected them with a folder.", "Leave them out: of a container all is backed up.");
        }

        return Directory.Exists(place)
            ? new FolderSource(Path.GetFullPath(place), options)
            : throw new CliException("BadInput", $"There is no folder {place}.", $"Name what to back up: {Syntax}.");
    }

    /// <summary>A place where backups live.</summary>
    public IRepository Repository(string place) =>
        Parts(place) is { } parts ? _connections.Repository(parts.Setting, parts.Container) : new FolderRepository(Path.GetFullPath(place), _time);

    /// <summary>A place to restore to.</summary>
    public IRestoreTarget Target(string place) =>
        Container(place) is { } container ? new BlobContainerTarget(container) : new FolderTarget(Path.GetFullPath(place), _time);

    private BlobContainerClient? Container(string place) => Parts(place) is { } parts ? _connections.Container(parts.Setting, parts.Container) : null;

    private static (string Setting, string Container)? Parts(string place) =>
        ContainerPlace().Match(place) is { Success: true } match ? (match.Groups["setting"].Value, match.Groups["container"].Value) : null;

    [GeneratedRegex("^(?<setting>[A-Za-z_][A-Za-z0-9_]*):(?<container>[a-z0-9][a-z0-9-]{2,62})$")]
    private static partial Regex ContainerPlace();
}
