using System.Collections.Generic;
using System.Linq;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Stress.Machine.Twins;

/// <summary>Finds what cannot be twinned, so that the message stands at the model's line and says what to do.</summary>
internal static class TwinFaults
{
    /// <summary>What is wrong with the type that a method with a cpu stands in.</summary>
    public static IEnumerable<TwinFault> OfType(TypeDeclarationSyntax type)
        => from outer in type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>()
           where !outer.Modifiers.Any(SyntaxKind.PartialKeyword)
           select new TwinFault(TwinFault.NotPartial, outer.Identifier, outer.Identifier.Text);

    /// <summary>What is wrong with a type that has a cpu for a parameter, so that its methods have none of their own.
    /// </summary>
    public static IEnumerable<TwinFault> OfTypeParameters(TypeDeclarationSyntax type, SemanticModel model)
    {
        foreach (TypeParameterConstraintClauseSyntax clause in type.ConstraintClauses)
        {
            if (clause.Constraints.OfType<TypeConstraintSyntax>()
                .Any(bound => CpuMethods.IsCpuInterface(model.GetTypeInfo(bound.Type).Type)))
            {
                yield return new TwinFault(TwinFault.TypeIsGeneric, clause, clause.Name.Identifier.Text);
            }
        }
    }

    /// <summary>What is wrong with a method that takes a cpu.</summary>
    public static IEnumerable<TwinFault> OfMethod(MethodDeclarationSyntax method, SemanticModel model)
    {
        string name = method.Identifier.Text;
        SyntaxNode? body = (SyntaxNode?)method.Body ?? method.ExpressionBody;
        if (body is null && method.Parent is not InterfaceDeclarationSyntax)
        {
            yield return new TwinFault(TwinFault.NoBody, method, name);
        }

        if (method.Modifiers.Any(SyntaxKind.AsyncKeyword))
        {
            yield return new TwinFault(TwinFault.Asynchronous, method.Identifier, name);
        }

        if (method.ReturnType is RefTypeSyntax or PointerTypeSyntax || IsByRefLike(method.ReturnType, model))
        {
            yield return new TwinFault(TwinFault.Returned, method.ReturnType, name);
        }

        foreach (ParameterSyntax parameter in method.ParameterList.Parameters)
        {
            bool isByReference = parameter.Modifiers.Any(modifier => modifier.Kind()
                is SyntaxKind.RefKeyword or SyntaxKind.OutKeyword or SyntaxKind.InKeyword);
            if (isByReference || parameter.Type is PointerTypeSyntax or FunctionPointerTypeSyntax
                || IsByRefLike(parameter.Type, model))
            {
                yield return new TwinFault(TwinFault.ByReference, parameter, parameter.Identifier.Text);
            }
        }

        if (CpuMethods.FirstCapture(method, model) is { } capture)
        {
            yield return new TwinFault(TwinFault.Captured, capture, capture.ToString());
        }

        if (body is not null)
        {
            foreach (TwinFault fault in OfBody(body, name, model))
            {
                yield return fault;
            }
        }
    }

    private static IEnumerable<TwinFault> OfBody(SyntaxNode body, string name, SemanticModel model)
    {
        foreach (SyntaxNode node in body.DescendantNodes(inner
            => inner is not (AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax)))
        {
            switch (node)
            {
                case YieldStatementSyntax:
                    yield return new TwinFault(TwinFault.Iterator, node, name);
                    break;

                case VariableDeclarationSyntax local when local.Type is RefTypeSyntax || IsByRefLike(local.Type, model):
                    yield return new TwinFault(TwinFault.RefLocal, node, local.Variables[0].Identifier.Text);
                    break;

                case LockStatementSyntax or UnsafeStatementSyntax or FixedStatementSyntax
                    or CatchFilterClauseSyntax or FinallyClauseSyntax
                    when CpuMethods.Awaited(node, model).FirstOrDefault() is { } inside:
                    yield return new TwinFault(TwinFault.BadPlace, inside, inside.ToString());
                    break;

                case ConditionalAccessExpressionSyntax conditional
                    when CpuMethods.Awaited(conditional.WhenNotNull, model).FirstOrDefault() is { } conditionally:
                    yield return new TwinFault(TwinFault.BadPlace, conditionally, conditionally.ToString());
                    break;
            }
        }
    }

    private static bool IsByRefLike(TypeSyntax? type, SemanticModel model)
        => type is not null && model.GetTypeInfo(type).Type is { IsRefLikeType: true };
}
