using Stress.Machine;
using Stress.Mm.ListLru;
using Stress.Mm.PageAlloc;
using Stress.Mm.Vma;
using Stress.Scenarios.Hugetlb;
using Stress.Scenarios.ListLru;
using Stress.Scenarios.Metadata;
using Stress.Scenarios.Vma;
using Stress.Scenarios.Zone;
using HugetlbRule = Stress.Mm.Hugetlb.UpstreamFixed;
using MetadataRule = Stress.Mm.PageMetadata.Upstream;

namespace Stress.Scenarios.Mixed;

/// <summary>All subsystems at once, each with the scenario that hammers it hardest.</summary>
/// <remarks>
/// The subsystems share tasks, CPUs, grace periods and slabs; each has its state to itself. Hammered, a task mostly
/// plays its own role and now and then another's, so that few threads meet in every subsystem.
/// <code>
/// offset  bytes  field
///      0   4096  Faults    root of fault-vs-munmap
///   4096   4096  Reserves  root of alloc-vs-reserve
///   8192   4096  Objects   root of shrink-vs-offline
///  12288   8192  Pages     root of alloc-free-isolate
///  20480      -  Sections  root of hotplug-vs-optimise
/// </code>
/// </remarks>
public readonly partial struct WholeMachine<TLru, TZone>(nint root) : IScenario<WholeMachine<TLru, TZone>>
    where TLru : struct, IListLruRule
    where TZone : struct, IZoneRule
{
    public const int ReservesOffset = 4096;
    public const int ObjectsOffset = 8192;
    public const int PagesOffset = 12288;
    public const int SectionsOffset = 20480;

    private const int Faulter = 0;
    private const int Unmapper = 1;
    private const int Reserver = 2;
    private const int User = 3;
    private const int Manager = 4;
    private const int Allocator = 5;
    private const int Optimiser = 6;
    private const int Isolator = 7;
    private const int VmaRcu = 8;
    private const int LruRcu = 9;

    public static ScenarioPlan Plan { get; } = new()
    {
        Tasks =
        [
            new TaskSpec("faulter", 0),
            new TaskSpec("unmapper", 1),
            new TaskSpec("reserver", 2),
            new TaskSpec("user", 3),
            new TaskSpec("manager", 4),
            new TaskSpec("allocator", 5),
            new TaskSpec("optimiser", 6),
            new TaskSpec("isolator", 7),
            new TaskSpec("vma rcu", 8, IsWorker: true),
            new TaskSpec("lru rcu", 9, IsWorker: true),
            new TaskSpec("section rcu", 10, IsWorker: true),
        ],
        LargeBytes = LargeMemory<TZone>.Bytes,
        RootBytes = SectionsOffset + HotplugVsOptimise<MetadataRule>.Plan.RootBytes,
        KnownRaces = [.. VmaRaces.Known, .. ListLruRaces.Known],
        PlainAccessesArePoints = false,
        AllocationFailures = 1,
    };

    private FaultVsMunmap<StockLayout, V612> Faults => new(root);

    private AllocVsReserve<HugetlbRule> Reserves => new(root + ReservesOffset);

    private ShrinkVsOffline<TLru> Objects => new(root + ObjectsOffset);

    private LruWorld<TLru> Groups => new(root + ObjectsOffset);

    private AllocFreeIsolate<TZone> Pages => new(root + PagesOffset);

    private HotplugVsOptimise<MetadataRule> Sections => new(root + SectionsOffset);

    public static WholeMachine<TLru, TZone> At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Faults.Prepare(cpu);
        Reserves.Prepare(cpu);
        Objects.Prepare(cpu);
        Pages.Prepare(cpu);
        Sections.Prepare(cpu);
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu
    {
        switch (task)
        {
            case Faulter or Unmapper:
                Faults.Act(cpu, task);
                break;
            case Reserver:
                Reserves.Act(cpu, 1);
                break;
            case User:
                Groups.Create(cpu, LruWorld<TLru>.Child, nid: 0, place: 3, traits: 0);
                break;
            case Manager:
                Groups.Offline(cpu, LruWorld<TLru>.Child);
                break;
            case Allocator:
                Pages.Act(cpu, 0);
                break;
            case Optimiser:
                Sections.Act(cpu, 0);
                break;
            case Isolator:
                Pages.Act(cpu, 2);
                break;
            default:
                Serve(cpu, task);
                break;
        }
    }

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        if (role >= VmaRcu)
        {
            Serve(cpu, role);
        }
        else
        {
            // Never the isolator's for once: isolating takes so long that nobody would do much else.
            Play(cpu, cpu.Choose(4) == 0 ? (int)cpu.Choose(Isolator) : role);
        }
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu => Sections.Invariant(cpu);

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Faults.Check(cpu);
        Reserves.Check(cpu);
        Objects.Check(cpu);
        Pages.Check(cpu);
        Sections.Check(cpu);
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
        Faults.Teardown(cpu);
        Reserves.Teardown(cpu);
        Objects.Teardown(cpu);
        Pages.Teardown(cpu);
        Sections.Teardown(cpu);
    }

    // One operation of a hammer.
    private void Play<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case Faulter or Unmapper:
                Faults.Work(cpu, role);
                break;
            case Reserver:
                Reserves.Work(cpu, (int)cpu.Choose(2));
                break;
            case User:
                Objects.Work(cpu, 0);
                break;
            case Manager:
                Renew(cpu, (int)cpu.Choose(LruBlock<TLru>.Groups));
                break;
            case Allocator:
                Pages.Work(cpu, (int)cpu.Choose(2));
                break;
            case Optimiser:
                Sections.Work(cpu, (int)cpu.Choose(4));
                break;
            default:
                Pages.Work(cpu, 2);
                break;
        }
    }

    // rmdir, then mkdir. Waits for grace periods, so that dead groups do not pile up.
    private void Renew<TCpu>(TCpu cpu, int group) where TCpu : struct, ICpu
    {
        Groups.Offline(cpu, group);
        Groups.System.Flush(cpu);
        Groups.Online(cpu, group);
    }

    private void Serve<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        switch (role)
        {
            case VmaRcu:
                Faults.Work(cpu, 2);
                break;
            case LruRcu:
                Objects.Work(cpu, 3);
                break;
            default:
                Sections.Work(cpu, 4);
                break;
        }
    }
}
