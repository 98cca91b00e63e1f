using DrFunctions.Backup;
using DrFunctions.Cloud.Blobs;

namespace DrFunctions.Cloud.Tests.Blobs;

public sealed class BlobConnectionsTests
{
    private const string Key = "c2VjcmV0";

    [Fact]
    public void Container_ConnectionString_IsItsAccount()
    {
        var connections = With(("SHOP", $"DefaultEndpointsProtocol=https;AccountName=shop;AccountKey={Key};EndpointSuffix=core.windows.net"));

        Assert.Equal("https://shop.blob.core.windows.net/files", connections.Container("SHOP", "files").Uri.AbsoluteUri);
        Assert.Same(connections.Service("SHOP"), connections.Service("SHOP"));
    }

    [Theory]
    [InlineData("SHOP__blobServiceUri")]
    [InlineData("SHOP:blobServiceUri")]
    public void Container_ServiceUri_UsesTheIdentity(string setting)
    {
        var connections = With((setting, "https://shop.blob.core.windows.net"));

        Assert.Equal("https://shop.blob.core.windows.net/files", connections.Container("SHOP", "files").Uri.AbsoluteUri);
    }

    [Fact]
    public void Container_NotSet_NamesBothSettings()
    {
        var error = Assert.Throws<BackupException>(() => With().Container("SHOP", "files"));

        Assert.Equal((BackupErrors.StorageRefused, false), (error.Code, error.IsTransient));
        Assert.Equal("The app setting 'SHOP' (or 'SHOP__blobServiceUri') is not set.", error.Message);
    }

    [Theory]
    [InlineData("c2VjcmV0")]
    [InlineData("AccountKey=c2VjcmV0;EndpointSuffix=core.windows.net")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=shop;AccountKey=not base64 c2VjcmV0!;EndpointSuffix=core.windows.net")]
    public void Container_BrokenConnectionString_NamesTheSettingAndNotItsValue(string value)
    {
        var error = Assert.Throws<BackupException>(() => With(("SHOP", value)).Container("SHOP", "files"));

        Assert.Equal("The app setting 'SHOP' is not the connection string of a storage account.", error.Message);
        Assert.DoesNotContain(Key, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://shop.blob.core.windows.net")]
    [InlineData("https://shop.blob.core.windows.net?sig=c2VjcmV0")]
    [InlineData("shop")]
    public void Container_BrokenServiceUri_NamesTheSettingAndNotItsValue(string value)
    {
        var error = Assert.Throws<BackupException>(() => With(("SHOP__blobServiceUri", value)).Container("SHOP", "files"));

        Assert.Equal("The app setting 'SHOP__blobServiceUri' is not an https URI without a query.", error.Message);
    }

    private static BlobConnections With(params (string Name, string Value)[] settings) =>
        new(name => settings.FirstOrDefault(setting => setting.Name == name).Value);
}
