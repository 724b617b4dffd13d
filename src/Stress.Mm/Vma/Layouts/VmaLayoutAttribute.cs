using System;

namespace Stress.Mm.Vma;

/// <summary>Names a layout of the VMA. Without it, the name is that of the struct: <c>MyOwnLayout</c> is
/// <c>my-own</c>.</summary>
/// <param name="name">In lower case with hyphens; unique.</param>
[AttributeUsage(AttributeTargets.Struct)]
public sealed class VmaLayoutAttribute(string name) : Attribute
{
    /// <summary>The name.</summary>
    public string Name => name;

    /// <summary>What is particular about it, in one sentence.</summary>
    public string Summary { get; init; } = "";

    /// <summary>Where it comes from: a version, a patch or an idea.</summary>
    public string Source { get; init; } = "";
}
