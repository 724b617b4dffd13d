using System;
using System.Collections.Generic;
using System.Diagnostics;

namespace Stress.Exploration;

/// <summary>The runs that were made so far, as a tree of their decisions.</summary>
/// <remarks>
/// Equal decisions make equal runs. So a strategy that is asked the recorded questions, and comes to the end of a run
/// that was made, need not be run again: what its run comes to is known. Where it leaves the tree, the machine makes the
/// decisions that were drawn already once more, and asks the strategy from there on.
/// <code>
/// node 0                 the first question
/// child of a node        the next question, after one answer to this one; or the end of a run
/// </code>
/// </remarks>
/// <param name="maxNodes">How many nodes there is room for.</param>
internal sealed class RunTree(int maxNodes = 1 << 21) : IStrategy
{
    private const int Root = 0;

    private readonly List<KnownRun> _ends = [];

    // What was asked so far in the run that is being made, and what was answered.
    private readonly List<int> _answers = [];
    private readonly List<Question> _questions = [];
    private Node[] _nodes = new Node[1024];
    private int _count = 1;
    private IStrategy _strategy = null!;
    private int _position;

    // Where the strategy left the tree: the last node of it, and how many answers lead there.
    private int _leftAt;
    private int _depth;

    /// <inheritdoc/>
    public string Name => _strategy.Name;

    /// <summary>Whether new runs still find room.</summary>
    public bool HasRoom => _count < maxNodes;

    /// <summary>Why a run cannot be the one that its decisions led to before; null when it can.</summary>
    public string? Divergence { get; private set; }

    /// <summary>Asks a strategy the questions of the recorded runs.</summary>
    /// <returns>The run that it comes to; null when it leaves the tree: then the machine is to run with this object as
    /// its strategy.</returns>
    public KnownRun? Find(IStrategy strategy)
    {
        _strategy = strategy;
        Divergence = null;
        _position = 0;
        _answers.Clear();
        _questions.Clear();
        int node = Root;
        while (_nodes[node].Asked.Kind is not QuestionKind.None)
        {
            Question asked = _nodes[node].Asked;
            if (asked.Kind == QuestionKind.End)
            {
                return _ends[(int)asked.Of];
            }

            int answer = asked.Ask(strategy);
            _answers.Add(answer);
            _questions.Add(asked);
            int child = ChildOf(node, answer);
            if (child == Root)
            {
                break;
            }

            node = child;
        }

        _leftAt = node;
        _depth = _answers.Count;
        return null;
    }

    /// <summary>The run that was made after <see cref="Find"/> has ended: it must have come as far as it did before.
    /// </summary>
    public void Compare()
    {
        if (_position < _answers.Count)
        {
            Diverge();
        }
    }

    /// <summary>Adds that run, unless there is no room.</summary>
    public void Add(in KnownRun run)
    {
        if (_count + _answers.Count - _depth + 1 > maxNodes)
        {
            return;
        }

        int node = _leftAt;
        for (int i = Math.Max(_depth - 1, 0); i < _answers.Count; i++)
        {
            _nodes[node].Asked = _questions[i];
            node = AddChild(node, _answers[i]);
        }

        _nodes[node].Asked = new Question(QuestionKind.End, (uint)_ends.Count, 0);
        _ends.Add(run);
    }

    /// <inheritdoc/>
    public int NextTask(uint enabled, int current) => Next(new Question(QuestionKind.Task, enabled, current));

    /// <inheritdoc/>
    public int NextChoice(int count) => Next(new Question(QuestionKind.Choice, (uint)count, 0));

    /// <inheritdoc/>
    public bool NextEvent(int oneIn) => Next(new Question(QuestionKind.Event, (uint)oneIn, 0)) != 0;

    private int Next(Question asked)
    {
        if (_position < _answers.Count)
        {
            if (_questions[_position] == asked)
            {
                return _answers[_position++];
            }

            // Whatever is answered now: the run is no good.
            Diverge();
            _answers.RemoveRange(_position, _answers.Count - _position);
            _questions.RemoveRange(_position, _questions.Count - _position);
        }

        int answer = asked.Ask(_strategy);
        _answers.Add(answer);
        _questions.Add(asked);
        _position++;
        return answer;
    }

    private void Diverge()
        => Divergence ??= $"equal decisions led elsewhere at decision {_position}: the model depends on what is no decision";

    private int ChildOf(int node, int answer)
    {
        int child = _nodes[node].FirstChild;
        while (child != Root && _nodes[child].Answer != answer)
        {
            child = _nodes[child].NextSibling;
        }

        return child;
    }

    private int AddChild(int node, int answer)
    {
        if (_count == _nodes.Length)
        {
            Array.Resize(ref _nodes, _count * 2);
        }

        _nodes[_count] = new Node { Answer = answer, NextSibling = _nodes[node].FirstChild };
        _nodes[node].FirstChild = _count;
        return _count++;
    }

    private enum QuestionKind
    {
        None,
        Task,
        Choice,
        Event,
        End,
    }

    // What the machine asked: of whom, of how many, or once in how many times. At an end, the number of the run.
    private readonly record struct Question(QuestionKind Kind, uint Of, int Current)
    {
        public int Ask(IStrategy strategy) => Kind switch
        {
            QuestionKind.Task => strategy.NextTask(Of, Current),
            QuestionKind.Choice => strategy.NextChoice((int)Of),
            QuestionKind.Event => strategy.NextEvent((int)Of) ? 1 : 0,
            _ => throw new UnreachableException($"{Kind} is no question"),
        };
    }

    private struct Node
    {
        public Question Asked;
        public int Answer;
        public int FirstChild;
        public int NextSibling;
    }
}

/// <summary>What a run came to that did not fail.</summary>
/// <param name="Points">Its scheduling points.</param>
/// <param name="Class">Its class; 0 where nobody tells classes.</param>
/// <param name="Outcome">Its row in the table of outcomes, or <see cref="OutcomeCollector.NoOutcome"/>.</param>
internal readonly record struct KnownRun(int Points, ulong Class, int Outcome);
