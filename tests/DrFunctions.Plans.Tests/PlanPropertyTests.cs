using FsCheck;
using FsCheck.Fluent;

namespace DrFunctions.Plans.Tests;

public sealed class PlanPropertyTests
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(500);

    [Fact]
    public void Read_AnyText_IsAPlanOrHasMistakes() =>
        Prop.ForAll<string?>(text => IsAnswered(text ?? string.Empty)).Check(Quick);

    [Fact]
    public void Read_AnyPiecesOfYaml_IsAPlanOrHasMistakes()
    {
        string[] pieces = ["[", "]", "{", "}", ":", " ", "\n", "-", "?", "&a", "*a", "!t", "|", ">", "'", "\"", "#", "%", "---", "...", ",", "\t", "a", "1", "\\x", "\\u12", "\r", "é", "<<", "@", "`", "~"];
        var texts = Gen.Elements(pieces).ListOf().Select(string.Concat);

        Prop.ForAll(texts.ToArbitrary(), IsAnswered).Check(Quick.WithMaxTest(3000).WithEndSize(60));
    }

    [Fact]
    public void Read_TheSampleWithAnyPartReplaced_IsAPlanOrHasMistakes()
    {
        var edits = from start in Gen.Choose(0, Sample.Yaml.Length - 1)
                    from length in Gen.Choose(0, 40)
                    from replacement in Gen.Elements("", "\n", " ", ":", "{", "[", "- ", "\"", "*x", "null", "primary", "99999999999999999999d", "0x7fffffffffffffff", "x: y\n")
                    select string.Concat(Sample.Yaml.AsSpan(0, start), replacement, Sample.Yaml.AsSpan(Math.Min(Sample.Yaml.Length, start + length)));

        Prop.ForAll(edits.ToArbitrary(), IsAnswered).Check(Quick);
    }

    [Fact]
    public void Read_AnyPlanThatWasWritten_IsThatPlan() =>
        Prop.ForAll(PlanGenerator.Plans.ToArbitrary(), plan =>
        {
            var yaml = PlanWriter.Write(plan);
            var result = PlanReader.Read(yaml);

            Assert.True(result.IsValid, $"{string.Join('\n', result.Mistakes)}\n{yaml}");
            Assert.Equivalent(plan, result.Plan, strict: true);
            Assert.Equal(yaml, PlanWriter.Write(result.Plan));
        }).Check(Quick.WithMaxTest(200));

    private static bool IsAnswered(string text)
    {
        var result = PlanReader.Read(text);
        return result.IsValid == (result.Mistakes.Count == 0)
            && result.Mistakes.All(mistake => mistake is { Line: > 0, Column: > 0, Message.Length: > 0 });
    }
}
