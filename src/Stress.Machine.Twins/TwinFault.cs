using System;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace Stress.Machine.Twins;

/// <summary>Why a method can have no twin, and where that is written.</summary>
internal readonly struct TwinFault(DiagnosticDescriptor rule, Location place, string subject) : IEquatable<TwinFault>
{
    public static readonly DiagnosticDescriptor ByReference = Rule(
        "TWIN001", "parameter '{0}' is by reference, pointer or span: pass a handle by value, return a tuple");
    public static readonly DiagnosticDescriptor NotPartial = Rule(
        "TWIN002", "type '{0}' must be partial, as its methods take a cpu and get twins");
    public static readonly DiagnosticDescriptor Captured = Rule(
        "TWIN003", "'{0}' is used in a lambda, local function or query: make that a method that takes the cpu");
    public static readonly DiagnosticDescriptor NoBody = Rule(
        "TWIN004", "method '{0}' takes a cpu but has no body to make a twin of");
    public static readonly DiagnosticDescriptor Asynchronous = Rule(
        "TWIN005", "method '{0}' takes a cpu and is async already: write it as an ordinary method");
    public static readonly DiagnosticDescriptor Iterator = Rule(
        "TWIN006", "method '{0}' takes a cpu and yields: return an array or a count instead");
    public static readonly DiagnosticDescriptor RefLocal = Rule(
        "TWIN007", "local '{0}' is a reference or a span, which cannot live across an access: copy the value");
    public static readonly DiagnosticDescriptor BadPlace = Rule(
        "TWIN008", "'{0}' stands in a lock, unsafe, fixed, finally, exception filter or ?. expression, where no access "
        + "can be interleaved: move it out");
    public static readonly DiagnosticDescriptor TypeIsGeneric = Rule(
        "TWIN009", "'{0}' is a cpu and a parameter of the type: make it a parameter of each method");
    public static readonly DiagnosticDescriptor Returned = Rule(
        "TWIN010", "method '{0}' returns a reference, pointer or span: return a handle or a value");

    // Not the Location itself: it holds on to the whole compilation.
    private readonly string _path = place.SourceTree?.FilePath ?? "";
    private readonly TextSpan _span = place.SourceSpan;
    private readonly LinePositionSpan _lines = place.GetLineSpan().Span;

    public TwinFault(DiagnosticDescriptor rule, SyntaxNode place, string subject)
        : this(rule, place.GetLocation(), subject)
    {
    }

    public TwinFault(DiagnosticDescriptor rule, SyntaxToken place, string subject)
        : this(rule, place.GetLocation(), subject)
    {
    }

    public Diagnostic ToDiagnostic() => Diagnostic.Create(rule, Location.Create(_path, _span, _lines), subject);

    public bool Equals(TwinFault other) => ToDiagnostic().Equals(other.ToDiagnostic());

    public override bool Equals(object? obj) => obj is TwinFault other && Equals(other);

    public override int GetHashCode() => _span.GetHashCode();

    private static DiagnosticDescriptor Rule(string id, string message)
        => new(id, "No coroutine twin", message, "Twins", DiagnosticSeverity.Error, isEnabledByDefault: true);
}
