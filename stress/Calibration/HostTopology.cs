using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Stress.Machine.Native;
using Stress.Simulation;

namespace Stress.Calibration;

/// <summary>How the host's CPUs share cores, caches and sockets, as the kernel tells it under
/// <c>/sys/devices/system/cpu</c>.</summary>
internal sealed class HostTopology
{
    private const string Root = "/sys/devices/system/cpu";

    // What nearly every core has had for ten years, for a host whose hypervisor hides its caches: sizes only say how much
    // is to be walked through, so that a load comes from the cache that is meant.
    private static readonly Dictionary<int, int> s_assumed = new() { [1] = 32 << 10, [2] = 512 << 10, [3] = 32 << 20 };

    private readonly Dictionary<int, Place> _places;

    private HostTopology(Dictionary<int, Place> places, string model, string vendor)
    {
        _places = places;
        Model = model;
        Vendor = vendor;
    }

    /// <summary>Numbers of the CPUs that this process may use.</summary>
    public IReadOnlyList<int> Cpus => [.. _places.Keys.Order()];

    /// <summary>What the CPU calls itself.</summary>
    public string Model { get; }

    /// <summary>Who made it.</summary>
    public string Vendor { get; }

    /// <summary>Sockets.</summary>
    public int Sockets => _places.Values.Select(static place => place.Socket).Distinct().Count();

    /// <summary>L3 caches of a socket.</summary>
    public int L3PerSocket => Largest(static place => place.Socket, static place => place.L3);

    /// <summary>Cores of an L3 cache.</summary>
    public int CoresPerL3 => Largest(static place => place.L3, static place => place.Core);

    /// <summary>CPUs of a core that this process may use.</summary>
    public int ThreadsPerCore => _places.Values.GroupBy(static place => place.Core).Max(static core => core.Count());

    /// <summary>Bytes of a level of a core's caches.</summary>
    public int CacheBytes(int level) => _places[Cpus[0]].Bytes[level];

    /// <summary>Whether the kernel tells nothing of the caches, so that their sizes are assumed, and all cores of a socket
    /// count as those of one L3.</summary>
    public bool AreCachesAssumed => ReferenceEquals(_places[Cpus[0]].Bytes, s_assumed);

    /// <summary>How far two CPUs are from each other.</summary>
    public Distance DistanceOf(int cpu, int other)
    {
        Place one = _places[cpu];
        Place two = _places[other];
        return one.Core == two.Core ? Distance.Core
            : one.L3 == two.L3 ? Distance.Near
            : one.Socket == two.Socket ? Distance.Socket
            : Distance.Remote;
    }

    /// <summary>Asks the kernel.</summary>
    /// <exception cref="PlatformNotSupportedException">It does not tell: another system, or a container without
    /// <c>/sys</c>.</exception>
    public static HostTopology Read()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("only Linux tells which CPUs share which caches");
        }

        try
        {
            string[] about = File.Exists("/proc/cpuinfo") ? File.ReadAllLines("/proc/cpuinfo") : [];
            return new HostTopology(
                HostAffinity.ProcessCpus().ToDictionary(static cpu => cpu, PlaceOf),
                About(about, "model name", "CPU implementer"),
                About(about, "vendor_id", "CPU implementer"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new PlatformNotSupportedException(
                $"the kernel does not tell which CPUs share which caches: {e.Message}", e);
        }
    }

    private static Place PlaceOf(int cpu)
    {
        string folder = string.Create(CultureInfo.InvariantCulture, $"{Root}/cpu{cpu}");
        var bytes = new Dictionary<int, int>();
        string l3 = "";
        bool isTold = Directory.Exists($"{folder}/cache");
        foreach (string cache in isTold ? Directory.GetDirectories($"{folder}/cache", "index*") : [])
        {
            int level = int.Parse(Text($"{cache}/level"), CultureInfo.InvariantCulture);
            if (Text($"{cache}/type") != "Instruction")
            {
                bytes[level] = Bytes(Text($"{cache}/size"));
                l3 = level == 3 ? Text($"{cache}/shared_cpu_list") : l3;
            }
        }

        string socket = Text($"{folder}/topology/physical_package_id");
        return new Place(
            Text($"{folder}/topology/thread_siblings_list"), l3.Length > 0 ? l3 : $"socket {socket}", socket,
            isTold ? bytes : s_assumed);
    }

    private static int Bytes(string text) => text[^1] switch
    {
        'K' => int.Parse(text[..^1], CultureInfo.InvariantCulture) << 10,
        'M' => int.Parse(text[..^1], CultureInfo.InvariantCulture) << 20,
        _ => int.Parse(text, CultureInfo.InvariantCulture),
    };

    private static string Text(string file) => File.ReadAllText(file).Trim();

    private static string About(string[] lines, params string[] keys)
        => keys.Select(key => lines.FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)))
            .FirstOrDefault(static line => line is not null)?.Split(':', 2)[^1].Trim() ?? "unknown";

    private int Largest(Func<Place, string> group, Func<Place, string> member)
        => _places.Values.GroupBy(group).Max(places => places.Select(member).Distinct().Count());

    private sealed record Place(string Core, string L3, string Socket, IReadOnlyDictionary<int, int> Bytes);
}
