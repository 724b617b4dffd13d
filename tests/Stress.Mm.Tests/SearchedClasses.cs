using System.Collections.Generic;
using System.Linq;
using Stress.Exploration;
using Stress.Machine;

namespace Stress.Mm.Tests;

/// <summary>The classes of equivalent runs that an exhaustive search has run.</summary>
/// <param name="workers">Its threads.</param>
internal sealed class SearchedClasses(int workers) : IScenarioVisitor<HashSet<ulong>>
{
    public HashSet<ulong> Visit<TScenario>()
        where TScenario : struct, IScenario<TScenario>
    {
        var tree = new SearchTree();
        Searcher[] searchers =
        [
            .. Enumerable.Range(0, workers)
                .Select(_ => new Searcher(new ExploredMachine(new ExploredProgram<TScenario>(), new MachineSettings()), tree)),
        ];
        SearchThreads.Run(workers, number => searchers[number].Search(), tree.Stop);
        HashSet<ulong> classes = [.. searchers.SelectMany(searcher => searcher.Classes)];
        foreach (Searcher searcher in searchers)
        {
            searcher.Worker.Dispose();
        }

        return classes;
    }

    private sealed class Searcher
    {
        private readonly ClassHash _hash;
        private long _told;

        public Searcher(ExploredMachine machine, SearchTree tree)
        {
            // The first run of a machine prepares the scenario too, so it would be told like no other.
            var first = new RandomStrategy();
            first.Begin(new Xoshiro256(1));
            machine.Run(first);
            _hash = new ClassHash(machine.Arena);
            machine.Classes = _hash;
            Worker = new ExhaustiveWorker(machine, tree, new LockOrderLedger());
        }

        public ExhaustiveWorker Worker { get; }

        public HashSet<ulong> Classes { get; } = [];

        public void Search()
        {
            Worker.Search(() =>
            {
                Tell();
                return true;
            });
            Tell();
        }

        // A run that is given up on the way has no class.
        private void Tell()
        {
            if (Worker.Executions > _told)
            {
                _told = Worker.Executions;
                Classes.Add(_hash.Value);
            }

            _hash.Begin();
        }
    }
}
