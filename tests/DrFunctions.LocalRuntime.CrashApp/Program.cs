using System.Globalization;
using DrFunctions.LocalRuntime.CrashApp;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
var offset = TimeSpan.Parse(builder.Configuration["CrashApp:ClockOffset"] ?? "00:00:00", CultureInfo.InvariantCulture);
builder.Services.AddSingleton<TimeProvider>(new OffsetTimeProvider(offset));
builder.Services.AddSingleton(new EffectLog(
    builder.Configuration["CrashApp:Effects"] ?? throw new InvalidOperationException("CrashApp__Effects is not set: expected a folder.")));
EndWithParent();
builder.Build().Run();

// Whoever started this app holds its input open: when that one dies, however, this one must not stay behind.
static void EndWithParent() => new Thread(() =>
{
    Console.In.ReadToEnd();
    Environment.Exit(3);
})
{ IsBackground = true }.Start();
