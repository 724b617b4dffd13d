using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Stress.Machine.Twins;

/// <summary>Methods that do nothing but call another one: their twin hands out the other's flow, and needs no frame.
/// </summary>
internal static class TailCalls
{
    /// <summary>The call that is all of a method; null where there is more, or where the call must be awaited.</summary>
    public static InvocationExpressionSyntax? Of(MethodDeclarationSyntax method, SemanticModel model)
        => OnlyExpression(method) is InvocationExpressionSyntax call && CpuMethods.HandsCpuOn(call, model)
            && CpuMethods.Awaited(call, model).Count() == 1 && HasResultOf(method, call, model) ? call : null;

    /// <summary>The body with the call of the other twin.</summary>
    public static SyntaxNode Rewritten(SyntaxNode body, InvocationExpressionSyntax tail)
    {
        InvocationExpressionSyntax call = tail.WithExpression(AwaitRewriter.Renamed(tail.Expression));
        if (tail.Parent is not ExpressionStatementSyntax statement)
        {
            return body.ReplaceNode(tail, call);
        }

        return body.ReplaceNode(
            statement,
            ReturnStatement(call.WithoutLeadingTrivia())
                .WithReturnKeyword(Token(SyntaxKind.ReturnKeyword).WithTrailingTrivia(Space))
                .WithTriviaFrom(statement));
    }

    private static ExpressionSyntax? OnlyExpression(MethodDeclarationSyntax method)
        => method.ExpressionBody?.Expression
            ?? (method.Body is { Statements: { Count: 1 } statements } ? ExpressionOf(statements[0]) : null);

    private static ExpressionSyntax? ExpressionOf(StatementSyntax statement) => statement switch
    {
        ReturnStatementSyntax { Expression: { } returned } => returned,
        ExpressionStatementSyntax { Expression: var called } => called,
        _ => null,
    };

    private static bool HasResultOf(
        MethodDeclarationSyntax method, InvocationExpressionSyntax call, SemanticModel model)
        => SymbolEqualityComparer.Default.Equals(
            model.GetTypeInfo(method.ReturnType).Type, (model.GetSymbolInfo(call).Symbol as IMethodSymbol)?.ReturnType);
}
