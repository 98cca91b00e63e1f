using DrFunctions.LocalRuntime.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>Where settings come from: host.json and local.settings.json below the environment, a test's own above it.</summary>
internal static class SettingsSources
{
    /// <returns>host.json, whose values are checked once all settings are known.</returns>
    public static HostJsonFile Add(
        ConfigurationManager configuration, string directory, HostOverrides? overrides, List<string> problems, List<string> warnings)
    {
        var sources = ((IConfigurationBuilder)configuration).Sources;
        var environment = sources.ToList().FindIndex(source => source is EnvironmentVariablesConfigurationSource { Prefix: null or "" });
        var host = HostJsonFile.Read(directory, problems, warnings);
        sources.Insert(environment, new MemoryConfigurationSource { InitialData = host.Settings });
        if (overrides is null or { ReadsLocalSettings: true })
        {
            sources.Insert(environment + 1, new MemoryConfigurationSource { InitialData = LocalSettings.Read(directory, problems) });
        }

        if (overrides is not null)
        {
            sources.Add(new MemoryConfigurationSource { InitialData = overrides.Settings });
        }

        return host;
    }
}
