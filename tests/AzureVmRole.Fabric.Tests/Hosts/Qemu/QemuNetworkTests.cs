using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AzureVmRole.Fabric.Hosts.Qemu;
using AzureVmRole.TestKit;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Hosts.Qemu;

public sealed class QemuNetworkTests
{
    private const int Timeout = 60_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("5.2", false)]
    [InlineData("7.1", false)]
    [InlineData("7.2", true)]
    [InlineData("10.0", true)]
    public void Listen_Version_DecidesOnTheSocket(string version, bool isUnix)
    {
        using var files = QemuFiles.Make();
        using var network = QemuNetwork.Listen(Qemu(version), files);

        Assert.Equal(isUnix, File.Exists(files.NetworkPath));
        Assert.Equal(isUnix ? null : IPAddress.Loopback, network.Endpoint?.Address);
    }

    [Fact(Timeout = Timeout)]
    public async Task Accept_OnLoopback_TakesOneConnection_AndNoOther()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The accounts of connections are looked up in Linux's table.");
        using var files = QemuFiles.Make();
        using var network = QemuNetwork.Listen(Qemu("6.2"), files);
        IPEndPoint endpoint = network.Endpoint!;
        using var first = new TcpClient(AddressFamily.InterNetwork);
        await first.ConnectAsync(endpoint, Token);

        using Socket accepted = await network.AcceptAsync(Token);

        Assert.Equal(first.Client.LocalEndPoint, accepted.RemoteEndPoint);
        using var second = new TcpClient(AddressFamily.InterNetwork);
        SocketException refusal = await Assert.ThrowsAsync<SocketException>(() => second.ConnectAsync(endpoint, Token).AsTask());
        Assert.Equal(SocketError.ConnectionRefused, refusal.SocketErrorCode);
    }

    [Fact(Timeout = Timeout)]
    public async Task Accept_StrangerComesFirst_IsClosed_AndOursIsTaken()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && ExternalProgram.IsInstalled("setpriv"), "Needs root, to become another account.");
        using var files = QemuFiles.Make();
        using var network = QemuNetwork.Listen(Qemu("6.2"), files);
        IPEndPoint endpoint = network.Endpoint!;
        Task<Socket> accepting = network.AcceptAsync(Token);

        // It says what it has been sent, which is nothing, when its connection is closed.
        ProgramResult stranger = await ExternalProgram.RunAsync(
            Token, "setpriv", "--reuid", "65534", "--clear-groups", "bash", "-c", $"exec 3<>/dev/tcp/127.0.0.1/{endpoint.Port.ToString(CultureInfo.InvariantCulture)}; cat <&3 2>&1; echo closed");
        Assert.False(accepting.IsCompleted);
        using var own = new TcpClient(AddressFamily.InterNetwork);
        await own.ConnectAsync(endpoint, Token);
        using Socket accepted = await accepting;

        Assert.EndsWith("closed", stranger.Output.Trim(), StringComparison.Ordinal);
        Assert.Equal(own.Client.LocalEndPoint, accepted.RemoteEndPoint);
    }

    private static QemuInstallation Qemu(string version) => new("/qemu", Version.Parse(version), Firmware: null, "tcg");
}
