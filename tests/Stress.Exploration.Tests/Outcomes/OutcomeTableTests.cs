using Stress.Machine;
using Xunit;

namespace Stress.Exploration.Tests.Outcomes;

public sealed class OutcomeTableTests
{
    private static readonly OutcomeTable s_table = new(
        new GradedOutcome("r0=1 r1=0", OutcomeGrade.Forbidden, "goes back"),
        new GradedOutcome("r0=1 r1=*", OutcomeGrade.Interesting, "was seen"));

    [Theory]
    [InlineData("r0=1 r1=0", OutcomeGrade.Forbidden)]
    [InlineData("r0=1 r1=10", OutcomeGrade.Interesting)]
    [InlineData("r0=10 r1=0", OutcomeGrade.Forbidden)]
    [InlineData("r0=1", OutcomeGrade.Forbidden)]
    public void Grade_ByTheFirstThatMatches_ElseUnlisted(string outcome, OutcomeGrade grade)
        => Assert.Equal(grade, s_table.Grade(outcome).Grade);

    [Fact]
    public void Grade_Unlisted_HasTheGradeAndMeaningOfTheTable()
    {
        OutcomeTable lenient = s_table with { Unlisted = OutcomeGrade.Allowed, UnlistedMeaning = "fine" };

        Assert.Equal(new GradedOutcome("r0=0", OutcomeGrade.Allowed, "fine"), lenient.Grade("r0=0"));
        Assert.Equal("not listed", s_table.Grade("r0=0").Meaning);
    }
}
