using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace Stress.Machine;

/// <summary>One cell of a kernel struct: its name and place.</summary>
/// <param name="Name">The property, or the path of properties, that names it.</param>
/// <param name="Offset">Its first byte, from the start of the struct.</param>
/// <param name="Bytes">Its size.</param>
public readonly record struct HandleField(string Name, int Offset, int Bytes);

/// <summary>Reads the layout of a kernel struct, or of a scenario's root block, from the properties of its type.
/// </summary>
public static class HandleFields
{
    private const int MaxDepth = 4;

    private static readonly ConcurrentDictionary<Type, IReadOnlyList<HandleField>> s_fields = new();

    /// <summary>The cells of a handle type, by their offset.</summary>
    public static IReadOnlyList<HandleField> Of(Type type)
        => s_fields.GetOrAdd(type, static made => [.. Cells(made, AtZero(made), "", 0).OrderBy(cell => cell.Offset)]);

    /// <summary>What is put behind a struct's name to name what lies at an offset: <c>.Lock.Count</c>, or <c>+0x1f4</c>
    /// where no cell is.</summary>
    public static string SuffixAt(Type type, int offset)
    {
        foreach (HandleField field in Of(type))
        {
            if (offset >= field.Offset && offset < field.Offset + field.Bytes)
            {
                return "." + field.Name;
            }
        }

        return $"+0x{offset:x}";
    }

    private static IEnumerable<HandleField> Cells(Type type, object? handle, string prefix, int depth)
    {
        if (handle is null || depth == MaxDepth)
        {
            yield break;
        }

        // A scenario keeps the parts of its root block to itself.
        BindingFlags seen = BindingFlags.Public | BindingFlags.Instance
            | (typeof(IHandle).IsAssignableFrom(type) ? default : BindingFlags.NonPublic);
        foreach (PropertyInfo property in type.GetProperties(seen))
        {
            if (property.GetIndexParameters().Length > 0 || !typeof(IHandle).IsAssignableFrom(property.PropertyType)
                || property.GetValue(handle) is not IHandle part)
            {
                continue;
            }

            string name = prefix + property.Name;
            if (IsCell(property.PropertyType))
            {
                yield return new HandleField(name, (int)part.Address, BytesOf(property.PropertyType));
                continue;
            }

            foreach (HandleField cell in Cells(property.PropertyType, part, name + ".", depth + 1))
            {
                yield return cell;
            }
        }
    }

    private static bool IsCell(Type type)
        => type.IsGenericType && type.GetGenericTypeDefinition() is { } open
            && (open == typeof(Atomic<>) || open == typeof(Plain<>));

    private static int BytesOf(Type type)
        => (int)type.GetProperty(nameof(IHandle.Bytes), BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    // A handle at address 0: the address of each part is its offset. A lock's handle also wants its class.
    private static object? AtZero(Type type)
    {
        ConstructorInfo? constructor = type.GetConstructors()
            .FirstOrDefault(made => made.GetParameters() is [{ } first, ..] && first.ParameterType == typeof(nint));
        return constructor?.Invoke([(nint)0, .. constructor.GetParameters().Skip(1).Select(Default)]);
    }

    private static object? Default(ParameterInfo parameter)
        => parameter.ParameterType.IsValueType ? Activator.CreateInstance(parameter.ParameterType) : null;
}
