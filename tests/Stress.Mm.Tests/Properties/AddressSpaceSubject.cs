using System.Collections.Generic;
using System.Linq;
using Stress.Machine.Native;
using Stress.Mm.Vma;
using Stress.Scenarios.Vma;
using Xunit;

namespace Stress.Mm.Tests.Properties;

public enum AddressSpaceCall
{
    Mmap,
    Munmap,
    MunmapDowngraded,
    Mprotect,
}

/// <summary>An address space of a few pages, compared with a list of mapped intervals.</summary>
/// <remarks>As in the kernel, mprotect splits and merges, munmap splits, and mmap of new memory beside other memory
/// makes a VMA of its own here, as the model does not look for one to extend.</remarks>
public sealed class AddressSpaceSubject<TLayout, TRule> : Subject<AddressSpaceCall>
    where TLayout : struct, IVmaLayout<TLayout>
    where TRule : struct, IVmaRule
{
    // With the gaps at both ends, fewer than the tree has slots.
    private const int Pages = 11;
    private const int MaxLength = 5;

    private readonly List<Interval> _mapped = [];

    public AddressSpaceSubject()
        : base(VmaBlock.Bytes)
        => World.Prepare(Cpu, slots: 0);

    private VmaWorld<TLayout, TRule> World => new(Root);

    private AddressSpace<TLayout, TRule> Space => World.Space(Cpu);

    protected override void Make(Call<AddressSpaceCall> call)
    {
        int from = call.A % Pages;
        int to = int.Min(from + 1 + (call.B % MaxLength), Pages);
        ulong flags = VmFlag.Read | (call.C % 2 == 0 ? VmFlag.Write : 0);
        switch (call.Kind)
        {
            case AddressSpaceCall.Mmap:
                Mmap(new Interval(from, to, flags));
                break;
            case AddressSpaceCall.Mprotect:
                Mprotect(new Interval(from, to, flags));
                break;
            default:
                Munmap(from, to, call.Kind == AddressSpaceCall.MunmapDowngraded);
                break;
        }
    }

    protected override void Compare()
    {
        NativeCpu cpu = Cpu;
        VmaReclaim<TLayout>.Drain(cpu, World.Block.Rcu);
        World.Check(cpu);
        Assert.True(_mapped.SequenceEqual(Vmas()), "the VMAs are the mapped intervals");
        Assert.True(cpu.Read(Space.Mm.MapCount) == _mapped.Count, "map_count is the number of intervals");
        for (int page = 0; page < Pages; page++)
        {
            VmAreaStruct<TLayout> vma = Space.LockVmaUnderRcu(cpu, Address(page));
            Interval? found = vma.Address == 0 ? null : IntervalOf(vma);
            Interval? expected = _mapped.Find(interval => interval.Has(page));
            Assert.True(found == expected, "with nobody writing, a VMA can be locked under RCU where one is mapped");
            if (vma.Address != 0)
            {
                Space.VmaEndRead(cpu, vma);
            }
        }
    }

    private static ulong Address(int page) => (ulong)(page + 1) * Pte.PageBytes;

    private Interval IntervalOf(VmAreaStruct<TLayout> vma) => new(
        (int)(Cpu.Read(vma.VmStart) / Pte.PageBytes) - 1,
        (int)(Cpu.Read(vma.VmEnd) / Pte.PageBytes) - 1,
        Cpu.Read(vma.VmFlags));

    private List<Interval> Vmas()
    {
        List<Interval> vmas = [];
        VmAreaStruct<TLayout> vma = Space.FindVma(Cpu, 0);
        while (vma.Address != 0)
        {
            vmas.Add(IntervalOf(vma));
            vma = Space.FindVma(Cpu, Cpu.Read(vma.VmEnd));
        }

        return vmas;
    }

    private void Mmap(Interval wanted)
    {
        bool isTaken = _mapped.Exists(interval => interval.From < wanted.To && wanted.From < interval.To);
        int result = Space.Mmap(Cpu, Address(wanted.From), Address(wanted.To), wanted.Flags);
        Assert.True((result == Errno.Exists) == isTaken, "mmap succeeds where nothing is mapped");
        if (result == 0)
        {
            Insert(wanted);
        }
    }

    private void Munmap(int from, int to, bool mayDowngrade)
    {
        int result = Space.Munmap(Cpu, Address(from), Address(to), mayDowngrade);
        Split(from);
        Split(to);
        int removed = _mapped.RemoveAll(interval => interval.From >= from && interval.To <= to);
        Assert.True(result == removed, "munmap takes out the VMAs in its range");
    }

    private void Mprotect(Interval wanted)
    {
        bool isInOne = _mapped.Exists(interval => interval.From <= wanted.From && interval.To >= wanted.To);
        int result = Space.Mprotect(Cpu, Address(wanted.From), Address(wanted.To), wanted.Flags);
        Assert.True((result == Errno.NoEntry) == !isInOne, "mprotect needs a range within one interval");
        if (result == 0)
        {
            Split(wanted.From);
            Split(wanted.To);
            int index = _mapped.FindIndex(interval => interval.From == wanted.From);
            _mapped[index] = wanted;
            MergeAt(wanted.To);
            MergeAt(wanted.From);
        }
    }

    private void Insert(Interval interval)
    {
        _mapped.Add(interval);
        _mapped.Sort((one, other) => one.From - other.From);
    }

    private void Split(int at)
    {
        int index = _mapped.FindIndex(interval => interval.From < at && at < interval.To);
        if (index >= 0)
        {
            Interval whole = _mapped[index];
            _mapped[index] = whole with { To = at };
            Insert(whole with { From = at });
        }
    }

    private void MergeAt(int at)
    {
        int upper = _mapped.FindIndex(interval => interval.From == at);
        if (upper > 0 && _mapped[upper - 1].To == at && _mapped[upper - 1].Flags == _mapped[upper].Flags)
        {
            _mapped[upper - 1] = _mapped[upper - 1] with { To = _mapped[upper].To };
            _mapped.RemoveAt(upper);
        }
    }

    /// <summary>Pages that are mapped alike.</summary>
    private sealed record Interval(int From, int To, ulong Flags)
    {
        public bool Has(int page) => From <= page && page < To;
    }
}
