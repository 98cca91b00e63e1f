using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace DrFunctions.LocalRuntime.Hosting;

/// <summary>Where HTTP listens: <c>--port</c>, else ASP.NET Core's own settings, else local.settings.json's port, else 7071.</summary>
internal static class ListenAddress
{
    private const int DefaultPort = 7071;
    private static readonly string[] AspNetCore = ["urls", "http_ports", "https_ports"];

    /// <summary>The URL; null where ASP.NET Core's own settings say it, or where the port is not one.</summary>
    public static string? Find(string[] args, IConfiguration configuration, List<string> problems)
    {
        var port = new ConfigurationBuilder().AddCommandLine(args).Build()["port"];
        var name = "--port";
        if (port is null)
        {
            if (AspNetCore.Any(key => !string.IsNullOrEmpty(configuration[key])) || configuration.GetSection("Kestrel:Endpoints").Exists())
            {
                return null;
            }

            port = configuration["Host:LocalHttpPort"];
            name = "Host.LocalHttpPort";
        }

        if (port is null)
        {
            return Url(DefaultPort);
        }

        if (ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return Url(number);
        }

        problems.Add($"{name} is '{port}', expected a port from 0 (any free one) to 65535");
        return null;
    }

    private static string Url(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
}
