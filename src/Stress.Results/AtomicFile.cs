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
        SizeLimit.Heed(path, () => File.WriteAllText(temporary, text));
        File.Move(temporary, path, overwrite: true);
    }
}
