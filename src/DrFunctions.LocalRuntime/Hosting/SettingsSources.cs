using DrFunctions.LocalRuntime.Settings;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Memory;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>Where settings come from: host.json and local.settings.json below the environment, a test's own above it.</summary>
internal static class SettingsSources
{
    public static void Add(
        ConfigurationManager configuration, string directory, HostOverrides? overrides, List<string> problems, List<string> warnings)
    {
        var sources = ((IConfigurationBuilder)configuration).Sources;
        var environment = sources.ToList().FindIndex(source => source is EnvironmentVariablesConfigurationSource { Prefix: null or "" });
        sources.Insert(environment, new MemoryConfigurationSource { InitialData = HostJson.Read(directory, problems, warnings) });
        if (overrides is null or { ReadsLocalSettings: true })
        {
            sources.Insert(environment + 1, new MemoryConfigurationSource { InitialData = LocalSettings.Read(directory, problems) });
        }

        if (overrides is not null)
        {
            sources.Add(new MemoryConfigurationSource { InitialData = overrides.Settings });
        }
    }
}
