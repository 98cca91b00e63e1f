using DrFunctions.Simulator.ResourceManagement;

namespace DrFunctions.Simulator.Tests.ResourceManagement;

/// <summary>The table of Resource Manager's contract with providers: which condition holds when.</summary>
public class EntityTagTests
{
    [Theory]
    [InlineData("PUT", null, null, null, true)]
    [InlineData("PUT", null, null, "x", true)]
    [InlineData("PUT", "*", null, null, false)]
    [InlineData("PUT", "*", null, "x", true)]
    [InlineData("PUT", "\"x\"", null, null, false)]
    [InlineData("PUT", "\"x\"", null, "x", true)]
    [InlineData("PUT", "x", null, "\"x\"", true)]
    [InlineData("PUT", "\"y\"", null, "x", false)]
    [InlineData("PUT", "\"y\", \"x\"", null, "x", true)]
    [InlineData("PUT", null, "*", null, true)]
    [InlineData("PUT", null, "*", "x", false)]
    [InlineData("PATCH", "\"y\"", null, "x", false)]
    [InlineData("PATCH", "\"y\"", null, null, true)]
    [InlineData("DELETE", "\"x\"", null, "x", true)]
    [InlineData("DELETE", "\"y\"", null, "x", false)]
    [InlineData("DELETE", "\"y\"", null, null, true)]
    public void Check_OfAWrite_IsTheTable(string method, string? ifMatch, string? ifNoneMatch, string? current, bool holds)
    {
        var request = new ArmRequest(method, new ArmScope(null, null), [], "2025-08-01", null) { IfMatch = ifMatch, IfNoneMatch = ifNoneMatch };

        var rejection = Record.Exception(() => EntityTags.Check(request, current)) as ArmRejection;

        (int, string)? expected = holds ? null : (412, "PreconditionFailed");
        Assert.Equal(expected, rejection is null ? null : (rejection.Status, rejection.Code));
    }
}
