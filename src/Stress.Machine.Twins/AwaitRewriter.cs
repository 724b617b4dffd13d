using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Stress.Machine.Twins;

/// <summary>Awaits each call that is handed the CPU. Lines stay lines, so the twin can borrow their numbers.</summary>
internal sealed class AwaitRewriter(SemanticModel model) : CSharpSyntaxRewriter
{
    public override SyntaxNode? VisitInvocationExpression(InvocationExpressionSyntax node)
    {
        bool isAwaited = CpuMethods.IsAccess(node, model) || CpuMethods.HandsCpuOn(node, model);
        var call = (InvocationExpressionSyntax)base.VisitInvocationExpression(node)!;
        if (!isAwaited)
        {
            return call;
        }

        ExpressionSyntax awaited = AwaitExpression(
            Token(SyntaxKind.AwaitKeyword).WithTrailingTrivia(Space),
            call.WithExpression(Renamed(call.Expression)).WithoutTrivia());
        if (node.Parent is MemberAccessExpressionSyntax or ElementAccessExpressionSyntax
            or ConditionalAccessExpressionSyntax or PostfixUnaryExpressionSyntax)
        {
            awaited = ParenthesizedExpression(awaited);
        }

        return awaited.WithLeadingTrivia(call.GetLeadingTrivia()).WithTrailingTrivia(call.GetTrailingTrivia());
    }

    /// <summary>The name of a callee's twin.</summary>
    public static ExpressionSyntax Renamed(ExpressionSyntax callee) => callee switch
    {
        MemberAccessExpressionSyntax member => member.WithName(Renamed(member.Name)),
        SimpleNameSyntax name => Renamed(name),
        _ => callee,
    };

    // Type arguments stay: a call that names them names the twin's CPU.
    private static SimpleNameSyntax Renamed(SimpleNameSyntax name)
        => name.WithIdentifier(Identifier(name.Identifier.Text + "Async").WithTriviaFrom(name.Identifier));
}
