using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Stress.Simulation;

/// <summary>Reads the description of a machine.</summary>
/// <remarks>
/// One field a line; what stands behind the bar is where the number comes from, and no number goes without.
/// <code>
/// # a comment
/// title          2x Intel Xeon E5-2690 v4
/// protocol       mesif
/// l1-ns          1.25   | 4 cycles at 3.2 GHz: ...
/// work do_user_addr_fault   1500   | ...
/// </code>
/// Times are in nanoseconds, sizes in bytes.
/// </remarks>
internal sealed class MachineFile
{
    private readonly string _file;
    private readonly Dictionary<string, Field> _fields = [];
    private readonly HashSet<string> _used = [];
    private readonly int _lines;

    private MachineFile(string file, string text)
    {
        _file = file;
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        _lines = lines.Length;
        for (int i = 0; i < lines.Length; i++)
        {
            Add(lines[i].Trim(), i + 1);
        }
    }

    /// <summary>Reads a machine.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="file">The file, for messages.</param>
    /// <param name="text">What the file holds.</param>
    /// <exception cref="MachineFileException">It is wrong.</exception>
    public static MachineModel Read(string name, string file, string text) => new MachineFile(file, text).Build(name);

    private void Add(string line, int number)
    {
        if (line.Length == 0 || line[0] == '#')
        {
            return;
        }

        string[] halves = line.Split('|', 2, StringSplitOptions.TrimEntries);
        string[] words = halves[0].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        bool isWork = words[0] == "work";
        int keyWords = isWork ? 2 : 1;
        string key = string.Join(' ', words.Take(keyWords));
        string value = string.Join(' ', words.Skip(keyWords));
        if (value.Length == 0)
        {
            throw Wrong(number, key, "has no value");
        }

        if (!_fields.TryAdd(key, new Field(value, halves.Length > 1 ? halves[1] : "", number)))
        {
            throw Wrong(number, key, $"is given twice, first in line {_fields[key].Line}");
        }
    }

    private MachineModel Build(string name)
    {
        long atomic = Time("atomic-ns");
        var machine = new MachineModel
        {
            Name = name,
            Title = Text("title"),
            Protocol = Word("protocol", CoherenceProtocol.Mesif, CoherenceProtocol.Moesi),
            Sockets = Count("sockets", 1, 16),
            L3PerSocket = Count("l3-per-socket", 1, 32),
            CoresPerL3 = Count("cores-per-l3", 1, 128),
            ThreadsPerCore = Count("threads-per-core", 1, 8),
            L1Bytes = Count("l1-bytes", 64, 1 << 30),
            L2Bytes = Count("l2-bytes", 64, 1 << 30),
            L1Hit = Time("l1-ns"),
            L2Hit = Time("l2-ns"),
            L3Hit = Time("l3-ns"),
            DramLocal = Time("dram-local-ns"),
            DramRemote = OptionalTime("dram-remote-ns") ?? Time("dram-local-ns"),
            Atomic = atomic,
            SiblingHandOver = Math.Max(0, (OptionalTime("cas-core-ns") ?? atomic) - atomic),
            Transfers = Transfers(atomic),
            FarHome = OptionalTime("cas-far-home-ns") - atomic,
            LoadTakesOverNear = OptionalFlag("load-takes-over-near") ?? false,
            FarAtomic = OptionalTime("far-atomic-ns"),
            FarAtomicBusy = OptionalTime("far-atomic-busy-ns") ?? 0,
            ServesSibling = OptionalFlag("serves-sibling") ?? false,
            Burst = OptionalTime("burst-ns") ?? 0,
            Overlap = OptionalTime("overlap-ns") ?? 0,
            StoreBuffer = Count("store-buffer", 1, 1024),
            SmtSlowdown = Ratio("smt-slowdown"),
            FetchesPairs = OptionalFlag("fetches-pairs") ?? false,
            PairsAsDemand = OptionalFlag("pairs-as-demand") ?? true,
            PairRequests = OptionalCount("pair-requests", 1, PairPrefetchers.MostRequests) ?? 1,
            ContextSwitch = Time("context-switch-ns"),
            WakeLatency = Time("wake-ns"),
            Work = _fields.Keys.Where(key => key.StartsWith("work ", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal).ToDictionary(key => key[5..], Time),
            Sources = _fields.Where(field => field.Value.Source.Length > 0)
                .ToDictionary(field => field.Key, field => field.Value.Source),
        };
        foreach ((string key, Field field) in _fields)
        {
            if (!_used.Contains(key))
            {
                throw Wrong(field.Line, key, "is no field of a machine; see docs/simulation.md");
            }
        }

        if (machine.Cores > MaxCores)
        {
            throw Wrong(
                _fields["cores-per-l3"].Line, "cores-per-l3",
                $"makes {machine.Cores} cores; at most {MaxCores} are simulated");
        }

        return machine;
    }

    /// <summary>Cores that the sharers of a line are kept for.</summary>
    public const int MaxCores = 256;

    private TransferCost[] Transfers(long atomic)
    {
        TransferCost near = Transfer("near", atomic, null);
        TransferCost socket = Transfer("socket", atomic, near);
        TransferCost remote = Transfer("remote", atomic, socket);
        return [default, near, socket, remote];
    }

    // A hand-off by compare-and-exchange is one transfer for writing and the instruction itself.
    private TransferCost Transfer(string distance, long atomic, TransferCost? otherwise)
    {
        long? hand = otherwise is null ? Time($"cas-{distance}-ns") : OptionalTime($"cas-{distance}-ns");
        if (hand is null)
        {
            return otherwise!.Value;
        }

        long own = Positive($"cas-{distance}-ns", hand.Value - atomic, "is less than atomic-ns");
        long load = OptionalTime($"load-modified-{distance}-ns") ?? own;
        return new TransferCost(load, OptionalTime($"load-clean-{distance}-ns") ?? load, own, own);
    }

    private long Positive(string key, long value, string otherwise)
        => value > 0 ? value : throw Wrong(_fields[key].Line, key, otherwise);

    private string Text(string key) => Find(key, isNumber: false).Text;

    private T Word<T>(string key, params ReadOnlySpan<T> words)
        where T : struct, Enum
    {
        Field field = Find(key, isNumber: false);
        foreach (T word in words)
        {
            if (string.Equals(word.ToString(), field.Text, StringComparison.OrdinalIgnoreCase))
            {
                return word;
            }
        }

        throw Wrong(field.Line, key, $"is '{field.Text}'; known are {string.Join(", ", Names(words))}");
    }

    private static IEnumerable<string> Names<T>(ReadOnlySpan<T> words)
        where T : struct, Enum
        => words.ToArray().Select(word => word.ToString().ToLowerInvariant());

    private bool? OptionalFlag(string key)
    {
        if (!_fields.ContainsKey(key))
        {
            return null;
        }

        Field field = Find(key, isNumber: true);
        return field.Text switch
        {
            "yes" => true,
            "no" => false,
            _ => throw Wrong(field.Line, key, $"is '{field.Text}'; write yes or no"),
        };
    }

    private int Count(string key, int least, int most)
    {
        Field field = Find(key, isNumber: true);
        return int.TryParse(field.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            && value >= least && value <= most ? value
            : throw Wrong(field.Line, key, $"is '{field.Text}'; it is a whole number from {least} to {most}");
    }

    private int? OptionalCount(string key, int least, int most)
        => _fields.ContainsKey(key) ? Count(key, least, most) : null;

    private double Ratio(string key)
    {
        double value = Number(key);
        return value >= 1 ? value : throw Wrong(_fields[key].Line, key, "is a ratio of at least 1");
    }

    private long Time(string key)
    {
        double value = Number(key);
        return value >= 0 ? (long)Math.Round(value * 1000) : throw Wrong(_fields[key].Line, key, "is negative");
    }

    private long? OptionalTime(string key) => _fields.ContainsKey(key) ? Time(key) : null;

    private double Number(string key)
    {
        Field field = Find(key, isNumber: true);
        return double.TryParse(field.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value) && Math.Abs(value) < 1e9 ? value
            : throw Wrong(field.Line, key, $"is '{field.Text}', which is no number");
    }

    private Field Find(string key, bool isNumber)
    {
        if (!_fields.TryGetValue(key, out Field field))
        {
            throw Wrong(_lines, key, "is missing");
        }

        _used.Add(key);
        return !isNumber || field.Source.Length > 0 ? field
            : throw Wrong(field.Line, key, "has no source; write it behind a '|'");
    }

    private MachineFileException Wrong(int line, string field, string what)
        => new($"{_file}: line {line}: {field} {what}");

    private readonly record struct Field(string Text, string Source, int Line);
}
