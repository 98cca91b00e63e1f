using System.Text.Json;
using System.Text.Json.Nodes;
using Azure;
using DrFunctions.Recovery.Operations;

namespace DrFunctions.Cloud.ResourceManager.Operations;

/// <summary>Reads what Resource Manager says of asynchronous operations, whichever of its ways the provider chose.</summary>
/// <remarks>https://learn.microsoft.com/azure/azure-resource-manager/management/async-operations.</remarks>
internal static class OperationAnswer
{
    /// <summary>What the answer to a request that begins an operation says: <c>Azure-AsyncOperation</c> goes before <c>Location</c>, this before the body.</summary>
    public static BegunOperation Begun(Response response, Uri resource)
    {
        var poll = Url(response, "Azure-AsyncOperation") is { } status ? new OperationPoll(status, PollKind.Status)
            : response.Status == 202 && Url(response, "Location") is { } result ? new OperationPoll(result, PollKind.Result)
            : Body(response).TextOrNull("properties", "provisioningState") is { } state && StateOf(state) == OperationState.Running ? new OperationPoll(resource, PollKind.Resource)
            : null;
        return poll is null ? BegunOperation.AtOnce : new BegunOperation(poll, RetryAfter.Of(response));
    }

    /// <summary>What the answer to a poll says.</summary>
    /// <param name="poll">What was asked.</param>
    /// <param name="response">The answer; an error of a <see cref="PollKind.Result"/> is how the operation ended, any other says nothing about it.</param>
    public static OperationProgress Progress(OperationPoll poll, Response response)
    {
        var wait = RetryAfter.Of(response);
        if (response.IsError)
        {
            var (code, message) = ResourceManagerFailure.ReadError(response);
            var state = poll.Kind == PollKind.Result && response.Status is not (403 or 404 or 410) ? OperationState.Failed : OperationState.Lost;
            return new OperationProgress(state, state.ToString()) { Code = code, Message = message };
        }

        var body = Body(response);
        return poll.Kind switch
        {
            PollKind.Result when response.Status == 202 => new OperationProgress(OperationState.Running, "InProgress")
            {
                RetryAfter = wait,
                Next = Url(response, "Location") is { } next ? poll with { Url = next } : null,
            },
            PollKind.Result => new OperationProgress(OperationState.Succeeded, "Succeeded"),
            PollKind.Status => Told(body.TextOrNull("status"), body.At("error")) with { RetryAfter = wait },
            _ => Told(body.TextOrNull("properties", "provisioningState") ?? "Succeeded", body.At("properties", "error")) with { RetryAfter = wait },
        };
    }

    /// <summary>Only the status counts: a provider shows an error of code <c>None</c> while all is well.</summary>
    private static OperationProgress Told(string? status, JsonNode? error)
    {
        var state = StateOf(status);
        return new OperationProgress(state, status ?? "unknown")
        {
            Code = state == OperationState.Failed ? ResourceManagerFailure.Text(error.At("code")) : null,
            Message = state == OperationState.Failed ? ResourceManagerFailure.Text(error.At("message")) : null,
        };
    }

    /// <summary>Every word but three means that it goes on.</summary>
    private static OperationState StateOf(string? status) => status?.ToUpperInvariant() switch
    {
        "SUCCEEDED" => OperationState.Succeeded,
        "FAILED" or "CANCELED" or "CANCELLED" => OperationState.Failed,
        _ => OperationState.Running,
    };

    /// <summary>The answer's JSON; null when it is none, which must not hide that the request was accepted.</summary>
    private static JsonNode? Body(Response response)
    {
        try
        {
            return JsonNode.Parse(response.Content.ToMemory().Span);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Uri? Url(Response response, string header) =>
        response.Headers.TryGetValue(header, out var value) && Uri.TryCreate(value, UriKind.Absolute, out var url) ? url : null;
}
