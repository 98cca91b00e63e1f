namespace DrFunctions.LocalRuntime.Tests.Durable.Replay;

/// <summary>What must hold of a run that was continued from a cut.</summary>
internal static class Continuation
{
    /// <summary>It ended as the whole run, logged what was not yet logged, and saw again what it had seen.</summary>
    public static void AssertSame(Cut cut, Ending whole, Ending continued, IEnumerable<Mark> marks, bool withDocuments)
    {
        var expected = whole with
        {
            Lines = [.. whole.Lines.Except(cut.Marks.Select(KindRun.LineOf))],
            Documents = withDocuments ? whole.Documents : continued.Documents,
        };
        Assert.True(expected.ToJson() == continued.ToJson(), $"cut: {cut}\nexpected: {expected.ToJson()}\nactual:   {continued.ToJson()}");
        AssertStable(marks.Concat(cut.Marks));
    }

    /// <summary>Every mark has shown the same guid, and the same time, whenever it was made.</summary>
    public static void AssertStable(IEnumerable<Mark> marks, bool withTimes = true)
    {
        foreach (var mark in marks.GroupBy(mark => (mark.InstanceId, mark.Label)))
        {
            var seen = mark.Select(each => withTimes ? $"{each.Guid} {each.Time:O}" : $"{each.Guid}").Distinct().ToList();
            Assert.True(seen.Count == 1, $"{mark.Key}: {string.Join(", ", seen)}");
        }
    }
}
