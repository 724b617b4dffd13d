using System;
using System.IO;
using System.Linq;
using Xunit;

namespace Stress.Simulation.Tests;

public sealed class MachineFileTests
{
    private const string Name = "broadwell-ep-2s";

    public static TheoryData<string> Machines => [.. MachineLibrary.Names];

    [Theory]
    [MemberData(nameof(Machines))]
    public void Library_EachMachine_LoadsWithASourceForEachNumber(string name)
    {
        string[] lines = File.ReadAllLines(PathOf(name));

        MachineModel machine = MachineLibrary.Load(name);

        int numbers = lines.Count(line => line.Length > 0 && line[0] != '#'
            && !line.StartsWith("title", StringComparison.Ordinal)
            && !line.StartsWith("protocol", StringComparison.Ordinal));
        Assert.Equal(numbers, machine.Sources.Count);
        Assert.All(machine.Sources.Values, source => Assert.True(source.Length > 5, source));
        Assert.Equal(machine.Cores * machine.ThreadsPerCore, machine.Cpus);
    }

    [Theory]
    [MemberData(nameof(Machines))]
    public void CoreOf_AllCpus_GivesEachCoreItsThreads(string name)
    {
        MachineModel machine = MachineLibrary.Load(name);

        int[] cores = [.. Enumerable.Range(0, machine.Cpus).Select(machine.CoreOf)];

        Assert.All(cores.GroupBy(core => core), threads => Assert.Equal(machine.ThreadsPerCore, threads.Count()));
        Assert.Equal(machine.Cores, cores.Distinct().Count());
        Assert.Equal(machine.Cores, cores.Take(machine.Cores).Distinct().Count());
    }

    [Fact]
    public void Library_Names_AreThoseOfTheDocumentation()
        => Assert.Equal(
            [
                "broadwell-ep-2s", "ice-lake-sp-2s", "neoverse-n1", "neoverse-v1", "skylake-sp-2s", "zen2-2s",
                "zen3-2s", "zen4-2s", "zen5",
            ],
            MachineLibrary.Names);

    [Theory]
    [InlineData("cas-near-ns", "", "cas-near-ns is missing")]
    [InlineData("l1-bytes", "l1-bytes -1 | none", "l1-bytes is '-1'; it is a whole number from 64")]
    [InlineData("l2-bytes", "l2-bytes 1.5 | none", "l2-bytes is '1.5'; it is a whole number")]
    [InlineData("protocol", "protocol dragon", "protocol is 'dragon'; known are mesif, moesi")]
    [InlineData("l3-ns", "l3-ns 14", "l3-ns has no source")]
    [InlineData("l3-ns", "l3-ns", "l3-ns has no value")]
    [InlineData("l3-ns", "l3-ns -3 | none", "l3-ns is negative")]
    [InlineData("l3-ns", "l3-ns fast | none", "l3-ns is 'fast', which is no number")]
    [InlineData("l3-ns", "l3-ns NaN | none", "l3-ns is 'NaN', which is no number")]
    [InlineData("cas-remote-ns", "cas-remote-ns 2 | none", "cas-remote-ns is less than atomic-ns")]
    [InlineData("smt-slowdown", "smt-slowdown 0.5 | none", "smt-slowdown is a ratio of at least 1")]
    [InlineData("fetches-pairs", "fetches-pairs maybe | none", "fetches-pairs is 'maybe'; write yes or no")]
    [InlineData("pair-requests", "pair-requests 17 | none", "pair-requests is '17'; it is a whole number from 1 to 16")]
    [InlineData("sockets", "sockets 16 | none\nl9-ns 3 | none", "l9-ns is no field of a machine")]
    [InlineData("sockets", "sockets 2 | none\nsockets 2 | none", "sockets is given twice")]
    [InlineData("sockets", "sockets 0 | none", "sockets is '0'; it is a whole number from 1 to 16")]
    [InlineData("cores-per-l3", "cores-per-l3 129 | none", "cores-per-l3 is '129'; it is a whole number from 1 to 128")]
    public void Read_WrongField_NamesFileLineAndField(string field, string replacement, string expected)
    {
        string[] lines = File.ReadAllText(PathOf(Name)).TrimEnd().Split('\n');
        int number = Array.FindIndex(lines, line => line.Split(' ')[0] == field);
        lines[number] = replacement;

        MachineFileException thrown = Assert.Throws<MachineFileException>(
            () => MachineFile.Read("mine", "mine.machine", string.Join('\n', lines)));

        // What is missing is missing at the end of the file.
        int line = replacement.Length == 0 ? lines.Length : number + 1 + replacement.Count(c => c == '\n');
        Assert.StartsWith($"mine.machine: line {line}: ", thrown.Message, StringComparison.Ordinal);
        Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', thrown.Message);
    }

    [Fact]
    public void Load_NoSuchFile_NamesTheMachinesThatThereAre()
        => Assert.Contains(
            "broadwell-ep-2s",
            Assert.Throws<MachineFileException>(() => MachineLibrary.Load("no-such-machine")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Load_OwnFile_IsNamedAfterIt()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "mine.machine");
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            File.Copy(PathOf(Name), path);

            Assert.Equal("mine", MachineLibrary.Load(path).Name);
        }
        finally
        {
            System.IO.Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }

    private static string PathOf(string name)
    {
        string? folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder!, "Stress.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return Path.Combine(folder!, "src", "Stress.Simulation", "Machines", "Data", name + MachineLibrary.Extension);
    }
}
