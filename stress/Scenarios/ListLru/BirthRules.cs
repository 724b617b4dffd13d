namespace Stress.Scenarios.ListLru;

/// <summary>How an object that will be put on a list_lru is allocated.</summary>
public interface IBirthRule
{
    static abstract bool NamesLru { get; }
}

/// <summary>By <c>kmem_cache_alloc_lru</c>: its lists are there before it is.</summary>
public readonly struct NamesLru : IBirthRule
{
    static bool IBirthRule.NamesLru => true;
}

/// <summary>By <c>kmem_cache_alloc</c>: its lists are there if somebody else made them.</summary>
public readonly struct NamesNoLru : IBirthRule
{
    public static bool NamesLru => false;
}
