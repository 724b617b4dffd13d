namespace Stress.Exploration;

/// <summary>One step of a story that matters, in words.</summary>
/// <param name="Task">Name of the task.</param>
/// <param name="Event">Which event of the run it is, from 0.</param>
/// <param name="Depth">How many operations of the task are open around it.</param>
/// <param name="Text">What the task did.</param>
/// <param name="IsMarked">Whether it is one of two racing accesses, or of the two events that decide.</param>
public sealed record StoryStep(string Task, int Event, int Depth, string Text, bool IsMarked);
