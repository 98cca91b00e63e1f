using DrFunctions.Recovery.Documents;
using DrFunctions.Recovery.Workloads;
using FsCheck;
using FsCheck.Fluent;

namespace DrFunctions.Recovery.Tests.Workloads;

public sealed class ResourceIdTests
{
    private const string Site = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/shop";

    [Theory]
    [InlineData(Site, "shop")]
    [InlineData("/SUBSCRIPTIONS/s/resourcegroups/rg/Providers/microsoft.web/sites/shop", "shop")]
    [InlineData(Site + "/slots/staging", "staging")]
    [InlineData(Site + "/providers/Microsoft.ResourceHealth/availabilityStatuses/current", "current")]
    public void Parse_AnId_KeepsItAsItWasWritten(string text, string name)
    {
        var id = ResourceId.Parse(text);

        Assert.Equal((text, name, text), (id.Value, id.Name, id.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/subscriptions/s")]
    [InlineData("/subscriptions/s/resourceGroups/rg")]
    [InlineData("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites")]
    [InlineData(Site + "/")]
    [InlineData(Site + "/slots")]
    [InlineData("subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/shop")]
    [InlineData("/subscriptions//resourceGroups/rg/providers/Microsoft.Web/sites/shop")]
    [InlineData("/subscription/s/resourceGroups/rg/providers/Microsoft.Web/sites/shop")]
    [InlineData("/subscriptions/s/resourceGroups/rg/providers/MicrosoftWeb/sites/shop")]
    [InlineData("/subscriptions/s/resourceGroups/../providers/Microsoft.Web/sites/shop")]
    [InlineData("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Web/sites/.")]
    [InlineData(Site + "?api-version=1")]
    [InlineData(Site + "#x")]
    [InlineData(Site + "%2e")]
    [InlineData(Site + " ")]
    [InlineData(Site + "\n")]
    [InlineData(Site + "\\x")]
    public void Parse_AnythingElse_IsRefused(string? text)
    {
        Assert.False(ResourceId.TryParse(text, out var id));
        Assert.Equal(default, id);
        var exception = Assert.Throws<FormatException>(() => ResourceId.Parse(text!));
        Assert.Equal($"'{text}' is not an Azure resource id.", exception.Message);
    }

    [Fact]
    public void Equals_IgnoresCase()
    {
        var (lower, upper) = (ResourceId.Parse(Site), ResourceId.Parse(Site.ToUpperInvariant()));

        Assert.Equal(lower, upper);
        Assert.Equal(lower.GetHashCode(), upper.GetHashCode());
        Assert.NotEqual(lower, ResourceId.Parse(Site + "2"));
        Assert.NotEqual(lower, default);
        Assert.Equal(0, default(ResourceId).GetHashCode());
    }

    [Fact]
    public void TryParse_AnyText_NeverThrows() => Prop.ForAll<string?>(text =>
        !ResourceId.TryParse(text, out var id) || id.Value == text).Check(Config.QuickThrowOnFailure);

    [Fact]
    public void Json_AnId_IsItsText()
    {
        var json = DocumentJson.Write(ResourceId.Parse(Site));

        Assert.Equal($"\"{Site}\"", System.Text.Encoding.UTF8.GetString(json.Span));
        Assert.Equal(ResourceId.Parse(Site), DocumentJson.Read<ResourceId>("k", new Document(json, "1")));
        Assert.Throws<RecoveryException>(() => DocumentJson.Read<ResourceId>("k", new Document("\"/x\""u8.ToArray(), "1")));
    }
}
