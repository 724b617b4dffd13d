namespace Stress.Mm.ListLru;

/// <summary>Numbers of the callbacks that the worker of a <see cref="MemcgSystem{TRule}"/> runs.</summary>
public static class MemcgCallback
{
    /// <summary><c>kvfree_rcu</c> of a <see cref="ListLruMemcg"/>.</summary>
    public const ulong FreeLists = 1;

    /// <summary><c>kvfree_rcu</c> of the first <see cref="ListLruArray"/>.</summary>
    public const ulong FreeFew = 2;

    /// <summary><c>kvfree_rcu</c> of a larger <see cref="ListLruArray"/>.</summary>
    public const ulong FreeMany = 3;

    /// <summary><c>css_release_work_fn</c>.</summary>
    public const ulong ReleaseCss = 4;

    /// <summary><c>css_free_rwork_fn</c>.</summary>
    public const ulong FreeCss = 5;

    /// <summary><c>kfree_rcu</c> of an <see cref="ObjCgroup"/>.</summary>
    public const ulong FreeObjcg = 6;
}
