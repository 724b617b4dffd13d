using System.Globalization;
using System.Linq;
using Stress.Simulation;

namespace Stress.Reporting;

/// <summary>The lines that CPUs fight for, as <c>perf c2c</c> prints them, but counted and not sampled.</summary>
internal static class LineTable
{
    private const int Lines = 8;
    private const int Words = 6;

    public static void Write(Output output, SimulationResult run)
    {
        long hitm = run.Lines.Sum(line => line.HitmLocal + line.HitmRemote);
        output.Line();
        output.Line("Shared Data Cache Line Table");
        var table = new TextTable(
            ">Index", "Cacheline", ">Lines", ">Hitm%", ">LclHitm", ">RmtHitm", ">Stores", ">L1Hit", ">L1Miss", ">Lost/op");
        LineReport[] worst = [.. run.Lines.Take(Lines)];
        for (int i = 0; i < worst.Length; i++)
        {
            LineReport line = worst[i];
            table.Add(
                i.ToString(CultureInfo.InvariantCulture), Name(line), Figures.Count(line.Lines),
                Figures.Share(line.HitmLocal + line.HitmRemote, hitm),
                Figures.Count(line.HitmLocal), Figures.Count(line.HitmRemote),
                Figures.Count(line.StoreHits + line.StoreMisses), Figures.Count(line.StoreHits),
                Figures.Count(line.StoreMisses), Figures.Nanoseconds(line.Lost / 1000.0 / run.Operations));
        }

        output.Write(table);
        foreach ((LineReport line, int index) in worst.Take(2).Select((line, index) => (line, index)))
        {
            WritePareto(output, run, line, index);
        }
    }

    /// <summary>The object, and where in it the line begins.</summary>
    internal static string Name(LineReport line)
        => line.Offset < 0 ? $"{line.Name}-{-line.Offset}" : $"{line.Name}+{line.Offset}";

    private static void WritePareto(Output output, SimulationResult run, LineReport line, int index)
    {
        output.Line();
        output.Line($"Pareto of line {index}: {Name(line)}");
        var table = new TextTable(
            ">RmtHitm", ">LclHitm", ">L1Hit", ">L1Miss", ">Off", "Field", "Operation", ">Loads", ">Load ns", ">Lost/op");
        foreach (WordReport word in line.Words.Take(Words))
        {
            table.Add(
                Figures.Share(word.HitmRemote, line.HitmRemote), Figures.Share(word.HitmLocal, line.HitmLocal),
                Figures.Share(word.StoreHits, line.StoreHits), Figures.Share(word.StoreMisses, line.StoreMisses),
                $"0x{word.Offset - line.Offset:x}", word.Field, word.Operation, Figures.Count(word.Loads),
                word.Loads == 0 ? "-" : Figures.Count(word.LoadLost / 1000.0 / word.Loads),
                Figures.Nanoseconds(word.Lost / 1000.0 / run.Operations));
        }

        output.Write(table);
    }
}
