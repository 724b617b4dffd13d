using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Runtime.Loader;
using Stress.CommandLine;
using Stress.Layouts;
using Stress.Machine;
using Stress.Mm.Vma;

namespace Stress.Running;

/// <summary>What somebody's own assembly adds: as scenarios, each public static property of type <see cref="Scenario"/>
/// that a public type has; as layouts of the VMA, each struct that implements <see cref="IVmaLayout{TSelf}"/> of itself.
/// </summary>
internal static class OwnAssembly
{
    private const string Option = "--assembly";

    /// <summary>A catalog with the scenarios of assemblies, in the order of their names, and with their layouts as
    /// variants of <c>vma/anon-fault</c>.</summary>
    /// <param name="catalog">What there is without them.</param>
    /// <param name="paths">The files of the assemblies.</param>
    /// <exception cref="UsageException">There is no such file, it is no assembly, it has neither, a name is taken, or
    /// the fields of a layout cannot be.</exception>
    public static IReadOnlyList<Scenario> AddTo(IReadOnlyList<Scenario> catalog, IReadOnlyList<string> paths)
    {
        var names = catalog.ToDictionary(scenario => scenario.Name, _ => "the tool itself", StringComparer.Ordinal);
        List<Scenario> all = [.. catalog];
        foreach (string path in paths)
        {
            (IReadOnlyList<Scenario> scenarios, IReadOnlyList<VmaLayout> layouts) = Read(path);
            foreach (VmaLayout layout in layouts)
            {
                all = [.. all.With(layout, path)];
            }

            foreach (Scenario scenario in scenarios)
            {
                Check(scenario, path);
                if (!names.TryAdd(scenario.Name, path))
                {
                    throw new UsageException(
                        $"{Option}: {path} has a scenario '{scenario.Name}', and so has {names[scenario.Name]}; "
                        + "give it another name");
                }

                all.Add(scenario);
            }
        }

        return [.. all.OrderBy(scenario => scenario.Name, StringComparer.Ordinal)];
    }

    private static (IReadOnlyList<Scenario> Scenarios, IReadOnlyList<VmaLayout> Layouts) Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new UsageException(
                $"{Option}: no such file '{path}'; build the project, and give the path of its dll");
        }

        try
        {
            Assembly assembly = Load(Path.GetFullPath(path));
            IReadOnlyList<Scenario> scenarios = Of(assembly);
            IReadOnlyList<VmaLayout> layouts = LayoutCatalog.In(assembly, path);
            return scenarios.Count + layouts.Count > 0 ? (scenarios, layouts) : throw new UsageException(
                $"{Option}: {path} has no scenario and no layout: none of its public types has a public static property "
                + "of type Scenario, and no struct implements IVmaLayout of itself; docs/scenarios.md and "
                + "docs/layouts.md show one");
        }
        catch (BadImageFormatException)
        {
            throw new UsageException(
                $"{Option}: {path} is not a .NET assembly; give the path of the dll that 'dotnet build' makes");
        }
        catch (Exception e) when (e is IOException or TypeLoadException or MissingMemberException
            or ReflectionTypeLoadException or TargetInvocationException)
        {
            throw new UsageException(
                $"{Option}: {path} cannot be used: {Cause(e).Message.TrimEnd('.')}; build it against this tool's "
                + "Stress.Machine and Stress.Mm");
        }
    }

    // What the tool has is shared with it: a scenario must be made of the tool's own types.
    private static Assembly Load(string path)
    {
        var own = new AssemblyDependencyResolver(path);
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            own.ResolveAssemblyToPath(name) is { } found ? context.LoadFromAssemblyPath(found) : null;
        return AssemblyLoadContext.Default.LoadFromAssemblyPath(path);
    }

    private static IReadOnlyList<Scenario> Of(Assembly assembly) =>
    [
        .. assembly.GetExportedTypes()
            .Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetProperties(BindingFlags.Public | BindingFlags.Static))
            .Where(property => property.PropertyType == typeof(Scenario))
            .Select(property => (Scenario?)property.GetValue(null))
            .OfType<Scenario>(),
    ];

    private static void Check(Scenario scenario, string path)
    {
        string[] parts = (scenario.Name ?? "").Split('/');
        if (parts.Length != 2 || !parts.All(IsName))
        {
            throw new UsageException(
                $"{Option}: {path} has a scenario '{scenario.Name}'; name it 'subsystem/what', in lower case with hyphens");
        }

        string? twice = scenario.Variants.CountBy(variant => variant.Name).FirstOrDefault(name => name.Value > 1).Key;
        if (scenario.Variants.Count == 0 || twice is not null)
        {
            throw new UsageException(
                $"{Option}: {path}: {scenario.Name} has "
                + (twice is null ? "no variant; give it one" : $"two variants '{twice}'; give one another name"));
        }
    }

    private static bool IsName(string part)
        => part.Length > 0 && part.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static Exception Cause(Exception e) => e is TargetInvocationException or TypeInitializationException
        && e.InnerException is { } inner ? Cause(inner) : e;
}
