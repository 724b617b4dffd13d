using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using Stress.Machine.Native;
using Stress.Simulation;
using Xunit;

namespace Stress.Cli.Tests;

public sealed class MachineTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    [Fact]
    public void Calibrate_WritesAMachineThatTheSimulatorReads()
    {
        Ended ended = StressProcess.Run("machine", "calibrate", "--samples", "4", "--out", folder.Location, "--json");
        if (!OperatingSystem.IsLinux() || HostAffinity.ProcessCpus().Count < 2)
        {
            Refusal.AssertRefused(ended, "calibrate: ");
            return;
        }

        Assert.True(ended.ExitCode == 0, ended.Errors);
        using var summary = JsonDocument.Parse(ended.Output);
        string file = Path.Combine(summary.RootElement.GetProperty("folder").GetString()!, "host.machine");
        MachineModel machine = MachineLibrary.Load(file);
        JsonElement[] fields =
        [
            .. summary.RootElement.GetProperty("items")[0].GetProperty("host").EnumerateArray(),
        ];
        Assert.True(machine.Cpus >= 2);
        Assert.Equal(Picoseconds(fields, "l1-ns"), machine.L1Hit);
        Assert.Equal(Picoseconds(fields, "atomic-ns"), machine.Atomic);
        Assert.Equal(Picoseconds(fields, "dram-local-ns"), machine.DramLocal);
        Assert.Equal(Picoseconds(fields, "work do_user_addr_fault"), machine.Work["do_user_addr_fault"]);
        Assert.All(
            fields.Where(field => field.GetProperty("field").GetString() is not ("title" or "protocol")),
            field => Assert.NotEqual("", field.GetProperty("source").GetString()));

        Ended shown = StressProcess.Run("machine", "show", file);

        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("fetch_add on a line that its core owns", shown.Output);
    }

    [Fact]
    public void List_NamesEachMachineOnce()
    {
        Ended ended = StressProcess.Run("machine", "list");

        Assert.Equal(0, ended.ExitCode);
        Assert.All(
            MachineLibrary.Names,
            name => Assert.Single(
                ended.Output.Split('\n'), line => line.StartsWith(name + " ", StringComparison.Ordinal)));
    }

    private static long Picoseconds(JsonElement[] fields, string name)
        => (long)Math.Round(1000 * double.Parse(
            fields.Single(field => field.GetProperty("field").GetString() == name).GetProperty("value").GetString()!,
            CultureInfo.InvariantCulture));
}
