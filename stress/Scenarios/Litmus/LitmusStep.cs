namespace Stress.Scenarios.Litmus;

/// <summary>What a step of a litmus test does.</summary>
public enum LitmusOp
{
    ReadOnce,
    LoadAcquire,
    Dereference,
    WriteOnce,
    StoreRelease,
    Exchange,
    FetchAddRelaxed,
    FullFence,
    ReadFence,
    WriteFence,
    SpinLock,
    SpinUnlock,
    RcuReadLock,
    RcuReadUnlock,
    SynchronizeRcu,
}

/// <summary>The shared words of litmus tests, each on a cache line of its own.</summary>
public enum LitmusCell
{
    /// <summary>None: a fence, a lock, a grace period, or an access through a pointer in a register.</summary>
    None,

    /// <summary>First cell of the root block; initially 0.</summary>
    X,

    /// <summary>Second cell of the root block; initially 0, or a pointer to <see cref="U"/> in tests with pointers.
    /// </summary>
    Y,

    /// <summary>Third cell of the root block; initially 0.</summary>
    Z,

    /// <summary>The object that a pointer leads to at first; its word is initially 0.</summary>
    U,

    /// <summary>The object that is published; its word is initially 0.</summary>
    V,
}

/// <summary>A register of a litmus test; each belongs to the task that loads it.</summary>
public enum LitmusRegister
{
    None,
    R0,
    R1,
    R2,
    R3,
}

/// <summary>One step of one task of a litmus test: data, so that a scenario can run it and a checker reason about it.
/// </summary>
/// <param name="Op">What it does.</param>
/// <param name="Cell">Where; <see cref="LitmusCell.None"/> for steps without a cell.</param>
public sealed record LitmusStep(LitmusOp Op, LitmusCell Cell = LitmusCell.None)
{
    /// <summary>The register that gets what is read.</summary>
    public LitmusRegister Into { get; init; }

    /// <summary>What is written, or added.</summary>
    public long Value { get; init; }

    /// <summary>The object whose address is written, in place of <see cref="Value"/>.</summary>
    public LitmusCell Pointer { get; init; }

    /// <summary>The register whose value is written, in place of <see cref="Value"/>: a data dependency.</summary>
    public LitmusRegister ValueOf { get; init; }

    /// <summary>The register that holds the address, in place of <see cref="Cell"/>: an address dependency.</summary>
    public LitmusRegister Through { get; init; }

    /// <summary>The register that must hold <see cref="IfValue"/> for the step to be made: a control dependency.
    /// </summary>
    public LitmusRegister IfRegister { get; init; }

    /// <summary>What <see cref="IfRegister"/> must hold.</summary>
    public long IfValue { get; init; }

    /// <summary>The same step, made only if a register holds a value.</summary>
    public LitmusStep If(LitmusRegister register, long value) => this with { IfRegister = register, IfValue = value };

    /// <summary>The step as litmus tests are written: <c>x = 1</c>, <c>r0 = acquire y</c>, <c>smp_mb</c>.</summary>
    public override string ToString()
    {
        string cell = Through == LitmusRegister.None ? Name(Cell) : "*" + Name(Through);
        string value = ValueOf != LitmusRegister.None ? Name(ValueOf)
            : Pointer != LitmusCell.None ? "&" + Name(Pointer) : $"{Value}";
        string text = Op switch
        {
            LitmusOp.ReadOnce => $"{Name(Into)} = {cell}",
            LitmusOp.LoadAcquire => $"{Name(Into)} = acquire {cell}",
            LitmusOp.Dereference => $"{Name(Into)} = dereference {cell}",
            LitmusOp.WriteOnce => $"{cell} = {value}",
            LitmusOp.StoreRelease => $"release {cell} = {value}",
            LitmusOp.Exchange => $"xchg {cell} = {value}",
            LitmusOp.FetchAddRelaxed => $"{Name(Into)} = add {cell} {value}",
            LitmusOp.FullFence => "smp_mb",
            LitmusOp.ReadFence => "smp_rmb",
            LitmusOp.WriteFence => "smp_wmb",
            LitmusOp.SpinLock => "lock",
            LitmusOp.SpinUnlock => "unlock",
            LitmusOp.RcuReadLock => "rcu_read_lock",
            LitmusOp.RcuReadUnlock => "rcu_read_unlock",
            _ => "synchronize_rcu",
        };
        return IfRegister == LitmusRegister.None ? text : $"if {Name(IfRegister)} == {IfValue}: {text}";
    }

    /// <summary>A register's name in outcomes.</summary>
    public static string Name(LitmusRegister register) => register switch
    {
        LitmusRegister.R0 => "r0",
        LitmusRegister.R1 => "r1",
        LitmusRegister.R2 => "r2",
        _ => "r3",
    };

    /// <summary>A cell's name in outcomes.</summary>
    public static string Name(LitmusCell cell) => cell switch
    {
        LitmusCell.X => "x",
        LitmusCell.Y => "y",
        LitmusCell.Z => "z",
        LitmusCell.U => "u",
        _ => "v",
    };
}

/// <summary>The steps by the names that litmus tests give them.</summary>
internal static class LitmusSteps
{
    public const LitmusCell X = LitmusCell.X;
    public const LitmusCell Y = LitmusCell.Y;
    public const LitmusCell Z = LitmusCell.Z;
    public const LitmusCell V = LitmusCell.V;
    public const LitmusRegister R0 = LitmusRegister.R0;
    public const LitmusRegister R1 = LitmusRegister.R1;
    public const LitmusRegister R2 = LitmusRegister.R2;
    public const LitmusRegister R3 = LitmusRegister.R3;

    public static LitmusStep Mb { get; } = new(LitmusOp.FullFence);

    public static LitmusStep Rmb { get; } = new(LitmusOp.ReadFence);

    public static LitmusStep Wmb { get; } = new(LitmusOp.WriteFence);

    public static LitmusStep Lock { get; } = new(LitmusOp.SpinLock);

    public static LitmusStep Unlock { get; } = new(LitmusOp.SpinUnlock);

    public static LitmusStep RcuLock { get; } = new(LitmusOp.RcuReadLock);

    public static LitmusStep RcuUnlock { get; } = new(LitmusOp.RcuReadUnlock);

    public static LitmusStep Synchronize { get; } = new(LitmusOp.SynchronizeRcu);

    public static LitmusStep Read(LitmusRegister into, LitmusCell cell)
        => new(LitmusOp.ReadOnce, cell) { Into = into };

    public static LitmusStep Acquire(LitmusRegister into, LitmusCell cell)
        => new(LitmusOp.LoadAcquire, cell) { Into = into };

    public static LitmusStep Dereference(LitmusRegister into, LitmusCell cell)
        => new(LitmusOp.Dereference, cell) { Into = into };

    public static LitmusStep ReadThrough(LitmusRegister into, LitmusRegister pointer)
        => new(LitmusOp.ReadOnce) { Into = into, Through = pointer };

    public static LitmusStep Write(LitmusCell cell, long value) => new(LitmusOp.WriteOnce, cell) { Value = value };

    public static LitmusStep Copy(LitmusCell cell, LitmusRegister value)
        => new(LitmusOp.WriteOnce, cell) { ValueOf = value };

    public static LitmusStep Point(LitmusCell cell, LitmusCell target)
        => new(LitmusOp.WriteOnce, cell) { Pointer = target };

    public static LitmusStep Release(LitmusCell cell, long value)
        => new(LitmusOp.StoreRelease, cell) { Value = value };

    public static LitmusStep Assign(LitmusCell cell, LitmusCell target)
        => new(LitmusOp.StoreRelease, cell) { Pointer = target };

    public static LitmusStep Exchange(LitmusCell cell, long value)
        => new(LitmusOp.Exchange, cell) { Value = value };

    public static LitmusStep Add(LitmusRegister into, LitmusCell cell, long value)
        => new(LitmusOp.FetchAddRelaxed, cell) { Into = into, Value = value };
}
