using Stress.Locks;
using Stress.Machine;

namespace Stress.Scenarios.Locks;

/// <summary>What a reader may find through a pointer: two words that are always equal.</summary>
public readonly struct RcuObject(nint at) : IHandle
{
    public static int Bytes => 32;

    public nint Address => at;

    public AtomicU32 First => new(at);

    public AtomicU32 Second => new(at + 4);

    public RcuHead Head => new(at + 16);
}

/// <summary>How a replaced object is freed.</summary>
public enum FreeBy
{
    /// <summary>After <c>synchronize_rcu</c>.</summary>
    GracePeriod,

    /// <summary>By <c>call_rcu</c>.</summary>
    Callback,

    /// <summary>At once.</summary>
    Nothing,
}

/// <summary>How readers and updaters keep an object alive.</summary>
public interface IRcuLifetimeRule
{
    /// <summary>How a replaced object is freed.</summary>
    static abstract FreeBy Free { get; }

    /// <summary>Whether the reader looks inside a section.</summary>
    static abstract bool HasSection { get; }
}

/// <summary>Waits for readers.</summary>
public readonly struct Synchronizes : IRcuLifetimeRule
{
    public static FreeBy Free => FreeBy.GracePeriod;

    public static bool HasSection => true;
}

/// <summary>Leaves it to a callback.</summary>
public readonly struct CallsBack : IRcuLifetimeRule
{
    public static FreeBy Free => FreeBy.Callback;

    public static bool HasSection => true;
}

/// <summary>Mutant: frees under the readers' feet.</summary>
public readonly struct FreesAtOnce : IRcuLifetimeRule
{
    public static FreeBy Free => FreeBy.Nothing;

    public static bool HasSection => true;
}

/// <summary>Mutant: the updater waits, but not for this reader.</summary>
public readonly struct ReadsOutside : IRcuLifetimeRule
{
    public static FreeBy Free => FreeBy.GracePeriod;

    public static bool HasSection => false;
}

/// <summary>A reader follows a pointer while updaters replace and free the object behind it.</summary>
public readonly partial struct RcuLifetime<TRule>(nint root) : IScenario<RcuLifetime<TRule>>
    where TRule : struct, IRcuLifetimeRule
{
    private const int Reader = 0;
    private const int Worker = 2;
    private const ulong FreeFunction = 1;

    private static readonly SlabCache s_objects = SlabCache.For<RcuObject>("object", SlabOptions.NoFail);

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = [new TaskSpec("reader", 0), new TaskSpec("updater", 1), new TaskSpec("rcu worker", 2, IsWorker: true)],
        RootBytes = 128,
    };

    private AtomicPtr Object => new(root);

    private AtomicU32 Version => new(root + 8);

    private Rcu Rcu => new(root + 64);

    public static RcuLifetime<TRule> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Label(Rcu, "rcu");
        Rcu.Initialize(cpu);
        cpu.Write(Version, 0u);
        cpu.Write(Object, Make(cpu));
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case Reader:
                Read(cpu);
                break;

            case Worker:
                Serve(cpu);
                break;

            default:
                Update(cpu);
                break;
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        RunBatch(cpu, Rcu.TakeAll(cpu));
        cpu.Free(s_objects, cpu.Read(Object));
    }

    private void Read<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("read");
        if (TRule.HasSection)
        {
            cpu.RcuReadLock();
        }

        var found = new RcuObject(cpu.Dereference(Object));
        uint first = cpu.ReadOnce(found.First);
        cpu.Require(first == cpu.ReadOnce(found.Second), "a reader sees an object as it was published");
        if (TRule.HasSection)
        {
            cpu.RcuReadUnlock();
        }

        cpu.Leave();
    }

    private void Update<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        cpu.Enter("update");
        var old = new RcuObject(cpu.Exchange(Object, Make(cpu)));
        if (TRule.Free == FreeBy.Callback)
        {
            Rcu.Call(cpu, old.Head, FreeFunction);
        }
        else
        {
            if (TRule.Free == FreeBy.GracePeriod)
            {
                Rcu.Synchronize(cpu);
            }

            cpu.Free(s_objects, old.Address);
        }

        cpu.Leave();
    }

    private void Serve<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint batch = Rcu.WaitForBatch(cpu);
        while (batch != 0)
        {
            RunBatch(cpu, batch);
            batch = Rcu.WaitForBatch(cpu);
        }
    }

    private nint Make<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        var made = new RcuObject(cpu.Alloc(s_objects));
        uint version = cpu.FetchAddRelaxed(Version, 1u);
        cpu.WriteOnce(made.First, version);
        cpu.WriteOnce(made.Second, version);
        return made.Address;
    }

    private static void RunBatch<TCpu>(TCpu cpu, nint batch) where TCpu : struct, ICpu
    {
        while (batch != 0)
        {
            var head = new RcuHead(batch);
            batch = cpu.Read(head.Next);
            cpu.BugOn(cpu.Read(head.Function) != FreeFunction, "unknown RCU callback");
            cpu.Free(s_objects, head.Address - new RcuObject(0).Head.Address);
        }
    }
}

/// <summary>The scenario <c>locks/rcu-lifetime</c>.</summary>
internal static class RcuLifetimeCatalog
{
    public static Scenario Scenario { get; } = new(
        "locks/rcu-lifetime",
        "A reader follows a pointer while the object behind it is replaced and freed.",
        1,
        [
            new Variant<RcuLifetime<Synchronizes>>
            {
                Name = "synchronize",
                Summary = "The old object is freed after synchronize_rcu.",
                Source = "Documentation/RCU/whatisRCU",
                Expected = Expectation.Clean,
            },
            new Variant<RcuLifetime<CallsBack>>
            {
                Name = "call",
                Summary = "The old object is freed by call_rcu.",
                Source = "Documentation/RCU/whatisRCU",
                Expected = Expectation.Clean,
            },
            new Variant<RcuLifetime<FreesAtOnce>>
            {
                Name = "no-grace-period",
                Summary = "The old object is freed at once.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.UseAfterFree, "object#")
                    .Or(FindingKind.DataRace, "races with free"),
                CorrectTwin = "synchronize",
            },
            new Variant<RcuLifetime<ReadsOutside>>
            {
                Name = "no-section",
                Summary = "The reader follows the pointer outside of a read section.",
                Source = "mutant",
                Expected = Expectation.Violates(FindingKind.UseAfterFree, "object#")
                    .Or(FindingKind.DataRace, "races with free"),
                CorrectTwin = "synchronize",
            },
        ]);
}
