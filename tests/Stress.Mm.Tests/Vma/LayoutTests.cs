using System;
using System.Collections.Generic;
using System.Linq;
using Stress.Locks;
using Stress.Machine;
using Stress.Mm.Vma;
using Xunit;

namespace Stress.Mm.Tests.Vma;

/// <summary>Each layout of the VMA: its lock is where it says, no fields overlap, and all fields are there.</summary>
public sealed class LayoutTests
{
    public static TheoryData<string> Names => [.. VmaLayouts.All.Select(layout => layout.Name)];

    [Theory]
    [InlineData("stock", 176, 176, 8, 48)]
    [InlineData("separate-aligned", 176, 176, 8, 48)]
    [InlineData("embedded-unaligned", 208, 208, 8, 48)]
    [InlineData("embedded-line4", 256, 256, 64, 192)]
    [InlineData("embedded-pair", 384, 384, 128, 256)]
    [InlineData("lock-first", 208, 256, 64, 0)]
    [InlineData("refcount", 192, 192, 64, 128)]
    public void Layout_Sizes_AreTheDocumentedOnes(string name, int bytes, int stride, int alignment, int lockOffset)
    {
        VmaLayout layout = Layout(name);

        Assert.Equal(bytes, layout.Bytes);
        Assert.Equal(stride, layout.Cache.Stride);
        Assert.Equal(alignment, layout.Cache.Alignment);
        Assert.Equal(lockOffset, layout.LockOffset);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Layout_Lock_IsWhereItSays(string name)
    {
        VmaLayout layout = Layout(name);
        string lockField = layout.IsReferenceCount ? "Layout.VmRefcnt"
            : layout.IsLockEmbedded ? "Layout.VmLock.Count"
            : "Layout.VmLock";

        HandleField field = Assert.Single(HandleFields.Of(layout.VmaType), field => field.Name == lockField);
        Assert.Equal(layout.LockOffset, field.Offset);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Layout_Fields_DoNotOverlapAndLieInside(string name)
    {
        VmaLayout layout = Layout(name);
        string?[] owners = new string?[layout.Bytes];
        foreach (HandleField field in VmaLayoutFields.Of(layout))
        {
            for (int at = field.Offset; at < field.Offset + field.Bytes; at++)
            {
                Assert.True(owners[at] is null, $"{field.Name} lies over {owners[at]} at {at}");
                owners[at] = field.Name;
            }
        }
    }

    [Fact]
    public void SeparateAligned_Locks_HaveALineEach()
    {
        VmaLayout layout = Layout("separate-aligned");

        Assert.Equal(64, layout.LockCache.Stride);
        Assert.Equal(40, Layout("stock").LockCache.Stride);
        Assert.NotSame(Layout("stock").LockCache, layout.LockCache);
    }

    [Fact]
    public void Refcount_Fields_AreWhereTheStructOfV615HasThem()
    {
        Dictionary<string, int> offsets = HandleFields.Of(typeof(RefcountVma))
            .ToDictionary(field => field.Name, field => field.Offset);
        Dictionary<string, int> laidOut = HandleFields.Of(Layout("refcount").VmaType)
            .ToDictionary(field => field.Name.Replace("Layout.", "", StringComparison.Ordinal), field => field.Offset);

        Assert.All(offsets, field => Assert.Equal(field.Value, laidOut[field.Key]));
        Assert.True(laidOut["Detached"] < 0, "v6.15 has no mark for a detached VMA");
    }

    [Fact]
    public void Layout_WithoutAttribute_IsNamedAfterItsStruct()
        => Assert.Equal("my-own2", VmaLayout.Of(typeof(MyOwn2Layout))?.Name);

    [Fact]
    public void Of_TypeThatIsNoLayout_IsNull()
    {
        Assert.Null(VmaLayout.Of(typeof(VmaLock)));
        Assert.Null(VmaLayout.Of(typeof(VmAreaStruct<>)));
    }

    [Fact]
    public void MistakeIn_LayoutsOfStress_IsNone()
        => Assert.All(VmaLayouts.All, layout => Assert.Null(VmaLayoutFields.MistakeIn(layout)));

    [Fact]
    public void MistakeIn_LockOverAField_NamesBoth()
    {
        string? mistake = VmaLayoutFields.MistakeIn(new VmaLayout<OverlappingLayout>());

        Assert.NotNull(mistake);
        Assert.Contains("overlaps", mistake);
        Assert.Contains("VmPolicy at 152", mistake);
    }

    [Fact]
    public void MistakeIn_LockBehindTheEnd_NamesIt()
        => Assert.Contains("VmLock.Count at 176 lies outside", VmaLayoutFields.MistakeIn(new VmaLayout<TooSmallLayout>()));

    [Fact]
    public void In_Assembly_FindsEachLayout()
        => Assert.Equal(
            VmaLayouts.All.Select(layout => layout.Name).Order(StringComparer.Ordinal),
            VmaLayouts.In(typeof(StockLayout).Assembly).Select(layout => layout.Name));

    private static VmaLayout Layout(string name) => VmaLayouts.All.Single(layout => layout.Name == name);

    private readonly struct MyOwn2Layout(nint at) : IVmaLayout<MyOwn2Layout>
    {
        public static int Bytes => 176;

        public static bool IsLockEmbedded => false;

        public static int LockOffset => 48;

        public static SlabCache Cache { get; } =
            SlabCache.For<VmAreaStruct<MyOwn2Layout>>("vm_area_struct", SlabOptions.Zeroed);

        public nint Address => at;

        public static MyOwn2Layout At(nint at) => new(at);
    }

    private readonly struct OverlappingLayout(nint at) : IVmaLayout<OverlappingLayout>
    {
        public static int Bytes => 192;

        public static bool IsLockEmbedded => true;

        public static int LockOffset => 152;

        public static SlabCache Cache { get; } =
            SlabCache.For<VmAreaStruct<OverlappingLayout>>("vm_area_struct", SlabOptions.Zeroed);

        public nint Address => at;

        public static OverlappingLayout At(nint at) => new(at);

        public RwSemaphore VmLock => new(at + 152, VmaLockClasses.VmLock);
    }

    private readonly struct TooSmallLayout(nint at) : IVmaLayout<TooSmallLayout>
    {
        public static int Bytes => 176;

        public static bool IsLockEmbedded => true;

        public static int LockOffset => 176;

        public static SlabCache Cache { get; } =
            SlabCache.For<VmAreaStruct<TooSmallLayout>>("vm_area_struct", SlabOptions.Zeroed);

        public nint Address => at;

        public static TooSmallLayout At(nint at) => new(at);

        public RwSemaphore VmLock => new(at + 176, VmaLockClasses.VmLock);
    }
}
