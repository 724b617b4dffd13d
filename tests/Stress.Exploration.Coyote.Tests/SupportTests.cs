using System;
using Xunit;

namespace Stress.Exploration.Coyote.Tests;

public sealed class SupportTests
{
    [Fact]
    public void Engine_IsThereExactlyWhereTheBuildAsksForIt()
#if WITH_COYOTE
        => Assert.Equal(CoyoteSupport.EngineName, CoyoteSupport.Engine!.Name);
#else
        => Assert.Null(CoyoteSupport.Engine);
#endif

    [Fact]
    public void HowToEnable_NamesTheFlag()
        => Assert.Contains("-p:WithCoyote=true", CoyoteSupport.HowToEnable, StringComparison.Ordinal);
}
