using AzureVmRole.Fabric.Guests.Beats;
using AzureVmRole.Fabric.Proofs;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Proofs;

/// <summary>Lines of real consoles.</summary>
public sealed class ConsoleWatchTests
{
    private readonly ConsoleWatch _watch = new(new ManualTimeProvider());

    public static TheoryData<string, string> Fatal => new()
    {
        { "ALERT!  UUID=6f1c0de0-a21e-4b5e-9d4e-000000000001 does not exist.  Dropping to a shell!", "lacks the driver of its controller: \"ALERT!  UUID=6f1c0de0" },
        { "[    2.1] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)", "root file system is not found" },
        { "[    2.1] Kernel panic - not syncing: Attempted to kill init! exitcode=0x00000100", "The kernel gave up" },
        { "The root filesystem on /dev/sda2 requires a manual fsck", "The root file system is damaged" },
        { "You are in emergency mode. After logging in, type \"journalctl -xb\" to view", "emergency mode" },
        { "Cannot open access to console, the root account is locked.", "emergency mode" },
        { "No bootable device.", "nothing to start on the disk" },
        { "BdsDxe: No bootable option or device was found.", "nothing to start on the disk" },
        { "Missing operating system.", "no operating system" },
    };

    public static TheoryData<string, string> Stages => new()
    {
        { "SeaBIOS (version 1.16.2-debian-1.16.2-1)", nameof(ConsoleStage.Firmware) },
        { "BdsDxe: starting Boot0001 \"UEFI QEMU QEMU HARDDISK \" from PciRoot(0x0)", nameof(ConsoleStage.Firmware) },
        { "SYSLINUX 6.04 EDD 20210613 Copyright (C) 1994-2015 H. Peter Anvin et al", nameof(ConsoleStage.Loader) },
        { "[    0.000000] Linux version 6.1.0-50-cloud-amd64 (debian-kernel@lists.debian.org)", nameof(ConsoleStage.Kernel) },
        { "Welcome to [1mDebian GNU/Linux 12 (bookworm)[0m!", nameof(ConsoleStage.System) },
        { "[[0;32m  OK  [0m] Started [0;1;39mserial-getty@ttyS0rvice[0m - Serial Getty on ttyS0.", nameof(ConsoleStage.Silent) },
        { "[    0.000000] printk: console [ttyS0] enabled", nameof(ConsoleStage.Silent) },
        { "Debian GNU/Linux 12 debian ttyS0", nameof(ConsoleStage.Login) },
        { "localhost login: ", nameof(ConsoleStage.Login) },
    };

    [Theory]
    [MemberData(nameof(Fatal))]
    public void Take_FatalLine_IsTheVerdictOnce(string line, string verdict)
    {
        Assert.True(_watch.Take(line));
        Assert.False(_watch.Take(line));
        Assert.Contains(verdict, _watch.Verdict, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Stages))]
    public void Take_Line_ShowsHowFarItIs(string line, string stage)
    {
        _watch.Take(line);

        Assert.Equal((stage, null), (_watch.Stage.ToString(), _watch.Verdict));
    }

    [Fact]
    public void TakePrompt_OfALoaderThatLostItsFiles_IsTheVerdict()
    {
        _watch.Take("SeaBIOS (version 1.16.2-debian-1.16.2-1)");
        _watch.TakePrompt("gru");
        _watch.TakePrompt("grub rescue> ");

        Assert.Equal("The boot loader does not find its files: \"grub rescue>\".", _watch.Verdict);
    }

    [Theory]
    [InlineData("web1 app[7]: No bootable device")]
    [InlineData("web1 app[7]: Boot error")]
    [InlineData("web1 app[7]: ALERT! /srv/data does not exist")]
    public void Take_WordsOfEarlierStagesOnceItRuns_MeanNothing(string line)
    {
        _watch.Take("Debian GNU/Linux 12 web1 ttyS0");

        Assert.False(_watch.Take(line));
    }

    [Theory]
    [InlineData(ServiceStart.Unknown, "Debian GNU/Linux 12 debian ttyS0")]
    [InlineData(ServiceStart.Unknown, "[[0;32m  OK  [0m] Reached target [0;1;39mmulti-user.target[0m - Multi-User System.")]
    [InlineData(ServiceStart.Running, "[[0;32m  OK  [0m] Reached target [0;1;39mbasic.target[0m - Basic System.", "[[0;32m  OK  [0m] Reached target [0;1;39mnetwork.target[0m - Network.")]
    [InlineData(ServiceStart.Prompted, "[[0;32m  OK  [0m] Reached target [0;1;39mbasic.target[0m - Basic System.", "Debian GNU/Linux 12 debian ttyS0", "debian login: ")]
    [InlineData(ServiceStart.DoneWithoutAgent, "[[0;32m  OK  [0m] Reached target [0;1;39mbasic.target[0m - Basic System.", "Debian GNU/Linux 12 debian ttyS0", "[[0;32m  OK  [0m] Reached target [0;1;39mmulti-user.target[0m - Multi-User System.")]
    [InlineData(ServiceStart.DoneWithoutAgent, "[[0;32m  OK  [0m] Reached target [0;1;39mbasic.target[0m - Basic System.", "[[0;32m  OK  [0m] Started [0;1;39mssh.service[0m - OpenBSD Secure Shell server.", "[[0;32m  OK  [0m] Reached target [0;1;39mmulti-user.target[0m - Multi-User System.")]
    [InlineData(ServiceStart.DoneWithoutAgent, "[  OK  ] Reached target Basic System.", "[  OK  ] Reached target Multi-User System.", "[  OK  ] Reached target Graphical Interface.")]
    [InlineData(ServiceStart.DoneWithAgent, "[[0;32m  OK  [0m] Reached target [0;1;39mbasic.target[0m - Basic System.", "[[0;32m  OK  [0m] Started [0;1;39mwalinuxagent.service[0m - Azure Linux Agent.", "[[0;32m  OK  [0m] Reached target [0;1;39mmulti-user.target[0m - Multi-User System.")]
    [InlineData(ServiceStart.DoneWithAgent, "[  OK  ] Reached target Basic System.", "[  OK  ] Started Azure Linux Agent.", "[  OK  ] Reached target Multi-User System.")]
    public void Take_ServicesStart_TellsHowFarAndWhetherTheAgentIsOneOfThem(object services, params string[] lines)
    {
        Array.ForEach(lines, line => _watch.Take(line));
        Assert.Equal(services, _watch.Services);

        _watch.Restart();
        Assert.Equal(ServiceStart.Unknown, _watch.Services);
    }

    [Fact]
    public void Take_FirmwareAgain_IsANewBoot()
    {
        _watch.Take("Debian GNU/Linux 12 web1 ttyS0");
        _watch.Take("SeaBIOS (version 1.16.2-debian-1.16.2-1)");

        Assert.Equal(ConsoleStage.Firmware, _watch.Stage);
        Assert.True(_watch.Take("No bootable device."));
    }
}
