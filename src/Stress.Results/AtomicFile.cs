using System;
using System.IO;

namespace Stress.Results;

/// <summary>Files that are there as a whole or not at all.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file beside its place and moves it there, over an older one.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void WriteAllText(string path, string text)
    {
        string temporary = path + ".tmp";
        try
        {
            File.WriteAllText(temporary, text);
        }
        catch (ArgumentOutOfRangeException e)
        {
            // What the runtime makes of a limit on the size of files: no mistake of the caller's.
            throw new IOException($"'{path}' is larger than files may be here (see 'ulimit -f')", e);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
