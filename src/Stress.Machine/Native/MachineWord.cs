using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Stress.Machine.Native;

/// <summary>The host's instructions on words of 1, 2, 4 and 8 bytes at an address.</summary>
/// <remarks>
/// The branches on the size are constants of the type and leave no code. Reads that ask for no order use the acquire
/// instruction, and writes the release one: on x86 they are the same plain moves, and on arm64 they only order more.
/// Every read-modify-write is fully ordered on both.
/// </remarks>
internal static unsafe class MachineWord
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load<T>(nint at) where T : unmanaged => sizeof(T) switch
    {
        1 => Unsafe.BitCast<byte, T>(Volatile.Read(ref *(byte*)at)),
        2 => Unsafe.BitCast<ushort, T>(Volatile.Read(ref *(ushort*)at)),
        4 => Unsafe.BitCast<uint, T>(Volatile.Read(ref *(uint*)at)),
        8 => Unsafe.BitCast<ulong, T>(Volatile.Read(ref *(ulong*)at)),
        _ => throw NoWord<T>(),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(nint at, T value) where T : unmanaged
    {
        switch (sizeof(T))
        {
            case 1:
                Volatile.Write(ref *(byte*)at, Unsafe.BitCast<T, byte>(value));
                break;
            case 2:
                Volatile.Write(ref *(ushort*)at, Unsafe.BitCast<T, ushort>(value));
                break;
            case 4:
                Volatile.Write(ref *(uint*)at, Unsafe.BitCast<T, uint>(value));
                break;
            case 8:
                Volatile.Write(ref *(ulong*)at, Unsafe.BitCast<T, ulong>(value));
                break;
            default:
                throw NoWord<T>();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Exchange<T>(nint at, T value) where T : unmanaged => sizeof(T) switch
    {
        1 => Unsafe.BitCast<byte, T>(Interlocked.Exchange(ref *(byte*)at, Unsafe.BitCast<T, byte>(value))),
        2 => Unsafe.BitCast<ushort, T>(Interlocked.Exchange(ref *(ushort*)at, Unsafe.BitCast<T, ushort>(value))),
        4 => Unsafe.BitCast<uint, T>(Interlocked.Exchange(ref *(uint*)at, Unsafe.BitCast<T, uint>(value))),
        8 => Unsafe.BitCast<ulong, T>(Interlocked.Exchange(ref *(ulong*)at, Unsafe.BitCast<T, ulong>(value))),
        _ => throw NoWord<T>(),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T CompareExchange<T>(nint at, T expected, T value) where T : unmanaged => sizeof(T) switch
    {
        1 => Unsafe.BitCast<byte, T>(Interlocked.CompareExchange(
            ref *(byte*)at, Unsafe.BitCast<T, byte>(value), Unsafe.BitCast<T, byte>(expected))),
        2 => Unsafe.BitCast<ushort, T>(Interlocked.CompareExchange(
            ref *(ushort*)at, Unsafe.BitCast<T, ushort>(value), Unsafe.BitCast<T, ushort>(expected))),
        4 => Unsafe.BitCast<uint, T>(Interlocked.CompareExchange(
            ref *(uint*)at, Unsafe.BitCast<T, uint>(value), Unsafe.BitCast<T, uint>(expected))),
        8 => Unsafe.BitCast<ulong, T>(Interlocked.CompareExchange(
            ref *(ulong*)at, Unsafe.BitCast<T, ulong>(value), Unsafe.BitCast<T, ulong>(expected))),
        _ => throw NoWord<T>(),
    };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FetchAdd<T>(nint at, T addend) where T : unmanaged
    {
        unchecked
        {
            if (sizeof(T) == 4)
            {
                uint increment = Unsafe.BitCast<T, uint>(addend);
                return Unsafe.BitCast<uint, T>(Interlocked.Add(ref *(uint*)at, increment) - increment);
            }

            if (sizeof(T) == 8)
            {
                ulong increment = Unsafe.BitCast<T, ulong>(addend);
                return Unsafe.BitCast<ulong, T>(Interlocked.Add(ref *(ulong*)at, increment) - increment);
            }
        }

        return FetchAddSmall(at, addend);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FetchOr<T>(nint at, T bits) where T : unmanaged
    {
        if (sizeof(T) == 4)
        {
            return Unsafe.BitCast<uint, T>(Interlocked.Or(ref *(uint*)at, Unsafe.BitCast<T, uint>(bits)));
        }

        if (sizeof(T) == 8)
        {
            return Unsafe.BitCast<ulong, T>(Interlocked.Or(ref *(ulong*)at, Unsafe.BitCast<T, ulong>(bits)));
        }

        return FetchOrSmall(at, bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FetchAnd<T>(nint at, T bits) where T : unmanaged
    {
        if (sizeof(T) == 4)
        {
            return Unsafe.BitCast<uint, T>(Interlocked.And(ref *(uint*)at, Unsafe.BitCast<T, uint>(bits)));
        }

        if (sizeof(T) == 8)
        {
            return Unsafe.BitCast<ulong, T>(Interlocked.And(ref *(ulong*)at, Unsafe.BitCast<T, ulong>(bits)));
        }

        return FetchAndSmall(at, bits);
    }

    /// <summary>The word's bits, widened with zeroes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Bits<T>(T value) where T : unmanaged => sizeof(T) switch
    {
        1 => Unsafe.BitCast<T, byte>(value),
        2 => Unsafe.BitCast<T, ushort>(value),
        4 => Unsafe.BitCast<T, uint>(value),
        8 => Unsafe.BitCast<T, ulong>(value),
        _ => throw NoWord<T>(),
    };

    /// <summary>The word with the low bits of <paramref name="bits"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T FromBits<T>(ulong bits) where T : unmanaged
    {
        unchecked
        {
            return sizeof(T) switch
            {
                1 => Unsafe.BitCast<byte, T>((byte)bits),
                2 => Unsafe.BitCast<ushort, T>((ushort)bits),
                4 => Unsafe.BitCast<uint, T>((uint)bits),
                8 => Unsafe.BitCast<ulong, T>(bits),
                _ => throw NoWord<T>(),
            };
        }
    }

    // The host has no 1- and 2-byte forms of these three that return the old value.
    private static T FetchAddSmall<T>(nint at, T addend) where T : unmanaged
    {
        T before = Load<T>(at);
        while (true)
        {
            T seen = CompareExchange(at, before, FromBits<T>(unchecked(Bits(before) + Bits(addend))));
            if (Bits(seen) == Bits(before))
            {
                return before;
            }

            before = seen;
        }
    }

    private static T FetchOrSmall<T>(nint at, T bits) where T : unmanaged
    {
        T before = Load<T>(at);
        while (true)
        {
            T seen = CompareExchange(at, before, FromBits<T>(Bits(before) | Bits(bits)));
            if (Bits(seen) == Bits(before))
            {
                return before;
            }

            before = seen;
        }
    }

    private static T FetchAndSmall<T>(nint at, T bits) where T : unmanaged
    {
        T before = Load<T>(at);
        while (true)
        {
            T seen = CompareExchange(at, before, FromBits<T>(Bits(before) & Bits(bits)));
            if (Bits(seen) == Bits(before))
            {
                return before;
            }

            before = seen;
        }
    }

    private static NotSupportedException NoWord<T>()
        => new($"{typeof(T)} is no machine word: cells have 1, 2, 4 or 8 bytes.");
}
