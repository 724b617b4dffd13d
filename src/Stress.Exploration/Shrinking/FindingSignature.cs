using System.Text.RegularExpressions;
using Stress.Machine;

namespace Stress.Exploration;

/// <summary>What makes two findings the same one: kind, text without the numbers of objects, and operation.</summary>
/// <param name="Kind">What kind of thing.</param>
/// <param name="Text">The text, with <c>#</c> for what differs from schedule to schedule.</param>
/// <param name="Operation">The operation that met it; empty where the finding belongs to no operation.</param>
public readonly partial record struct FindingSignature(FindingKind Kind, string Text, string Operation)
{
    /// <summary>The signature of a finding.</summary>
    public static FindingSignature Of(FindingKind kind, string text, string operation)
        => new(kind, IsWordedByModel(kind) ? Numbered().Replace(text, "#") : Varying().Replace(text, "#"),
            BelongsToOperation(kind) ? operation : "");

    /// <inheritdoc/>
    public override string ToString() => $"{Kind.Name()}: {Text}{(Operation.Length == 0 ? "" : $" in {Operation}")}";

    internal static FindingSignature Of(RunFinding finding) => Of(finding.Kind, finding.Text, finding.Operation);

    // A condition is the same text in every run, and its numbers are part of it.
    private static bool IsWordedByModel(FindingKind kind)
        => kind is FindingKind.Bug or FindingKind.Warning or FindingKind.Invariant or FindingKind.ForbiddenOutcome;

    // Who happens to run when nobody can go on, or when time is up, says nothing.
    private static bool BelongsToOperation(FindingKind kind)
        => kind is not (FindingKind.Deadlock or FindingKind.MissedWakeup or FindingKind.RcuStall
            or FindingKind.StepBound or FindingKind.Hang or FindingKind.Leak);

    [GeneratedRegex(@"(?<=\w)#\d+")]
    private static partial Regex Numbered();

    // Numbers of objects, indices, and values; not the digits of a name.
    [GeneratedRegex(@"(?<=\w)#\d+|(?<=\[)\d+(?=\])|\b0x[0-9a-f]+\b|(?<![\w.#+-])\d[\d,]*\b")]
    private static partial Regex Varying();
}
