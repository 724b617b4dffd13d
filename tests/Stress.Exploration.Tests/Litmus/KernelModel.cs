using Stress.Scenarios.Litmus;

namespace Stress.Exploration.Tests.Litmus;

/// <summary>Decides by axioms whether an execution is possible: a second opinion, which shares no code with the
/// machine.</summary>
/// <remarks>
/// The axioms are those of the Linux kernel memory model for marked accesses, as published by Alglave et al., ASPLOS
/// 2018, and in tools/memory-model: coherence, atomicity, happens-before, propagation, and grace periods.
/// </remarks>
internal static class KernelModel
{
    /// <summary>One cell at a time, and atomic operations are.</summary>
    public static bool IsCoherent(Execution run)
    {
        Relation communication = run.Rf | run.Co | run.Fr;
        Relation samePlace = run.Po.Where((a, b) => run.Events[a].IsAccess && run.Events[b].IsAccess
            && run.Events[a].Place == run.Events[b].Place);
        return (samePlace | communication).IsAcyclic
            && (run.Rmw & External(run, run.Fr).Then(External(run, run.Co))).IsEmpty;
    }

    /// <summary>Whether the kernel's model allows it.</summary>
    public static bool Allows(Execution run)
    {
        Relation gracePeriods = run.Po.Then(Only(run, LitmusOp.SynchronizeRcu), run.Po.Maybe());
        var order = new Orders(run, FullFences(run) | gracePeriods, new Relation(run.Events.Length));
        return order.IsPossible && IsOrderedByRcu(run, order);
    }

    /// <summary>Whether happens-before and propagation allow it, when grace periods are made of fences on all CPUs.
    /// </summary>
    /// <param name="run">The execution.</param>
    /// <param name="everyCpu">From what comes before a fence of all CPUs to what comes after it.</param>
    /// <param name="more">More program order that is kept.</param>
    public static bool Allows(Execution run, Relation everyCpu, Relation more)
        => new Orders(run, FullFences(run) | everyCpu, more).IsPossible;

    private static bool IsOrderedByRcu(Execution run, Orders order)
    {
        Relation period = Only(run, LitmusOp.SynchronizeRcu);
        Relation section = run.Po.Where((a, b) => run.Events[a].Op == LitmusOp.RcuReadLock
            && run.Events[b].Op == LitmusOp.RcuReadUnlock).Inverse();
        Relation link = run.Po.Maybe().Then(order.Before.Star(), order.Propagated.Star(), order.Prop, run.Po);
        Relation fence = period;
        Relation more = fence | period.Then(link, section) | section.Then(link, period);
        while (!more.Equals(fence))
        {
            fence = more;
            more = fence | period.Then(link, fence, link, section) | section.Then(link, fence, link, period)
                | fence.Then(link, fence);
        }

        return order.Prop.Then(run.Po, fence, run.Po.Maybe(), order.Before.Star(), order.Propagated.Star())
            .IsIrreflexive;
    }

    private static Relation FullFences(Execution run) => Between(run, LitmusOp.FullFence);

    private static Relation External(Execution run, Relation relation)
        => relation.Where((a, b) => !run.Same.Has(a, b));

    private static Relation Internal(Execution run, Relation relation)
        => relation.Where(run.Same.Has);

    private static Relation Only(Execution run, LitmusOp op)
        => new(run.Events.Length, (a, b) => a == b && run.Events[a].Op == op);

    // From accesses before a fence to accesses behind it.
    private static Relation Between(Execution run, LitmusOp fence)
        => run.Po.Then(Only(run, fence), run.Po)
            .Where((a, b) => run.Events[a].IsAccess && run.Events[b].IsAccess);

    // The relations that the axioms speak of.
    private sealed class Orders
    {
        public Orders(Execution run, Relation strong, Relation kept)
        {
            Event[] events = run.Events;
            Relation seenElsewhere = External(run, run.Rf);
            Relation release = run.Po.Where((a, b) => events[a].IsAccess && events[b].IsRelease);
            Relation acquire = run.Po.Where((a, b) => events[a].IsAcquire && events[b].IsAccess);
            Relation writes = Between(run, LitmusOp.WriteFence)
                .Where((a, b) => events[a].IsWrite && events[b].IsWrite);
            Relation reads = Between(run, LitmusOp.ReadFence)
                .Where((a, b) => events[a].IsRead && events[b].IsRead);
            Relation overLock = run.Po.Then(
                run.Rf.Where((a, b) => events[a].Op == LitmusOp.SpinUnlock && events[b].TakesLock), run.Po);

            Relation dependency = run.Address | run.Data;
            Relation overwrite = run.Co | run.Fr;
            Relation toWrite = (dependency | run.Control).Where((_, b) => events[b].IsWrite) | Internal(run, overwrite);
            Relation toRead = run.Address | dependency.Then(Internal(run, run.Rf));
            Relation program = toRead | toWrite | strong | release | acquire | writes | reads
                | Internal(run, overLock) | kept;

            Relation cumulative = seenElsewhere.Maybe().Then(strong | release) | writes | overLock;
            Prop = External(run, overwrite).Maybe().Then(cumulative.Star(), seenElsewhere.Maybe());
            Before = program | seenElsewhere | Internal(run, Prop).Where((a, b) => a != b);
            Propagated = Prop.Then(strong, Before.Star());
        }

        /// <summary>Happens before.</summary>
        public Relation Before { get; }

        /// <summary>Reaches the other CPUs before.</summary>
        public Relation Propagated { get; }

        public Relation Prop { get; }

        public bool IsPossible => Before.IsAcyclic && Propagated.IsAcyclic;
    }
}
