using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DrFunctions.LocalRuntime.Telemetry;

public sealed class TraceHeadersTests
{
    private const string Valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Theory]
    [InlineData(Valid, "01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00", "00")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-03", "01")]
    [InlineData("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "01")]
    [InlineData("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-comes-later", "01")]
    public void Parent_InTheStandardsForm_IsTheCause(string header, string flags)
    {
        var cause = TraceHeaders.Read(new HeaderDictionary { ["traceparent"] = header });

        Assert.Equal($"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-{flags}", TraceHeaders.Format(Assert.NotNull(cause)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("|0af76519.1.")]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01")]
    [InlineData("00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more")]
    [InlineData("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-xx")]
    public void Parent_OfAnotherForm_IsAsIfAbsent(string header) =>
        Assert.Null(TraceHeaders.Read(new HeaderDictionary { ["traceparent"] = header, ["tracestate"] = "a=1" }));

    [Fact]
    public void Parent_GivenTwice_IsAsIfAbsent() =>
        Assert.Null(TraceHeaders.Read(new HeaderDictionary { ["traceparent"] = new StringValues([Valid, Valid]) }));

    [Fact]
    public void State_OfSeveralHeaders_IsJoined() =>
        Assert.Equal("a=1,b=2", TraceHeaders.Read(new HeaderDictionary { ["traceparent"] = Valid, ["tracestate"] = new StringValues(["a=1", "", "b=2"]) })?.TraceState);

    [Theory]
    [InlineData("a=\u00e4")]
    [InlineData("a=1\r\nx-injected: 1")]
    [InlineData(null)]
    public void State_ThatCannotBeAHeader_IsLeftOutAndTheParentKept(string? state)
    {
        var cause = Assert.NotNull(TraceHeaders.Parse(Valid, state ?? new string('a', 513)));

        Assert.Null(cause.TraceState);
        Assert.Equal(Valid, TraceHeaders.Format(cause));
    }

    [Fact]
    public void SpanId_ThatWasDecidedBefore_IsTheSpans()
    {
        var id = ActivitySpanId.CreateRandom();
        using var span = Spans.Unrecorded("any", null);

        Spans.SetId(span, id);

        Assert.Equal(id, span.SpanId);
        Assert.Equal(id, span.Context.SpanId);
        Assert.Equal($"00-{span.TraceId}-{id}-00", span.Id);
    }
}
