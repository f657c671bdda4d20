using AzureVmRole.PowerShell.Runtime;
using Xunit;

namespace AzureVmRole.PowerShell.Tests.Runtime;

public sealed class ProgressMeterTests
{
    private const long MiB = 1024 * 1024;
    private readonly ManualTimeProvider _clock = new();

    [Fact]
    public void TrySample_BeforeInterval_IsFalse()
    {
        var meter = new ProgressMeter(_clock);
        meter.Report(new TransferProgress("Copy", MiB, 10 * MiB));

        _clock.Advance(ProgressMeter.Interval - TimeSpan.FromTicks(1));

        Assert.False(meter.TrySample(out _));
        Assert.False(meter.HasSampled);
    }

    [Fact]
    public void TrySample_NothingReported_IsFalse()
    {
        var meter = new ProgressMeter(_clock);
        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.False(meter.TrySample(out _));
    }

    [Fact]
    public void TrySample_SeveralReports_ShowsTheLastOnce()
    {
        var meter = new ProgressMeter(_clock);
        meter.Report(new TransferProgress("Copy", 1, 10 * MiB));
        meter.Report(new TransferProgress("Copy", 5 * MiB, 10 * MiB));
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.True(meter.TrySample(out ProgressSample sample));
        Assert.Equal(new ProgressSample("Copy", "5 MiB of 10 MiB, 5 MiB/s", 50, 1), sample);
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(meter.TrySample(out _));
        Assert.Equal(sample, meter.Last);
    }

    [Fact]
    public void TrySample_RateFalls_FollowsWithinSeconds()
    {
        var meter = new ProgressMeter(_clock);
        long done = 0;
        for (int second = 0; second < 10; second++)
        {
            Step(100 * MiB);
        }

        ProgressSample slow = default;
        for (int second = 0; second < 12; second++)
        {
            slow = Step(10 * MiB);
        }

        // 12 seconds are four times the meter's memory: what is left of the fast rate is under 2 %.
        int expected = (int)(((100_000 * MiB) - done) / (10.0 * MiB));
        Assert.InRange(slow.SecondsRemaining, expected * 0.8, expected * 1.01);

        ProgressSample Step(long byteCount)
        {
            done += byteCount;
            meter.Report(new TransferProgress("Copy", done, 100_000 * MiB));
            _clock.Advance(TimeSpan.FromSeconds(1));
            Assert.True(meter.TrySample(out ProgressSample sample));
            return sample;
        }
    }

    [Fact]
    public void TrySample_NothingDoneYet_HasNoTimeLeft()
    {
        var meter = new ProgressMeter(_clock);
        meter.Report(new TransferProgress("Copy", 0, MiB));
        _clock.Advance(ProgressMeter.Interval);

        Assert.True(meter.TrySample(out ProgressSample sample));
        Assert.Equal(-1, sample.SecondsRemaining);
        Assert.Equal(0, sample.PercentComplete);
    }

    [Fact]
    public void TrySample_TotalUnknownOrExceeded_StaysInRange()
    {
        var meter = new ProgressMeter(_clock);
        meter.Report(new TransferProgress("Copy", MiB, 0));
        _clock.Advance(ProgressMeter.Interval);
        Assert.True(meter.TrySample(out ProgressSample unknown));
        meter.Report(new TransferProgress("Copy", 3 * MiB, 2 * MiB));
        _clock.Advance(ProgressMeter.Interval);
        Assert.True(meter.TrySample(out ProgressSample exceeded));

        Assert.Equal(0, unknown.PercentComplete);
        Assert.Equal(100, exceeded.PercentComplete);
        Assert.Equal(0, exceeded.SecondsRemaining);
    }
}
