using System.Collections.Generic;

namespace Stress.Exploration;

/// <summary>The views of one task: see <see cref="WeakMemory"/>.</summary>
internal sealed class TaskViews
{
    private const int None = -1;

    private readonly List<int> _depends = [];

    public int Current { get; private set; }

    public int Seen { get; private set; }

    public int Published { get; private set; }

    public int Own { get; private set; }

    /// <summary>Stores that the task has made.</summary>
    public int Stores { get; set; }

    public void Reset(Views views)
    {
        Current = views.New();
        Seen = views.New();
        Published = views.New();
        Own = views.New();
        Stores = 0;
        _depends.Clear();
    }

    /// <summary>The view of an object by its number; -1 when its address is not known by a load.</summary>
    public int DependsOn(int number) => number >= 0 && number < _depends.Count ? _depends[number] : None;

    /// <summary>As <see cref="DependsOn"/>; makes one when there is none.</summary>
    public int MakeDependsOn(int number, Views views)
    {
        while (_depends.Count <= number)
        {
            _depends.Add(None);
        }

        if (_depends[number] == None)
        {
            _depends[number] = views.New();
        }

        return _depends[number];
    }
}
