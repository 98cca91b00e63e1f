using Azure;
using Azure.Core;
using Azure.Core.Pipeline;

namespace DrFunctions.Cloud.Tests.Documents;

/// <summary>Sends every request and loses the first answers, as a network does that breaks after the effect.</summary>
internal sealed class LosingTransport(int lostAnswers) : HttpPipelineTransport
{
    private int _left = lostAnswers;

    public override Request CreateRequest() => HttpClientTransport.Shared.CreateRequest();

    public override void Process(HttpMessage message) => throw new NotSupportedException();

    public override async ValueTask ProcessAsync(HttpMessage message)
    {
        await HttpClientTransport.Shared.ProcessAsync(message);
        if (_left-- > 0)
        {
            throw new RequestFailedException("The answer was lost.");
        }
    }
}
