namespace Stress.Mm.Tests.ListLru;

/// <summary>A list of up to 15 places in a word: place + 1 in four bits each, the first item lowest.</summary>
internal static class PackedList
{
    public static int Length(ulong list)
    {
        int length = 0;
        while (list != 0)
        {
            length++;
            list >>= 4;
        }

        return length;
    }

    public static int At(ulong list, int index) => (int)((list >> (index * 4)) & 0xf) - 1;

    public static ulong Append(ulong list, int place) => list | ((ulong)(place + 1) << (Length(list) * 4));

    public static ulong RemoveAt(ulong list, int index)
    {
        ulong before = list & ((1ul << (index * 4)) - 1);
        return before | ((list >> (index * 4) >> 4) << (index * 4));
    }

    public static ulong Concat(ulong first, ulong second) => first | (second << (Length(first) * 4));

    public static int IndexOf(ulong list, int place)
    {
        for (int index = 0; index < Length(list); index++)
        {
            if (At(list, index) == place)
            {
                return index;
            }
        }

        return -1;
    }
}
