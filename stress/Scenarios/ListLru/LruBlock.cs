using Stress.Locks;
using Stress.Machine;
using Stress.Mm.ListLru;

namespace Stress.Scenarios.ListLru;

/// <summary>The root block of the list_lru scenarios.</summary>
/// <remarks>
/// <code>
/// offset  bytes  field    written by
///      0    208  System   see MemcgSystem
///    208     32  Admin    see Mutex
///    256    192  Lru      see ListLru
///    448     32  Group    holder of Admin; read by anybody in a read section
///    480     64  Object   whoever takes an object or puts it there; it owns the object then
///    544      8  Kept     Prepare, one task: an object on no list
///    552      8  Watched  Prepare, one task: something that Check wants to look at
/// </code>
/// </remarks>
public readonly partial struct LruBlock<TRule>(nint at) : IHandle
    where TRule : struct, IListLruRule
{
    public const int Groups = 4;
    public const int Objects = 8;

    public static int Bytes => 576;

    public nint Address => at;

    public MemcgSystem<TRule> System => new(at);

    public Mutex Admin => new(at + 208, LruLocks.Admin);

    public ListLru<TRule> Lru => new(at + 256);

    public PlainPtr Kept => new(at + 544);

    public PlainPtr Watched => new(at + 552);

    public AtomicPtr Group(int index) => new(at + 448 + (index * 8));

    public AtomicPtr Object(int index) => new(at + 480 + (index * 8));
}
