using System;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using Stress.Machine;

namespace Stress.Mm.Vma;

/// <summary>A layout of the VMA by its name.</summary>
public abstract partial class VmaLayout
{
    private const string Suffix = "Layout";

    private protected VmaLayout(Type type)
    {
        Type = type;
        VmaLayoutAttribute? attribute = type.GetCustomAttribute<VmaLayoutAttribute>();
        Name = attribute?.Name ?? NameOf(type.Name);
        Summary = attribute?.Summary ?? "";
        Source = attribute?.Source ?? "";
    }

    /// <summary>The struct that implements it.</summary>
    public Type Type { get; }

    /// <summary>Such as <c>embedded-line4</c>.</summary>
    public string Name { get; }

    /// <summary>What is particular about it; may be empty.</summary>
    public string Summary { get; }

    /// <summary>Where it comes from; may be empty.</summary>
    public string Source { get; }

    /// <summary>Size of a VMA, in bytes.</summary>
    public abstract int Bytes { get; }

    /// <summary>Whether the lock is a part of the VMA.</summary>
    public abstract bool IsLockEmbedded { get; }

    /// <summary>Offset of the lock, or of the pointer to it, in bytes.</summary>
    public abstract int LockOffset { get; }

    /// <summary>Whether the lock is a reference count.</summary>
    public abstract bool IsReferenceCount { get; }

    /// <summary>The cache that VMAs come from.</summary>
    public abstract SlabCache Cache { get; }

    /// <summary>The cache that locks come from; of no use where they are embedded.</summary>
    public abstract SlabCache LockCache { get; }

    /// <summary>The handle of a whole VMA.</summary>
    public abstract Type VmaType { get; }

    /// <summary>Hands the layout's type to somebody who needs it.</summary>
    public abstract TResult Accept<TResult>(IVmaLayoutVisitor<TResult> visitor);

    /// <summary>Makes one of a type.</summary>
    /// <returns>Null for a type that is no layout.</returns>
    public static VmaLayout? Of(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        bool isLayout = type.IsValueType && !type.ContainsGenericParameters && type.GetInterfaces().Any(
            made => made.IsGenericType && made.GetGenericTypeDefinition() == typeof(IVmaLayout<>)
                && made.GenericTypeArguments[0] == type);
        return isLayout ? (VmaLayout)Activator.CreateInstance(typeof(VmaLayout<>).MakeGenericType(type))! : null;
    }

    private static string NameOf(string type)
    {
        string bare = type.EndsWith(Suffix, StringComparison.Ordinal) && type.Length > Suffix.Length
            ? type[..^Suffix.Length]
            : type;
#pragma warning disable CA1308 // Names are in lower case, for people.
        return Humps().Replace(bare, "-").ToLowerInvariant();
#pragma warning restore CA1308
    }

    [GeneratedRegex("(?<=[a-z0-9])(?=[A-Z])")]
    private static partial Regex Humps();
}

/// <summary>The layout <typeparamref name="TLayout"/>.</summary>
public sealed class VmaLayout<TLayout>() : VmaLayout(typeof(TLayout))
    where TLayout : struct, IVmaLayout<TLayout>
{
    /// <inheritdoc/>
    public override int Bytes => TLayout.Bytes;

    /// <inheritdoc/>
    public override bool IsLockEmbedded => TLayout.IsLockEmbedded;

    /// <inheritdoc/>
    public override int LockOffset => TLayout.LockOffset;

    /// <inheritdoc/>
    public override bool IsReferenceCount => TLayout.IsReferenceCount;

    /// <inheritdoc/>
    public override SlabCache Cache => TLayout.Cache;

    /// <inheritdoc/>
    public override SlabCache LockCache => TLayout.LockCache;

    /// <inheritdoc/>
    public override Type VmaType => typeof(VmAreaStruct<TLayout>);

    /// <inheritdoc/>
    public override TResult Accept<TResult>(IVmaLayoutVisitor<TResult> visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        return visitor.Visit<TLayout>();
    }
}

/// <summary>Does something with a layout's type.</summary>
/// <typeparam name="TResult">What it comes to.</typeparam>
public interface IVmaLayoutVisitor<out TResult>
{
    /// <summary>Does it.</summary>
    TResult Visit<TLayout>() where TLayout : struct, IVmaLayout<TLayout>;
}
