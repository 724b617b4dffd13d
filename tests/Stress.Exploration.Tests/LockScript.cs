using System.Linq;
using Stress.Machine;

namespace Stress.Exploration.Tests;

/// <summary>Tasks that take locks as a line of text says: the smallest scenario for each order of locks.</summary>
/// <remarks>
/// Words of a line: <c>A</c> takes a lock of class A and <c>-A</c> gives it up; <c>A1</c> is another lock of the class,
/// <c>A:r</c> takes it as a reader, <c>A/1</c> under subclass 1, <c>?A</c> tries it. These only say so; <c>!A</c>
/// really waits. <c>cli</c> and <c>sti</c> turn interrupts off and on, <c>off</c> and <c>on</c> preemption. A task of a line
/// with <c>|</c> makes one of the parts, by choice. The name before a colon is the task's; <c>irq</c> is an interrupt
/// on the CPU of the first task.
/// </remarks>
public readonly partial struct LockScript(nint root) : IScenario<LockScript>
{
    private static readonly LockClass[] s_classes = [new("A"), new("B"), new("C")];

    /// <summary>The lines, one for each task. Tests that set it must not run side by side.</summary>
    public static string[] Lines { get; set; } = [];

    public static ScenarioPlan Plan => new()
    {
        Tasks = [.. Lines.Select(line => line.Split(": ")[0])
            .Select((name, i) => new TaskSpec(name, name == "irq" ? 0 : i, IsInterrupt: name == "irq"))],
        RootBytes = 256,
    };

    public static LockScript At(nint root) => new(root);

    public void Prepare<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Act<TCpu>(TCpu cpu, int task) where TCpu : struct, ICpu => Work(cpu, task);

    public void Work<TCpu>(TCpu cpu, int role) where TCpu : struct, ICpu
    {
        string[] parts = Lines[role].Split(": ")[1].Split(" | ");
        uint part = parts.Length == 1 ? 0 : cpu.Choose((uint)parts.Length);
        cpu.Enter("act");
        foreach (string word in parts[part].Split(' '))
        {
            Make(cpu, word);
        }

        cpu.Leave();
    }

    public void Invariant<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Check<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    public void Teardown<TCpu>(TCpu cpu) where TCpu : struct, ICpu
    {
    }

    private void Make<TCpu>(TCpu cpu, string word) where TCpu : struct, ICpu
    {
        if (word == "cli")
        {
            cpu.IrqDisable();
        }
        else if (word == "sti")
        {
            cpu.IrqEnable();
        }
        else if (word == "off")
        {
            cpu.PreemptDisable();
        }
        else if (word == "on")
        {
            cpu.PreemptEnable();
        }
        else
        {
            MakeLock(cpu, word);
        }
    }

    private void MakeLock<TCpu>(TCpu cpu, string word) where TCpu : struct, ICpu
    {
        string name = word.TrimStart('-', '?', '!');
        var cell = new AtomicU32(root + (64 * (name[0] - 'A')) + (name.Length > 1 && name[1] == '1' ? 8 : 0));
        if (word[0] == '-')
        {
            cpu.LockReleased(cell.Address);
            cpu.StoreRelease(cell, 0u);
            return;
        }

        if (word[0] == '!')
        {
            cpu.AddWhenClear(cell, 1u, 1u);
        }
        else
        {
            cpu.ReadOnce(cell);
        }

        cpu.LockAcquired(
            cell.Address,
            s_classes[name[0] - 'A'],
            name.Contains("/1") ? 1 : 0,
            name.EndsWith(":r") ? LockMode.Shared : LockMode.Exclusive,
            isTry: word[0] == '?');
    }
}
