using DrFunctions.Cli.Terminal;

namespace DrFunctions.Cli.Demo;

/// <summary>The alert, delivered as Event Grid delivers it: at least once, until it is answered.</summary>
internal static class AlertStep
{
    private const string Function = "Alert";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Delivers the alert about the primary's web app.</summary>
    public static async Task PlayAsync(SceneContext scene, CancellationToken cancellationToken)
    {
        var site = scene.Environment.Plan.Primary.WebApp;
        var firedAt = scene.Time.GetUtcNow();
        var alertId = $"{site.Value[..site.Value.IndexOf("/resourceGroups/", StringComparison.OrdinalIgnoreCase)]}/providers/Microsoft.AlertsManagement/alerts/{firedAt:yyyyMMddHHmmssfff}";
        var events = AlertEvent.Create(site, scene.Environment.Plan.Primary.Name, alertId, firedAt);
        await scene.Polling.UntilAsync(
            "the app to take the alert",
            Patience,
            async token =>
            {
                await scene.App.DeliverEventsAsync(Function, scene.Environment.Keys.EventGrid, events, token);
                return true;
            },
            _ => true,
            cancellationToken);
        scene.Say($"POST /runtime/webhooks/EventGrid?functionName={Function}: {AlertEvent.EventType} about {Output.Text(site.Name)}, fired, Sev1");
    }
}
