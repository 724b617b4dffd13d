using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Stress.Simulation;

namespace Stress.Reporting;

/// <summary>What is to be known of the field that costs most: where it is, what happens to it, and what moving it alone
/// would change.</summary>
/// <param name="Layout">The layout.</param>
/// <param name="Run">The run that it was looked at in.</param>
/// <param name="Line">Its line.</param>
/// <param name="Field">Its name.</param>
/// <param name="Offset">Where it is in its object, in bytes.</param>
/// <param name="Neighbours">Other fields of the line that were used.</param>
/// <param name="Lock">The locks that the field belongs to; null when it belongs to none.</param>
/// <param name="MostWaited">The locks that were waited for most in that run; null when none was.</param>
/// <param name="Before">Operations a second as it is.</param>
/// <param name="After">The same with the field on a pair of lines of its own.</param>
/// <param name="Unit">What operations are called.</param>
internal sealed record FieldCard(
    string Layout, SimulationResult Run, LineReport Line, string Field, int Offset, IReadOnlyList<string> Neighbours,
    LockReport? Lock, LockReport? MostWaited, double Before, double After, string Unit)
{
    public double Change => (After / Before) - 1;

    public void Write(Output output)
    {
        WordReport[] uses = [.. Line.Words.Where(word => word.Field == Field)];
        output.Line();
        output.Line($"Field card: {Line.Name}.{Field} of {Layout}");
        output.Line($"  layout      offset {Offset}, line {Offset / 64}, byte {Offset % 64} of it; "
            + (Neighbours.Count == 0 ? "nothing else on the line is used"
                : $"on the line are also used: {string.Join(", ", Neighbours)}"));
        output.Line($"  c2c         {Figures.Count(uses.Sum(word => word.HitmLocal))} local and "
            + $"{Figures.Count(uses.Sum(word => word.HitmRemote))} remote HITM loads, "
            + $"{Figures.Count(uses.Sum(word => word.StoreMisses))} stores that had to get the line; by "
            + string.Join(
                ", ", uses.Select(word => word.Operation.Length > 0 ? word.Operation : "no operation").Distinct()));
        output.Line($"  lost        {Figures.Nanoseconds(uses.Sum(word => word.Lost) / 1000.0 / Run.Operations)} "
            + "of waiting for the line in each operation");
        output.Line($"  its lock    {(Lock is null ? "none: the field is no part of a lock" : Contention(Lock))}");
        if (MostWaited is not null && MostWaited != Lock)
        {
            output.Line($"  locks       most waited for: {Contention(MostWaited)}");
        }

        output.Line(string.Create(
            CultureInfo.InvariantCulture,
            $"  if moved    alone, to a pair of lines of its own: {Before:F0} -> {After:F0} {Unit}/sec ")
            + string.Create(CultureInfo.InvariantCulture, $"({100 * Change:+0.00;-0.00}%)"));
    }

    private static string Contention(LockReport report)
        => $"{report.Class}, taken {Figures.Count(report.Acquired)} times, waited for {Figures.Count(report.Contended)} times"
            + (report.Waited == 0 ? "" : $", {Figures.Nanoseconds(report.Waited / 1000.0)} in all");
}
