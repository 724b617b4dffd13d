using System;
using System.Linq;
using System.Threading;
using Stress.Machine.Native;
using Xunit;

namespace Stress.Machine.Tests.Native;

public sealed class RendezvousTests
{
    private const int Parties = 3;

    [Fact]
    public void Meet_InEachRound_LetsNobodyGoOnBeforeTheLastHasCome()
    {
        var rendezvous = new Rendezvous(Parties);

        Assert.Equal(0, CountEarly(rendezvous, rounds: 50, TimeSpan.FromMilliseconds(10)));
    }

    // The same check finds a rendezvous that does not wait for the last one.
    [Fact]
    public void Meet_OfOnePartyLess_IsFoundToLetSomebodyGoOn()
    {
        var rendezvous = new Rendezvous(Parties - 1);

        Assert.NotEqual(0, CountEarly(rendezvous, rounds: 1, TimeSpan.FromMinutes(1)));
    }

    // Somebody is early who goes on while the last one, who comes late on purpose, has not yet come.
    private static int CountEarly(Rendezvous rendezvous, int rounds, TimeSpan delay)
    {
        int early = 0;
        using var gate = new Barrier(Parties);
        int others = 0;
        int hasCome = 0;
        Thread[] threads = [.. Enumerable.Range(0, Parties).Select(number => new Thread(() => Serve(number)))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        return early;

        void Serve(int number)
        {
            for (int round = 1; round <= rounds; round++)
            {
                gate.SignalAndWait();
                if (number == 0)
                {
                    SpinWait.SpinUntil(() => Volatile.Read(ref others) != 0, delay);
                    Volatile.Write(ref hasCome, 1);
                    rendezvous.Meet(round);
                }
                else
                {
                    rendezvous.Meet(round);
                    Interlocked.Add(ref early, 1 - Volatile.Read(ref hasCome));
                    Volatile.Write(ref others, 1);
                }

                gate.SignalAndWait();
                Volatile.Write(ref hasCome, 0);
                Volatile.Write(ref others, 0);
            }
        }
    }
}
