namespace Stress.Machine;

/// <summary>A task of a machine that runs twins: where it is suspended, and what its access yielded.</summary>
public abstract class Coroutine
{
    /// <summary>The suspended method that called the pending access: where the task goes on.</summary>
    public Frame? Innermost { get; set; }

    /// <summary>What the access yielded, in the low bytes; written by the machine before it resumes the task.</summary>
    public ulong Result { get; set; }

    /// <summary>Goes on until the next suspension, or to the end of the outermost method.</summary>
    public void Resume()
    {
        // A trampoline: a method that ends hands back its caller, so the host stack never grows with the call depth.
        Frame? frame = Innermost;
        Innermost = null;
        while (frame is not null)
        {
            frame = frame.Resume();
        }
    }
}
