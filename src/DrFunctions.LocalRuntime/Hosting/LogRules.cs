using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>What is never logged, whatever the settings say.</summary>
internal static class LogRules
{
    // These log whole URLs, and a URL may carry a key in its query.
    private static readonly string[] Silenced = ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.HttpLogging"];

    public static void Add(ILoggingBuilder logging)
    {
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        logging.Services.PostConfigure<LoggerFilterOptions>(options =>
        {
            // A rule of a provider wins over one of all, so that each needs its own.
            foreach (var provider in options.Rules.Select(rule => rule.ProviderName).Append(null).Distinct().ToList())
            {
                foreach (var category in Silenced)
                {
                    options.Rules.Add(new LoggerFilterRule(provider, category, LogLevel.Warning, filter: null));
                }
            }
        });
    }
}
