using System.Text.Json;
using DrFunctions.Recovery.Deployments;
using DrFunctions.Recovery.Runbooks;

namespace DrFunctions.Recovery.Steps.Deploy;

/// <summary>Deploys a template to a resource group, for a standby of which nothing is there yet.</summary>
/// <param name="Name">Unique in the runbook.</param>
/// <param name="Timeout">How long the step may take.</param>
/// <param name="ResourceGroup">The id of the resource group: <c>/subscriptions/{s}/resourceGroups/{rg}</c>.</param>
/// <param name="Template">The template.</param>
/// <param name="Parameters">The template's parameters by name, of the types that the plan wrote them in; never a secret.</param>
/// <param name="Actions">Rights that the template's resources need, for the generated role.</param>
public sealed record DeployStep(
    string Name,
    TimeSpan Timeout,
    string ResourceGroup,
    DeploymentTemplate Template,
    IReadOnlyDictionary<string, JsonElement> Parameters,
    IReadOnlyList<string> Actions) : RunbookStep(Name, Timeout);
