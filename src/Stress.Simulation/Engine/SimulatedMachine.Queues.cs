using System;

namespace Stress.Simulation;

// Lines on their way: who waits for them, who gets them, and what the prefetcher fetches along.
internal sealed unsafe partial class SimulatedMachine
{
    // Behind those who came before.
    private void Queue(Agent agent, ref CacheLine line)
    {
        short number = (short)(agent.Number + 1);
        agent.Next = 0;
        if (line.First == 0)
        {
            _tags.DropAll(agent.Line);
            line.First = number;
            line.Last = number;
            Promise(agent, ref line);
        }
        else
        {
            _agents[line.Last - 1].Next = number;
            line.Last = number;
        }
    }

    // The agent is first in line. Of the three ways of a transfer, the request to the line's home and the home's call
    // to the owner come before the line leaves; so the owner has it for that long after somebody else asked, or, in a
    // queue, after the last transfer was over (the message that says so takes the place of the request).
    private void Promise(Agent agent, ref CacheLine line)
    {
        agent.StartsAt = Math.Max(agent.Clock, line.BusyUntil);
        agent.Clock = agent.StartsAt;
        if (!_directory.IsFar(agent.Core, in line, agent.Use))
        {
            agent.Clock += _directory.CostFor(agent.Core, agent.Line, agent.Use) * 2 / 3;
        }

        line.LeavesAt = agent.Clock;
        agent.Phase = AgentPhase.Grant;
        _queue.Add(agent);
        Limit(Math.Min(_limit, agent.Clock));
    }

    // The line leaves for the first in line. What its task does there is done in this order too, so the task can make
    // the access now and go on from when it has the line.
    private void Grant(Agent agent)
    {
        ref CacheLine line = ref _directory[agent.Line];
        line.First = agent.Next;
        long now = agent.Clock;
        Receive(agent, agent.StartsAt);
        if (agent.Task is { } task && _model.ServesSibling)
        {
            ServeSibling(agent, task, ref line);
        }

        if (line.First != 0)
        {
            Promise(_agents[line.First - 1], ref line);
        }
        else
        {
            line.Last = 0;
        }

        if (agent.Task is null)
        {
            _prefetchers.End(agent);
            return;
        }

        Switch(agent.Task, _queue.Earliest);
        if (Complete(_current))
        {
            Overlap(agent, now);
            GoOn(_current);
        }
    }

    // A core has one request for a line: if its other thread waits for the same one, what arrives serves both.
    private void ServeSibling(Agent agent, SimulatedTask task, ref CacheLine line)
    {
        Agent? before = null;
        Agent other;
        for (short number = line.First; number != 0; before = other, number = other.Next)
        {
            other = _agents[number - 1];
            if (other.Task is null || other.Task != task.Sibling
                || !_directory.IsHit(other.Core, in line, other.Use != LineUse.Load))
            {
                continue;
            }

            if (before is null)
            {
                line.First = other.Next;
            }
            else
            {
                before.Next = other.Next;
            }

            line.Last = line.Last != number ? line.Last : before is null ? (short)0 : (short)(before.Number + 1);
            other.Clock = agent.Clock + (agent.Use == LineUse.Atomic ? _model.Atomic : 0);
            other.Phase = AgentPhase.Arrive;
            Statistics.Miss(other.Task, WordOf(other.Task.At), Supply.Cache, other.Use, other.Clock - other.AskedAt);
            _queue.Add(other);
            return;
        }
    }

    // The directory gives the line: it will be there at the agent's new time.
    private void Receive(Agent agent, long at)
    {
        ref CacheLine line = ref _directory[agent.Line];
        bool isCached = _directory.IsHit(agent.Core, in line, agent.Use != LineUse.Load);
        int owner = line.State >= LineState.Exclusive ? line.Owner : -1;
        bool joins = agent.Use == LineUse.Load && line.State is (LineState.Shared or LineState.Owned);
        DropTags(agent, in line);
        (long arrives, Supply from) = isCached
            ? (at + _model.L1Hit, Supply.Cache) : _directory.Give(agent.Core, agent.Line, agent.Use, at);
        if (owner >= 0 && line.State == LineState.Shared)
        {
            _caches.Share(owner, agent.Line);
        }

        if (line.BusyUntil > at && !joins)
        {
            line.ArrivesAt = arrives;
        }

        // One more who reads it takes nothing from the others.
        if (from != Supply.Memory && !joins)
        {
            line.Move(at);
        }

        agent.Clock = arrives;
        _caches.Fill(agent.Core, agent.Line, line.IsOwnedBy(agent.Core));
        if (agent.Task is { } task)
        {
            line.GrantedTo = (short)task.Number;
            line.MayRetry = agent.Use == LineUse.Load;
            Statistics.Miss(task, WordOf(task.At), from, agent.Use, agent.Clock - agent.AskedAt);
        }
        else
        {
            line.GrantedTo = -1;
        }
    }

    // Of all who lose the line, or the right to write to it, and of the core that it comes to.
    private void DropTags(Agent agent, in CacheLine line)
    {
        if (agent.Use != LineUse.Load)
        {
            _tags.DropAll(agent.Line);
        }
        else if (line.State is LineState.Modified or LineState.Exclusive)
        {
            _tags.Drop(line.Owner, agent.Line);
        }

        _tags.Drop(agent.Core, agent.Line);
    }

    // The other line of the pair, if the core's prefetcher has room for one more request.
    private void FetchPair(Agent agent)
    {
        int pair = agent.Line ^ 1;
        if (pair >= _directory.Lines || _prefetchers.For(agent.Core, pair) is not { } prefetcher)
        {
            return;
        }

        ref CacheLine line = ref _directory[pair];
        LineUse use = agent.Use == LineUse.Load || !_model.PairsAsDemand ? LineUse.Load : LineUse.Store;
        if (line.State == LineState.Memory
            || _directory.IsHit(agent.Core, in line, use != LineUse.Load))
        {
            return;
        }

        prefetcher.Line = pair;
        prefetcher.Use = use;
        prefetcher.Clock = agent.AskedAt;
        prefetcher.AskedAt = agent.AskedAt;
        if (line.First == 0 && line.BusyUntil <= prefetcher.Clock
            && line.State is not (LineState.Modified or LineState.Exclusive))
        {
            Receive(prefetcher, prefetcher.Clock);
            return;
        }

        _prefetchers.Begin(prefetcher);
        Queue(prefetcher, ref line);
    }
}
