using System.IO;
using System.IO.Compression;
using System.Linq;
using System.Xml.Linq;
using Xunit;

namespace Stress.Cli.Tests.Packages;

/// <summary>What is packed, and that somebody without the clone can write scenarios with it.</summary>
[Collection(Repository.Builds)]
public sealed class PackageTests(TemporaryFolder folder) : IClassFixture<TemporaryFolder>
{
    private static readonly string[] s_packed =
    [
        "Stress.Exploration", "Stress.Exploration.Coyote", "Stress.Locks", "Stress.Machine", "Stress.Mm", "Stress.Results",
    ];

    [Fact]
    public void Packages_InLocalFeed_AreAllThatAProjectOutsideOfTheCloneNeeds()
    {
        string feed = Path.Combine(folder.Location, "feed");
        foreach (string name in s_packed)
        {
            Succeed(DotnetProcess.Run(
                Repository.Root, "pack", Path.Combine("src", name), "-c", Repository.Configuration, "--no-build", "-o", feed));
        }

        AssertBringsTwins(Directory.GetFiles(feed, "Stress.Machine.?.*.nupkg").Single());
        string project = WriteProject();
        Succeed(DotnetProcess.Run(project, "build", "-c", "Release"));
        Ended proved = StressProcess.Run(
            "explore", "own/ticket-lock", "--strategy", "exhaustive", "--out", folder.Location,
            "--assembly", Path.Combine(project, "bin", "Release", "net10.0", "Outside.dll"));

        Assert.Equal(0, proved.ExitCode);
        Assert.Contains("verified: all ", proved.Output);
    }

    private static void AssertBringsTwins(string package)
    {
        using ZipArchive archive = ZipFile.OpenRead(package);
        string[] names = [.. archive.Entries.Select(entry => entry.FullName)];
        Assert.Contains("analyzers/dotnet/cs/Stress.Machine.Twins.dll", names);
        Assert.Contains("lib/net10.0/Stress.Machine.xml", names);
    }

    // The sample's sources, and nothing else of the clone: packages come from the feed, to a folder of their own, so that
    // none of an earlier run is taken.
    private string WriteProject()
    {
        string project = Directory.CreateDirectory(Path.Combine(folder.Location, "outside")).FullName;
        foreach (string source in Directory.GetFiles(Repository.PathOf("samples", "OwnLocks"), "*.cs"))
        {
            File.Copy(source, Path.Combine(project, Path.GetFileName(source)));
        }

        new XElement(
            "configuration",
            new XElement("config", Add("globalPackagesFolder", "../packages")),
            new XElement("packageSources", new XElement("clear"), Add("feed", "../feed")))
            .Save(Path.Combine(project, "nuget.config"));
        new XElement(
            "Project",
            new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement(
                "PropertyGroup",
                new XElement("TargetFramework", "net10.0"),
                new XElement("Nullable", "enable"),
                new XElement("NuGetAudit", "false"),
                new XElement("TreatWarningsAsErrors", "true")),
            new XElement(
                "ItemGroup",
                new XElement(
                    "PackageReference", new XAttribute("Include", "Stress.Machine"), new XAttribute("Version", "*")),
                new XElement(
                    "PackageReference", new XAttribute("Include", "Stress.Locks"), new XAttribute("Version", "*"))))
            .Save(Path.Combine(project, "Outside.csproj"));
        return project;
    }

    private static XElement Add(string key, string value)
        => new("add", new XAttribute("key", key), new XAttribute("value", value));

    private static void Succeed(Ended ended) => Assert.True(ended.ExitCode == 0, ended.Output + ended.Errors);
}
