using Xunit;

namespace Stress.Exploration.Tests.Races;

public sealed class RaceFieldTests
{
    private static readonly RaceSite s_site = new(0, "a", [], "plain write", "1", [], Event: -1);

    [Theory]
    [InlineData("file_region#3.From", "file_region.From")]
    [InlineData("cpu12+0x40", "cpu+0x40")]
    [InlineData("toucher.Cpu", "toucher.Cpu")]
    [InlineData("cpu_stat#2.Count", "cpu_stat.Count")]
    public void Field_OfACell_HasNoNumbersOfObjectsOrCpus(string cell, string field)
        => Assert.Equal(field, new RaceReport(cell, s_site, s_site).Field);
}
