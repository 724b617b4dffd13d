using System.IO;
using System.Linq;
using System.Text.Json;

namespace Stress.Results;

/// <summary>The ledger on disk, beside the runs.</summary>
public static class LedgerFile
{
    /// <summary>Reads it. One that cannot be read is put aside, and made again from the nights that are there.
    /// </summary>
    /// <param name="parent">Where runs go.</param>
    /// <returns>The ledger, and what was wrong in one line; null for nothing.</returns>
    /// <exception cref="IOException">It cannot be put aside.</exception>
    public static (Ledger Ledger, string? Wrong) Read(string parent)
    {
        string path = Path.Combine(parent, Ledger.Name);
        if (!File.Exists(path))
        {
            return (new Ledger(), null);
        }

        try
        {
            Ledger ledger = ResultsJson.ReadLedger(File.ReadAllText(path));
            if (ledger.Schema == Ledger.CurrentSchema)
            {
                return (ledger, null);
            }
        }
        catch (JsonException)
        {
            // What comes next.
        }

        string aside = $"{path}.unreadable";
        File.Move(path, aside, overwrite: true);
        return (FromRuns(parent), $"{path} cannot be read: it is now {aside}, and was made again from the nights");
    }

    /// <summary>Writes it, as a whole.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string parent, Ledger ledger)
        => AtomicFile.WriteAllText(Path.Combine(parent, Ledger.Name), ResultsJson.Write(ledger));

    private static Ledger FromRuns(string parent)
        => StoredRun.All(parent)
            .Where(run => run.Summary.Night is { Shards: 1 } && run.Summary.State == RunStates.Finished)
            .Aggregate(new Ledger(), (ledger, run) => ledger.With(run.Summary.Night!.Plan, run.Summary));
}
