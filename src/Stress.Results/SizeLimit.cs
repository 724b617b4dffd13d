using System;
using System.IO;

namespace Stress.Results;

/// <summary>A limit on the size of files, as <c>ulimit -f</c> sets it.</summary>
internal static class SizeLimit
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">The file, for the message.</param>
    /// <param name="write">Writes it.</param>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Heed(string path, Action write)
    {
        try
        {
            write();
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What the runtime makes of such a limit: no mistake of the caller's.
            throw new IOException($"'{path}' is larger than files may be here (see 'ulimit -f')", e);
        }
    }
}
