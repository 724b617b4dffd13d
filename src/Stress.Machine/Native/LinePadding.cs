using System.Runtime.InteropServices;

namespace Stress.Machine.Native;

/// <summary>Room behind the fields of an object that one thread writes all the time: the next object, another
/// thread's, then shares neither its cache line nor the pair that a prefetcher fetches.</summary>
[StructLayout(LayoutKind.Sequential, Size = Bytes)]
internal readonly struct LinePadding
{
    private const int Bytes = 128;
}
