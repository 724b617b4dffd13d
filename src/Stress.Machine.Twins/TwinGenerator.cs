using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Stress.Machine.Twins;

/// <summary>Gives every model method that takes a CPU a coroutine twin, <c>NameAsync</c>.</summary>
/// <remarks>
/// The twin is the method's own text in which each call that is handed the CPU is awaited. So the native machine runs
/// what was written, and the explored machine can stop a task at any access without a thread of its own.
/// </remarks>
[Generator]
public sealed class TwinGenerator : IIncrementalGenerator
{
    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValuesProvider<TwinFile> files = context.SyntaxProvider
            .CreateSyntaxProvider(
                static (node, _) => node is TypeDeclarationSyntax type && MayTakeCpu(type),
                static (found, cancel)
                    => TwinWriter.Write((TypeDeclarationSyntax)found.Node, found.SemanticModel, cancel))
            .Where(static file => !file.IsEmpty);

        context.RegisterSourceOutput(files, static (output, file) =>
        {
            foreach (TwinFault fault in file.Faults)
            {
                output.ReportDiagnostic(fault.ToDiagnostic());
            }

            // Nothing is emitted for a type with a fault: the message should not drown in what follows from it.
            if (file.Faults.IsEmpty)
            {
                output.AddSource(file.Name, file.Text);
            }
        });
    }

    private static bool MayTakeCpu(TypeDeclarationSyntax type)
        => type.ConstraintClauses.Count > 0 || type.Members.Any(member => member
            is MethodDeclarationSyntax { TypeParameterList: not null, ParameterList.Parameters.Count: > 0 });
}
