namespace Stress.Machine.Native;

/// <summary>A CPU that a native task can run on.</summary>
/// <typeparam name="TSelf">The CPU itself.</typeparam>
internal interface IHostCpu<TSelf> : ICpu
    where TSelf : struct, IHostCpu<TSelf>
{
    /// <summary>The CPU of a task.</summary>
    static abstract TSelf Of(NativeTask task);
}
