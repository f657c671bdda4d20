using System.Runtime.InteropServices;
using System.Text;
using AzureVmRole.Fabric.Guests.Network;
using AzureVmRole.TestKit;
using Microsoft.Win32.SafeHandles;

namespace AzureVmRole.Fabric.Tests.Guests.Network;

/// <summary>A network namespace of this machine whose one adapter ends at a link: Linux's own network stack is the guest.</summary>
internal sealed partial class TapAdapter : IAsyncDisposable
{
    private const uint SetInterface = 0x400454ca;
    private const short Tap = 2;
    private const short NoPacketInformation = 0x1000;

    private readonly SafeFileHandle _device;
    private readonly Task _reading;
    private readonly Task _writing;

    private TapAdapter(string name, SafeFileHandle device, FrameLink link)
    {
        Namespace = name;
        _device = device;
        _reading = Task.Factory.StartNew(() => Read(link), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        _writing = WriteAsync(link);
    }

    /// <summary>Whether this account may make one.</summary>
    public static bool IsPossible => OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && File.Exists("/dev/net/tun") && ExternalProgram.IsInstalled("ip");

    public string Namespace { get; }

    /// <summary>Makes it, with the address and the routes that DHCP would give.</summary>
    public static async Task<TapAdapter> MakeAsync(FrameLink link, CancellationToken cancellationToken)
    {
        string name = $"azv{Environment.ProcessId % 100_000}{Random.Shared.Next(1000)}";
        SafeFileHandle device = File.OpenHandle("/dev/net/tun", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        byte[] request = new byte[40];
        Encoding.ASCII.GetBytes(name, request);
        BitConverter.TryWriteBytes(request.AsSpan(16), (short)(Tap | NoPacketInformation));
        if (Control(device, SetInterface, request) != 0)
        {
            throw new InvalidOperationException($"The adapter could not be made: {Marshal.GetLastPInvokeErrorMessage()}.");
        }

        var adapter = new TapAdapter(name, device, link);
        foreach (string command in new[]
        {
            $"netns add {name}",
            $"link set {name} address 00:0d:3a:12:34:56 netns {name}",
            $"-n {name} link set lo up",
            $"-n {name} addr add 10.0.0.4/24 dev {name}",
            $"-n {name} link set {name} up",
            $"-n {name} route add default via 10.0.0.1",
        })
        {
            await RunAsync(cancellationToken, "ip", command.Split(' '));
        }

        return adapter;
    }

    /// <summary>Runs a program as if it were in the guest.</summary>
    public Task<ProgramResult> RunInsideAsync(CancellationToken cancellationToken, string program, params string[] arguments) =>
        ExternalProgram.RunAsync(cancellationToken, "ip", ["netns", "exec", Namespace, program, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        await ExternalProgram.RunAsync(CancellationToken.None, "ip", "-n", Namespace, "link", "del", Namespace);
        await ExternalProgram.RunAsync(CancellationToken.None, "ip", "netns", "del", Namespace);
        await _reading;
        _device.Dispose();
    }

    private static async Task RunAsync(CancellationToken cancellationToken, string program, string[] arguments)
    {
        ProgramResult result = await ExternalProgram.RunAsync(cancellationToken, program, arguments);
        if (result.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {result.Error}");
        }
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle device, ulong request, byte[] argument);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadDevice(SafeFileHandle device, byte[] buffer, nint length);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteDevice(SafeFileHandle device, byte[] buffer, nint length);

    private void Read(FrameLink link)
    {
        byte[] frame = new byte[2048];
        while (ReadDevice(_device, frame, frame.Length) is > 0 and nint length)
        {
            link.WriteAsync(frame.AsMemory(0, (int)length), CancellationToken.None).AsTask().GetAwaiter().GetResult();
        }
    }

    private async Task WriteAsync(FrameLink link)
    {
        while (await link.ReadAsync(CancellationToken.None) is { IsEmpty: false } frame)
        {
            WriteDevice(_device, frame.ToArray(), frame.Length);
        }
    }
}
