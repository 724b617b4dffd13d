using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Stress.Machine;
using Stress.Mm.Vma;
using Xunit;

namespace Stress.Mm.Tests.Vma;

/// <summary>The documented offsets of the kernel structs, and that no two fields overlap that should not.</summary>
public sealed class VmaLayoutTests
{
    [Fact]
    public void VmAreaStruct_StockLayout_HasTheDocumentedOffsets()
        => AssertLayout(
            new VmAreaStruct<StockLayout>(0), 176, [.. CommonFields, ("Layout", 0, 176)], overlays: ["VmRcu", "Layout"]);

    [Fact]
    public void VmAreaStruct_EmbeddedLine4Layout_KeepsTheOffsetsOfTheStockLayout()
        => AssertLayout(
            new VmAreaStruct<EmbeddedLine4Layout>(0), 256, [.. CommonFields, ("Layout", 0, 256)],
            overlays: ["VmRcu", "Layout"]);

    [Fact]
    public void StockLayout_Lock_IsAPointerAt48()
        => AssertLayout(new StockLayout(0), 176, [("VmLock", 48, 8)]);

    [Fact]
    public void EmbeddedLine4Layout_Lock_StandsAloneOnTheFourthLine()
        => AssertLayout(new EmbeddedLine4Layout(0), 256, [("VmDummy", 48, 8), ("VmLock", 192, 40)]);

    [Fact]
    public void VmaLock_Objects_AreNotAlignedToLines()
    {
        AssertLayout(new VmaLock(0), 40, [("Lock", 0, 40)]);
        Assert.Equal(40, VmaLock.Cache.Stride);
        Assert.Equal(176, StockLayout.Cache.Stride);
        Assert.Equal(256, EmbeddedLine4Layout.Cache.Stride);
        Assert.Equal(64, EmbeddedLine4Layout.Cache.Alignment);
    }

    [Fact]
    public void MmStruct_Fields_HaveTheDocumentedOffsets()
        => AssertLayout(
            new MmStruct(0),
            1344,
            [
                ("MmCount", 0, 4), ("MtLockAndFlags", 64, 8), ("MaRoot", 72, 8), ("MmapBase", 80, 8),
                ("MmapLegacyBase", 88, 8), ("MmapCompatBase", 96, 8), ("MmapCompatLegacyBase", 104, 8),
                ("TaskSize", 112, 8), ("Pgd", 120, 8), ("MembarrierState", 128, 4), ("MmUsers", 132, 4),
                ("PcpuCid", 136, 8), ("MmCidNextScan", 144, 8), ("PgtablesBytes", 152, 8), ("MapCount", 160, 4),
                ("PageTableLock", 164, 4), ("MmapLock", 168, 40), ("MmlistNext", 208, 8), ("MmlistPrev", 216, 8),
                ("MmLockSeq", 224, 4), ("HiwaterRss", 232, 8), ("HiwaterVm", 240, 8), ("TotalVm", 248, 8),
                ("LockedVm", 256, 8), ("PinnedVm", 264, 8), ("DataVm", 272, 8), ("ExecVm", 280, 8),
                ("StackVm", 288, 8), ("DefFlags", 296, 8), ("WriteProtectSeq", 304, 4), ("ArgLock", 308, 4),
                ("StartCode", 312, 8), ("SavedAuxv", 400, 8), ("FileRss", 816, 40), ("AnonRss", 856, 40),
                ("SwapEntries", 896, 40), ("ShmemRss", 936, 40), ("Binfmt", 976, 8), ("Flags", 1120, 8),
                ("Owner", 1144, 8),
            ]);

    [Fact]
    public void RefcountVma_Count_StandsOnTheThirdLine()
        => AssertLayout(
            new RefcountVma(0),
            192,
            [
                ("VmStart", 0, 8), ("VmEnd", 8, 8), ("VmMm", 16, 8), ("VmPageProt", 24, 8), ("VmFlags", 32, 8),
                ("VmLockSeq", 40, 4), ("AnonVmaChainNext", 48, 8), ("AnonVmaChainPrev", 56, 8), ("AnonVma", 64, 8),
                ("VmOps", 72, 8), ("VmPgoff", 80, 8), ("VmFile", 88, 8), ("VmPrivateData", 96, 8),
                ("VmRefcnt", 128, 4), ("SharedRbParent", 136, 8),
            ]);

    [Fact]
    public void MapleNode_Fields_HaveTheDocumentedOffsets()
    {
        AssertLayout(
            new MapleNode(0),
            256,
            [("Parent", 0, 8), ("Rcu", 8, 16), ("FirstPivot", 8, 8), ("FirstSlot", 128, 8), ("End", 248, 1)],
            overlays: ["Rcu"]);
        Assert.Equal(8 + (8 * 14), (int)new MapleNode(0).Pivot(14).Address);
        Assert.Equal(128 + (8 * 14), (int)new MapleNode(0).Slot(14).Address);
    }

    [Fact]
    public void PageTable_Entries_FillTheLineBehindTheDescriptor()
    {
        AssertLayout(
            new PageTable(0), 128, [("PtFlags", 0, 8), ("PtRcu", 8, 16), ("Lock", 40, 4), ("FirstEntry", 64, 8)]);
        Assert.Equal(64 + 56, (int)new PageTable(0).Entry((3 * PageTable.Span) - 1).Address);
    }

    private static (string Name, int Offset, int Bytes)[] CommonFields { get; } =
    [
        ("VmStart", 0, 8), ("VmEnd", 8, 8), ("VmRcu", 0, 16), ("VmMm", 16, 8), ("VmPageProt", 24, 8),
        ("VmFlags", 32, 8), ("Detached", 40, 1), ("VmLockSeq", 44, 4), ("SharedRbParent", 56, 8),
        ("SharedRbRight", 64, 8), ("SharedRbLeft", 72, 8), ("SharedRbSubtreeLast", 80, 8), ("AnonVmaChainNext", 88, 8),
        ("AnonVmaChainPrev", 96, 8), ("AnonVma", 104, 8), ("VmOps", 112, 8), ("VmPgoff", 120, 8), ("VmFile", 128, 8),
        ("VmPrivateData", 136, 8), ("SwapReadaheadInfo", 144, 8), ("VmPolicy", 152, 8), ("NumabState", 160, 8),
        ("UserfaultfdCtx", 168, 8),
    ];

    // A handle at address 0: the address of each part is its offset.
    private static void AssertLayout<T>(
        T handle, int bytes, (string Name, int Offset, int Bytes)[] documented, params string[] overlays)
        where T : struct, IHandle
    {
        List<(string Name, int Offset, int Bytes)> fields = [];
        foreach (PropertyInfo property in typeof(T).GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetValue(handle) is IHandle part)
            {
                fields.Add((property.Name, (int)part.Address, BytesOf(part.GetType())));
            }
        }

        Assert.Equal(bytes, T.Bytes);
        Assert.Equal(documented.Order(), fields.Order());
        Assert.All(fields, field => Assert.True(field.Offset + field.Bytes <= T.Bytes, field.Name));
        (string Name, int Offset, int Bytes)[] apart =
            [.. fields.Where(field => !overlays.Contains(field.Name)).OrderBy(field => field.Offset)];
        Assert.All(
            apart.Zip(apart.Skip(1)),
            pair => Assert.True(pair.First.Offset + pair.First.Bytes <= pair.Second.Offset, pair.Second.Name));
    }

    private static int BytesOf(Type type)
        => (int)type.GetProperty(nameof(IHandle.Bytes), BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
}
