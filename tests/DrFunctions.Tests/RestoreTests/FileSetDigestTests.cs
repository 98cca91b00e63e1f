using DrFunctions.Backup.Sources;

namespace DrFunctions.App.RestoreTests;

public sealed class FileSetDigestTests
{
    private static readonly SourceEntry s_file = new()
    {
        Path = "a",
        Length = 1,
        LastModified = DateTimeOffset.UnixEpoch,
        Version = "1",
        Headers = new Dictionary<string, string> { ["content-type"] = "text/plain", ["cache-control"] = "no-store" },
        Metadata = new Dictionary<string, string> { ["k"] = "v" },
    };

    public static TheoryData<SourceEntry> Others => [.. new[]
    {
        s_file with { Path = "b" },
        s_file with { Length = 2 },
        s_file with { Headers = new Dictionary<string, string> { ["content-type"] = "text/html", ["cache-control"] = "no-store" } },
        s_file with { Headers = s_file.Metadata, Metadata = s_file.Headers },
        s_file with { Metadata = new Dictionary<string, string>() },
        s_file with { Metadata = new Dictionary<string, string> { ["kv"] = "" } },
    }];

    [Theory]
    [MemberData(nameof(Others))]
    public void Same_OneFileIsAnother_IsNot(SourceEntry other) => Assert.False(Of(s_file, s_file with { Path = "z" }).Same(Of(other, s_file with { Path = "z" })));

    [Fact]
    public void Same_InAnotherOrderTimeAndVersion_Is() => Assert.True(
        Of(s_file, s_file with { Path = "z" }).Same(Of(s_file with { Path = "z", Version = "2" }, s_file with { LastModified = DateTimeOffset.UnixEpoch.AddDays(1) })));

    [Fact]
    public void Same_OneMoreOrTheSameTwice_IsNot()
    {
        Assert.False(Of(s_file).Same(Of(s_file, s_file)));
        Assert.False(Of(s_file).Same(Of()));
    }

    private static FileSetDigest Of(params SourceEntry[] files)
    {
        var digest = new FileSetDigest();
        foreach (var file in files)
        {
            digest.Add(file);
        }

        return digest;
    }
}
