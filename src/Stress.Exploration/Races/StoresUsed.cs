namespace Stress.Exploration;

/// <summary>Weak memory: the stores that an access used. The default stands for the newest, where there is no choice.
/// </summary>
/// <param name="Read">The store that it read, or was placed behind; 0 for the newest.</param>
/// <param name="Made">The store that it made; not used when it only read.</param>
/// <param name="IsNewest">Whether the one that it made, or else the one that it read, is the newest.</param>
/// <param name="IsWhole">Whether a store replaces all that the one before it wrote.</param>
internal readonly record struct StoresUsed(int Read, int Made, bool IsNewest, bool IsWhole);
