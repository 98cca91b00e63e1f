using DrFunctions.LocalRuntime.Durable.History;

namespace DrFunctions.LocalRuntime.Tests.Durable.Replay;

/// <summary>Documents that earlier versions wrote, each kind of await at several stages: this version must load and finish them.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Files => [.. Golden.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Documents_OfAnEarlierVersion_AreLoadedAndFinished(string file)
    {
        var golden = await Golden.ReadAsync(file);
        Assert.NotEmpty(golden.Cuts);
        foreach (var cut in golden.Cuts)
        {
            var (next, end) = await KindRun.ResumeAsync(AwaitKinds.Named(golden.Kind), cut);
            await using var disposed = next;
            Continuation.AssertSame(cut, golden.End, end, next.Marks, withDocuments: false);
            Assert.Empty(await next.LeftAfterPurgeAsync());
        }
    }

    [Fact]
    public void Documents_OfTheNewestSchema_AreThereOfEveryKind() => Assert.All(
        AwaitKinds.All, kind => Assert.Contains(Path.Combine($"schema-{InstanceState.NewestSchema}", $"{kind.Name}.json"), Golden.Files));
}
