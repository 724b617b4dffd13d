using System.Collections.Generic;
using Stress.Locks;
using Stress.Machine;

namespace Stress.Exploration.Tests;

/// <summary>Tasks that share a word, a flag, an object and a lock, in the ways that <typeparamref name="TCase"/> names.
/// </summary>
public readonly partial struct RacePair<TCase>(nint root) : IScenario<RacePair<TCase>>
    where TCase : struct, IRaceCase
{
    private static readonly LockClass s_lock = new("the_lock");

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks = TCase.ShareCpu ? [new TaskSpec("first", 0), new TaskSpec("second", 0)] : Own(TCase.Tasks),
        RootBytes = 512,
        KnownRaces = TCase.IsKnown ? [new KnownRace("Data", "a test")] : [],
    };

    private PlainU64 Data => new(root);

    private AtomicU64 Word => new(root);

    private PlainU32 Low => new(root);

    private PlainU32 High => new(root + 4);

    private AtomicU32 Flag => new(root + 64);

    private AtomicU32 Flag2 => new(root + 128);

    private AtomicPtr Shared => new(root + 192);

    private TestLock Lock => new(root + 256, s_lock);

    private Rcu Rcu => new(root + 320);

    public static RacePair<TCase> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        if (typeof(TCase) == typeof(FreedAfterGracePeriod) || typeof(TCase) == typeof(FreedAtOnce))
        {
            cpu.Write(Shared, cpu.Alloc(Thing.Cache));
        }
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        cpu.Enter("act", task);
        if (typeof(TCase) == typeof(BothLocked) || typeof(TCase) == typeof(OneLocked))
        {
            ActLocked(cpu, task);
        }
        else if (TCase.Tasks == 3)
        {
            PassOn(cpu, task);
        }
        else if (TCase.ShareCpu)
        {
            ActOnOneCpu(cpu, task);
        }
        else if (typeof(TCase) == typeof(PublishedByRelease) || typeof(TCase) == typeof(PublishedRelaxed))
        {
            Publish(cpu, task);
        }
        else if (typeof(TCase) == typeof(FreedAfterGracePeriod) || typeof(TCase) == typeof(FreedAtOnce))
        {
            Replace(cpu, task);
        }
        else if (typeof(TCase) == typeof(WokenThenReads) || typeof(TCase) == typeof(SeenThenReads))
        {
            Sleep(cpu, task);
        }
        else
        {
            ActUnlocked(cpu, task);
        }

        cpu.Leave();
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        nint thing = cpu.ReadOnce(Shared);
        if (thing != 0)
        {
            cpu.Free(Thing.Cache, thing);
        }
    }

    private static IReadOnlyList<TaskSpec> Own(int count)
        => ScenarioPlan.OwnCpus([.. new[] { "first", "second", "third" }[..count]]);

    private void ActLocked<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        bool takesLock = task == 0 || typeof(TCase) == typeof(BothLocked);
        if (takesLock)
        {
            Lock.Acquire(cpu);
        }

        cpu.Write(Data, cpu.Read(Data) + 1);
        if (takesLock)
        {
            Lock.Release(cpu);
        }
    }

    private void ActUnlocked<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (typeof(TCase) == typeof(HalvesOfAWord) || typeof(TCase) == typeof(WordAndItsHalf))
        {
            if (task == 0)
            {
                cpu.Write(Low, 1u);
            }
            else if (typeof(TCase) == typeof(HalvesOfAWord))
            {
                cpu.Write(High, 1u);
            }
            else
            {
                cpu.Write(Data, 1ul);
            }
        }
        else if (typeof(TCase) == typeof(ReadsBeforeWriteFence) || typeof(TCase) == typeof(ReadsBeforeRelease))
        {
            ReadFirst(cpu, task);
        }
        else if (task == 0)
        {
            cpu.WriteOnce(Word, 1ul);
        }
        else if (typeof(TCase) == typeof(MarkedOnly))
        {
            cpu.ReadOnce(Word);
        }
        else
        {
            cpu.Read(Data);
            cpu.BugOn(typeof(TCase) == typeof(RacesIntoABug), "BUG_ON(raced)");
        }
    }

    private void ReadFirst<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task != 0)
        {
            cpu.WaitWhile(Flag, 0u);
            cpu.LoadAcquire(Flag);
            cpu.Write(Data, 1ul);
            return;
        }

        cpu.Read(Data);
        if (typeof(TCase) == typeof(ReadsBeforeRelease))
        {
            cpu.StoreRelease(Flag, 1u);
        }
        else
        {
            cpu.WriteFence();
            cpu.WriteOnce(Flag, 1u);
        }
    }

    private void PassOn<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case 0:
                cpu.Write(Data, 1ul);
                cpu.StoreRelease(Flag, 1u);
                break;
            case 1 when typeof(TCase) == typeof(ContinuedByUpdate):
                cpu.WaitWhile(Flag, 0u);
                cpu.FetchAddRelaxed(Flag, 1u);
                break;
            case 1:
                cpu.WaitWhile(Flag, 0u);
                if (typeof(TCase) == typeof(PassedOnByRelease))
                {
                    cpu.StoreRelease(Flag2, 1u);
                }
                else
                {
                    cpu.WriteOnce(Flag2, 1u);
                }

                break;
            case 2 when typeof(TCase) == typeof(ContinuedByUpdate):
                cpu.WaitWhile(Flag, 0u);
                cpu.WaitWhile(Flag, 1u);
                cpu.LoadAcquire(Flag);
                cpu.Read(Data);
                break;
            default:
                cpu.WaitWhile(Flag2, 0u);
                cpu.LoadAcquire(Flag2);
                cpu.Read(Data);
                break;
        }
    }

    private void ActOnOneCpu<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        bool isWhole = task != 0 || typeof(TCase) == typeof(SectionsOfOneCpu);
        if (isWhole)
        {
            cpu.IrqDisable();
        }

        cpu.Write(Data, cpu.Read(Data) + 1);
        if (isWhole)
        {
            cpu.IrqEnable();
        }
    }

    private void Publish<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task != 0)
        {
            nint found = cpu.ReadOnce(Shared);
            if (found != 0)
            {
                cpu.Read(new Thing(found).First);
            }

            return;
        }

        nint made = cpu.Alloc(Thing.Cache);
        cpu.Write(new Thing(made).First, 1ul);
        if (typeof(TCase) == typeof(PublishedByRelease))
        {
            cpu.StoreRelease(Shared, made);
        }
        else
        {
            cpu.WriteOnce(Shared, made);
        }
    }

    private void Replace<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task != 0)
        {
            cpu.RcuReadLock();
            nint found = cpu.Dereference(Shared);
            if (found != 0)
            {
                cpu.Read(new Thing(found).First);
            }

            cpu.RcuReadUnlock();
            return;
        }

        nint old = cpu.Read(Shared);
        cpu.WriteOnce(Shared, (nint)0);
        if (typeof(TCase) == typeof(FreedAfterGracePeriod))
        {
            Rcu.Synchronize(cpu);
        }

        cpu.Free(Thing.Cache, old);
    }

    private void Sleep<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        if (task != 0)
        {
            cpu.Write(Data, 1ul);
            cpu.WriteOnce(Flag, 1u);
            cpu.Unpark(cpu.TaskAt(0));
            return;
        }

        cpu.PrepareToPark();
        if (cpu.ReadOnce(Flag) == 0)
        {
            cpu.Park();
            cpu.Read(Data);
            return;
        }

        cpu.CancelPark();
        if (typeof(TCase) == typeof(SeenThenReads))
        {
            cpu.Read(Data);
        }
    }
}
