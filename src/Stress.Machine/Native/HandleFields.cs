using System;
using System.Reflection;

namespace Stress.Machine.Native;

/// <summary>Names the fields of handle types by offset, for reports.</summary>
internal static class HandleFields
{
    /// <summary>The field at an offset, such as <c>.Lock.Count</c>; <c>+12</c> where there is none.</summary>
    public static string NameAt(Type type, int offset)
        => Activate(type) is { } handle ? NameAt(handle, offset) : Unnamed(offset);

    /// <summary>As <see cref="NameAt(Type, int)"/>, of a handle that lies anywhere.</summary>
    public static string NameAt(IHandle handle, int offset)
    {
        foreach (PropertyInfo property in handle.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (!typeof(IHandle).IsAssignableFrom(property.PropertyType) || property.GetIndexParameters().Length > 0)
            {
                continue;
            }

            var field = (IHandle)property.GetValue(handle)!;
            long within = handle.Address + offset - field.Address;
            if (within >= 0 && within < BytesOf(property.PropertyType))
            {
                string inner = NameAt(field, (int)within);
                return $".{property.Name}{(inner == Unnamed(0) ? "" : inner)}";
            }
        }

        return Unnamed(offset);
    }

    private static string Unnamed(int offset) => $"+{offset}";

    private static IHandle? Activate(Type type)
    {
        ConstructorInfo? constructor = type.GetConstructor([typeof(nint)]);
        return constructor?.Invoke([(nint)0]) as IHandle;
    }

    private static int BytesOf(Type type)
        => (int)(type.GetProperty("Bytes", BindingFlags.Public | BindingFlags.Static)?.GetValue(null) ?? 0);
}
