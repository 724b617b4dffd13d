using System;
using System.IO;
using Xunit;

namespace Stress.Cli.Tests;

public sealed class UsageTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    [Theory]
    [InlineData("", "no command given", "explore")]
    [InlineData("exlpore", "unknown command 'exlpore'", "did you mean 'explore'?")]
    [InlineData("explore", "SCENARIO is missing", "stress list")]
    [InlineData("hammer", "SCENARIO is missing", "stress list")]
    [InlineData("replay", "TRACE is missing", "")]
    [InlineData("shrink", "TRACE is missing", "")]
    [InlineData("explore hugetlb/regon-add", "unknown scenario 'hugetlb/regon-add'", "mean 'hugetlb/region-add'?")]
    [InlineData("hammer region-add", "unknown scenario 'region-add'", "hugetlb/region-add")]
    [InlineData("explore hugetlb/region-add --variant v77", "unknown variant 'v77'", "'v7'")]
    [InlineData("explore hugetlb/region-add --variant nothing-like-it", "it has: ", "v7")]
    [InlineData("hammer hugetlb/region-add --threads -3", "--threads: '-3'", "from 1")]
    [InlineData("hammer hugetlb/region-add --threads 0", "--threads: '0'", "from 1")]
    [InlineData("hammer hugetlb/region-add --threads", "--threads", "")]
    [InlineData("hammer hugetlb/region-add --perturb 2", "--perturb: '2'", "0 to 1")]
    [InlineData("hammer hugetlb/region-add --fail-alloc -0.5", "--fail-alloc: '-0.5'", "0 to 1")]
    [InlineData("hammer hugetlb/region-add --duration 10", "--duration: '10'", "10s")]
    [InlineData("hammer hugetlb/region-add --duration 0s", "--duration: '0s'", "above 0")]
    [InlineData("hammer hugetlb/region-add --story-schedules 0", "--story-schedules: '0'", "from 1")]
    [InlineData("hammer hugetlb/region-add --watchdog soon", "--watchdog: 'soon'", "10s")]
    [InlineData("explore hugetlb/region-add --schedules 0", "--schedules: '0'", "from 1")]
    [InlineData("explore hugetlb/region-add --schedules many", "--schedules: 'many'", "whole number")]
    [InlineData("explore hugetlb/region-add --seed x", "--seed: 'x'", "0x")]
    [InlineData("explore hugetlb/region-add --workers 0", "--workers: '0'", "from 1")]
    [InlineData("explore hugetlb/region-add --pct-depth 0", "--pct-depth: '0'", "from 1")]
    [InlineData("explore hugetlb/region-add --strategy luck", "'luck' is not available", "random, pct")]
    [InlineData("explore hugetlb/region-add --engine other", "'other' is not available", "builtin, coyote")]
    [InlineData("explore hugetlb/region-add --strategy qlearning", "'qlearning' is not available with", "random, pct")]
    [InlineData("corpus --engine neither", "'neither' is not available", "builtin, coyote, both")]
    [InlineData("explore hugetlb/region-add --memory tso", "'tso' is not available", "sc, weak")]
    [InlineData("explore hugetlb/region-add --locks none", "--locks: 'none'", "atomic, real")]
    [InlineData("explore hugetlb/region-add --seeds 1", "unknown option '--seeds'", "did you mean '--seed'?")]
    [InlineData("explore locks/rwsem-priority --strategy exhaustive", "real-time priority", "--strategy portfolio")]
    [InlineData("explore hugetlb/region-add v7", "'v7' is one argument too many", "--help")]
    [InlineData("list scenario", "cannot list 'scenario'", "'scenarios'")]
    [InlineData("nightly --plan quik", "unknown plan 'quik'", "did you mean 'quick'?")]
    [InlineData("nightly --plan no/such/file.json", "no such file", "quick")]
    [InlineData("bench --threads 1000", "--threads: 1000 threads need a CPU each", "give at most")]
    [InlineData("bench --threads 1,x", "--threads: 'x'", "whole number")]
    [InlineData("bench --layouts stok", "unknown layout 'stok'", "did you mean 'stock'?")]
    [InlineData("bench --baseline no/such/run", "--baseline: there is no run 'no/such/run'", "")]
    [InlineData("bench --machine broadwell-ep-2s", "--machine: ", "--simulate")]
    [InlineData("bench --simulate --machine nowhere", "unknown machine 'nowhere'", "broadwell-ep-2s")]
    [InlineData("bench --passes 0", "--passes: '0'", "from 1")]
    [InlineData("bench FaultPath", "'FaultPath' is one argument too many", "--")]
    [InlineData("machine show nowhere", "unknown machine 'nowhere'", "broadwell-ep-2s")]
    [InlineData("machine calibrate --samples 1", "--samples: '1'", "from 4")]
    [InlineData("machine calibrate --sample 9", "unknown option '--sample'", "did you mean '--samples'?")]
    [InlineData("replay no/such/trace.json", "there is no trace 'no/such/trace.json'", "")]
    [InlineData("shrink no/such/trace.json", "there is no trace 'no/such/trace.json'", "")]
    public void Command_WrongArguments_IsOneLineAndExitCode2(string arguments, string what, string how)
    {
        Ended ended = StressProcess.Run(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Refusal.AssertRefused(ended, what, how);
    }

    [Theory]
    [InlineData("explore hugetlb/region-add")]
    [InlineData("hammer hugetlb/region-add")]
    [InlineData("nightly --plan quick")]
    public void Command_OutputFolderThatCannotBeMade_IsRefusedBeforeTheRun(string arguments)
    {
        string file = folder.Write("a-file", "in the way");

        Ended ended = StressProcess.Run([.. arguments.Split(' '), "--out", Path.Combine(file, "results")]);

        Refusal.AssertRefused(ended, "--out", "a-file");
    }

    [Theory]
    [InlineData("")]
    [InlineData("list")]
    [InlineData("explore")]
    [InlineData("hammer")]
    [InlineData("replay")]
    [InlineData("nightly")]
    [InlineData("bench")]
    [InlineData("machine")]
    [InlineData("machine calibrate")]
    public void Help_OfEachCommand_HasAnExampleAndTheExitCodes(string command)
    {
        Ended ended = StressProcess.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);

        Assert.Equal(0, ended.ExitCode);
        string examples = ended.Output[ended.Output.IndexOf("Examples", StringComparison.Ordinal)..];
        Assert.Contains($"  stress {command}".TrimEnd(), examples);
        Assert.Contains("130 interrupted", ended.Output);
        Assert.Empty(ended.ErrorLines);
    }
}
