using Stress.CommandLine;
using Stress.Scenarios;

namespace Stress;

internal static class Program
{
    private static int Main(string[] args) => new CommandTree(Catalog.All).Run(args);
}
