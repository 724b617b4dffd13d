using System.Collections.Immutable;
using System.IO;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Stress.Machine.Twins;
using Xunit;

namespace Stress.Machine.Tests.Twins;

/// <summary>Runs the twin generator on a piece of source.</summary>
internal static class Generator
{
    public const string Imports = "using Stress.Machine;\n";

    public static GeneratorDriverRunResult Run(string source)
    {
        string runtime = RuntimeEnvironment.GetRuntimeDirectory();
        ImmutableArray<MetadataReference> references =
        [
            MetadataReference.CreateFromFile(Path.Combine(runtime, "System.Private.CoreLib.dll")),
            MetadataReference.CreateFromFile(Path.Combine(runtime, "System.Runtime.dll")),
            MetadataReference.CreateFromFile(typeof(ICpu).Assembly.Location),
        ];
        var compilation = CSharpCompilation.Create(
            "sample",
            [CSharpSyntaxTree.ParseText(Imports + source, new CSharpParseOptions(LanguageVersion.Preview), "Sample.cs")],
            references,
            new CSharpCompilationOptions(
                OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

        Assert.DoesNotContain(compilation.GetDiagnostics(), found => found.Severity == DiagnosticSeverity.Error);
        return CSharpGeneratorDriver.Create(new TwinGenerator()).RunGenerators(compilation).GetRunResult();
    }
}
