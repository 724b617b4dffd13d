using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Stress.Machine.Twins;

/// <summary>Tells what takes a CPU: a value of a type parameter that is constrained to <c>ICpu</c>.</summary>
internal static class CpuMethods
{
    public static bool IsCpu(ITypeSymbol? type)
        => type is ITypeParameterSymbol parameter && parameter.ConstraintTypes.Any(IsCpuInterface);

    public static bool IsCpuInterface(ITypeSymbol? type)
        => type is { Name: "ICpu", ContainingNamespace: { Name: "Machine", ContainingNamespace.Name: "Stress" } };

    public static bool TakesCpu(IMethodSymbol method) => method.Parameters.Any(parameter => IsCpu(parameter.Type));

    /// <summary>Whether a call is an access by the CPU itself, such as <c>cpu.Read(cell)</c>.</summary>
    /// <remarks>What <c>ICpuContext</c> offers is no access: it is called as it is.</remarks>
    public static bool IsAccess(InvocationExpressionSyntax call, SemanticModel model)
        => Callee(call, model) is { } method && IsCpuInterface(method.ContainingType);

    /// <summary>Whether a call hands the CPU on, to a method that has a twin as well.</summary>
    public static bool HandsCpuOn(InvocationExpressionSyntax call, SemanticModel model)
        => Callee(call, model) is { } method && TakesCpu((method.ReducedFrom ?? method).OriginalDefinition);

    /// <summary>The calls of a method that its twin awaits.</summary>
    public static IEnumerable<InvocationExpressionSyntax> Awaited(SyntaxNode body, SemanticModel model)
        => body.DescendantNodesAndSelf().OfType<InvocationExpressionSyntax>()
            .Where(call => IsAccess(call, model) || HandsCpuOn(call, model));

    /// <summary>The first use of a CPU where nothing can be awaited for the method, or null.</summary>
    public static ExpressionSyntax? FirstCapture(MethodDeclarationSyntax method, SemanticModel model)
        => method.DescendantNodes()
            .Where(node => node is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax
                or QueryExpressionSyntax)
            .SelectMany(function => function.DescendantNodes())
            .OfType<IdentifierNameSyntax>()
            .FirstOrDefault(name => model.GetSymbolInfo(name).Symbol is IParameterSymbol or ILocalSymbol
                && IsCpu(model.GetTypeInfo(name).Type));

    private static IMethodSymbol? Callee(InvocationExpressionSyntax call, SemanticModel model)
        => model.GetSymbolInfo(call).Symbol as IMethodSymbol;
}
