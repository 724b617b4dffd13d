#if !WITH_COYOTE
using Xunit;

namespace Stress.Cli.Tests.Coyote;

/// <summary>A build without Coyote says how to get one that has it.</summary>
public sealed class CoyoteMissingTests(RecordedTrace recorded) : IClassFixture<RecordedTrace>
{
    private const string Flag = "dotnet run -c Release --project stress -p:WithCoyote=true -- ...";

    [Theory]
    [InlineData("explore hugetlb/region-add --engine coyote")]
    [InlineData("explore hugetlb/region-add --engine coyote --strategy qlearning")]
    [InlineData("corpus --engine coyote")]
    [InlineData("corpus --engine both")]
    public void Command_WithCoyoteEngine_NamesTheFlag(string arguments)
        => Refusal.AssertRefused(StressProcess.Run(arguments.Split(' ')), "'coyote' is not in this build", Flag);

    [Fact]
    public void Replay_TraceOfCoyote_NamesTheFlag()
    {
        string path = recorded.Write("coyote.json", trace => trace with { Engine = "coyote" });

        Refusal.AssertRefused(StressProcess.Run("replay", path), path, "'coyote' is not in this build", Flag);
    }

    [Fact]
    public void Replay_TraceOfAnUnknownEngine_NamesTheKnownOnes()
    {
        string path = recorded.Write("other.json", trace => trace with { Engine = "other" });

        Refusal.AssertRefused(StressProcess.Run("replay", path), path, "'other' is not available", "builtin, coyote");
    }
}
#endif
