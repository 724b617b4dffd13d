using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;

namespace Stress.Mm.Tests.Properties;

/// <summary>One call of a random sequence: what is called, and numbers that each subject makes its arguments of.
/// </summary>
/// <typeparam name="TKind">What there is to call.</typeparam>
public readonly record struct Call<TKind>(TKind Kind, int A, int B, int C)
    where TKind : struct, Enum
{
    public const int Max = 63;

    public static Arbitrary<Call<TKind>[]> Sequences { get; } = Arb.From(OneCall().ArrayOf(), Smaller);

    public override string ToString() => $"{Kind}({A}, {B}, {C})";

    private static Gen<Call<TKind>> OneCall()
    {
        Gen<int> number = Gen.Choose(0, Max);
        return from kind in Gen.Elements(Enum.GetValues<TKind>())
               from a in number
               from b in number
               from c in number
               select new Call<TKind>(kind, a, b, c);
    }

    // Without a half, without one call, with one number smaller.
    private static IEnumerable<Call<TKind>[]> Smaller(Call<TKind>[] calls)
    {
        if (calls.Length > 3)
        {
            yield return calls[..(calls.Length / 2)];
            yield return calls[(calls.Length / 2)..];
        }

        for (int i = calls.Length - 1; i >= 0; i--)
        {
            yield return [.. calls[..i], .. calls[(i + 1)..]];
        }

        for (int i = 0; i < calls.Length; i++)
        {
            foreach (Call<TKind> call in Smaller(calls[i]))
            {
                yield return [.. calls[..i], call, .. calls[(i + 1)..]];
            }
        }
    }

    private static IEnumerable<Call<TKind>> Smaller(Call<TKind> call)
        => Smaller(call.A).Select(a => call with { A = a })
            .Concat(Smaller(call.B).Select(b => call with { B = b }))
            .Concat(Smaller(call.C).Select(c => call with { C = c }));

    private static IEnumerable<int> Smaller(int number)
        => new[] { 0, number / 2, number - 1 }.Where(smaller => smaller >= 0 && smaller < number).Distinct();
}
