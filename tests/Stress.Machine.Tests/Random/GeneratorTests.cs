using System;
using System.Collections.Generic;
using System.Linq;
using Xunit;

namespace Stress.Machine.Tests;

/// <summary>The generators against the numbers published for them, and what Stress asks of seeds.</summary>
public sealed class GeneratorTests
{
    [Fact]
    public void SplitMix64_Seed1234567_GivesThePublishedNumbers()
    {
        var generator = new SplitMix64(1234567);
        ulong[] published =
        [
            6457827717110365317,
            3203168211198807973,
            9817491932198370423,
            4593380528125082431,
            16408922859458223821,
        ];

        Assert.Equal(published, published.Select(_ => generator.Next()).ToArray());
    }

    [Fact]
    public void Xoshiro256_State1234_GivesThePublishedNumbers()
    {
        var generator = new Xoshiro256(1, 2, 3, 4);
        ulong[] published =
        [
            11520,
            0,
            1509978240,
            1215971899390074240,
            1216172134540287360,
            607988272756665600,
            16172922978634559625,
            8476171486693032832,
            10595114339597558777,
            2904607092377533576,
        ];

        Assert.Equal(published, published.Select(_ => generator.Next()).ToArray());
    }

    [Fact]
    public void Xoshiro256_Seed_FillsTheStateBySplitMix64()
    {
        var seeds = new SplitMix64(42);
        var expected = new Xoshiro256(seeds.Next(), seeds.Next(), seeds.Next(), seeds.Next());
        var seeded = new Xoshiro256(42);

        Assert.Equal(expected.Next(), seeded.Next());
        Assert.Equal(expected.Next(), seeded.Next());
    }

    [Fact]
    public void Xoshiro256_StateOfZeroes_IsRefused()
        => Assert.Throws<ArgumentException>(() => new Xoshiro256(0, 0, 0, 0));

    [Fact]
    public void Xoshiro256_SameSeed_GivesTheSameNumbers()
    {
        var one = new Xoshiro256(7);
        var other = new Xoshiro256(7);
        for (int i = 0; i < 100; i++)
        {
            Assert.Equal(one.Next(1000), other.Next(1000));
        }
    }

    [Fact]
    public void Xoshiro256_NeighbouringSeeds_DifferFromTheFirstNumber()
    {
        var firsts = new HashSet<ulong>();
        int[] lowBits = new int[2];
        for (ulong seed = 0; seed < 1000; seed++)
        {
            ulong first = new Xoshiro256(seed).Next();
            Assert.True(firsts.Add(first));
            lowBits[first & 1]++;
        }

        Assert.InRange(lowBits[0], 400, 600);
    }

    [Fact]
    public void Derive_NeighbouringSeedsAndNumbers_AllDiffer()
    {
        var derived = new HashSet<ulong>();
        for (ulong seed = 0; seed < 64; seed++)
        {
            for (ulong number = 0; number < 64; number++)
            {
                Assert.True(derived.Add(SplitMix64.Derive(seed, number)));
            }
        }
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(3u)]
    [InlineData(10u)]
    public void Next_Bound_DrawsEachValueAboutEquallyOften(uint bound)
    {
        var generator = new Xoshiro256(1);
        int[] counts = new int[bound];
        const int Draws = 20_000;
        for (int i = 0; i < Draws; i++)
        {
            counts[generator.Next(bound)]++;
        }

        int expected = Draws / (int)bound;
        Assert.All(counts, count => Assert.InRange(count, expected * 9 / 10, expected * 11 / 10));
    }

    [Fact]
    public void Next_BoundOverHalfTheRange_StaysBelowIt()
    {
        // Half of all draws have to be drawn again here: the slow half of the method runs.
        var generator = new Xoshiro256(1);
        const uint Bound = 0x8000_0001;
        for (int i = 0; i < 1000; i++)
        {
            Assert.True(generator.Next(Bound) < Bound);
        }
    }

    [Fact]
    public void NextIs_ZeroAndOne_AreNeverAndAlways()
    {
        var generator = new Xoshiro256(1);
        for (int i = 0; i < 1000; i++)
        {
            Assert.False(generator.NextIs(0));
            Assert.True(generator.NextIs(1));
        }
    }
}
