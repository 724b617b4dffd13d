namespace Stress.Scenarios.Litmus;

/// <summary>The registers of one task while it runs.</summary>
internal readonly record struct LitmusRegisters(long R0, long R1, long R2, long R3)
{
    public long this[LitmusRegister register] => register switch
    {
        LitmusRegister.R0 => R0,
        LitmusRegister.R1 => R1,
        LitmusRegister.R2 => R2,
        _ => R3,
    };

    public LitmusRegisters With(LitmusRegister register, long value) => register switch
    {
        LitmusRegister.R0 => this with { R0 = value },
        LitmusRegister.R1 => this with { R1 = value },
        LitmusRegister.R2 => this with { R2 = value },
        _ => this with { R3 = value },
    };
}
