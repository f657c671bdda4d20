using System.Globalization;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Network;
using AzureVmRole.Fabric.Hosts;

namespace AzureVmRole.Fabric.Proofs;

/// <summary>Logs in to a guest with the program <c>ssh</c>, through a port of this machine.</summary>
internal static class SshClient
{
    private const string Program = "ssh";
    private const int Port = 22;

    // Under emulation the exchange of keys takes seconds.
    private static readonly TimeSpan LongestTry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(2);

    /// <summary>Tries until it succeeds, or until there is no more time.</summary>
    /// <param name="segment">The guest's network.</param>
    /// <param name="key">The key that the guest was given.</param>
    /// <param name="user">The account that the guest was given.</param>
    /// <param name="clock">The time.</param>
    /// <param name="limit">Cancelled when there is no more time: what the last try has shown is the result.</param>
    public static async Task<SshTrial> TryAsync(Segment segment, ProofKey key, string user, TimeProvider clock, CancellationToken limit)
    {
        if (LocalProgram.Find(Program) is not { } program)
        {
            return new SshTrial(null, $"Not tried: there is no program '{Program}' on this machine's PATH.");
        }

        var last = new SshTrial(false, "The guest did not answer on port 22 in time.");
        var forward = PortForward.Start(segment, Port);
        await using (forward.ConfigureAwait(false))
        {
            try
            {
                while (last.IsLoggedIn != true)
                {
                    last = await TryOnceAsync(program, segment, forward.Endpoint.Port, key, user, limit).ConfigureAwait(false);
                    if (last.IsLoggedIn != true)
                    {
                        await Task.Delay(BetweenTries, clock, limit).ConfigureAwait(false);
                    }
                }
            }
            catch (OperationCanceledException) when (limit.IsCancellationRequested)
            {
                // No more time.
            }

            return last;
        }
    }

    private static async Task<SshTrial> TryOnceAsync(string program, Segment segment, int port, ProofKey key, string user, CancellationToken cancellationToken)
    {
        try
        {
            GuestStream stream = await segment.ConnectAsync(Port, cancellationToken).ConfigureAwait(false);
            await stream.DisposeAsync().ConfigureAwait(false);
        }
        catch (IOException)
        {
            return new SshTrial(false, "The guest refuses connections to port 22, or does not answer there: no SSH server runs, or a firewall is in front of it.");
        }

        string[] arguments =
        [
            "-F", "none", "-T", "-p", port.ToString(CultureInfo.InvariantCulture), "-i", key.PrivatePath, "-l", user,
            "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "IdentityAgent=none", "-o", "PreferredAuthentications=publickey", "-o", "StrictHostKeyChecking=no",
            "-o", $"UserKnownHostsFile={(OperatingSystem.IsWindows() ? "NUL" : "/dev/null")}", "-o", "GlobalKnownHostsFile=none", "-o", "LogLevel=ERROR", "-o", "ConnectTimeout=20",
            "127.0.0.1", "true",
        ];
        (int? exit, _, string errors) = await LocalProgram.RunAsync(program, arguments, LongestTry, cancellationToken).ConfigureAwait(false);
        string said = GuestText.Clean(errors)?.ReplaceLineEndings(" ") ?? "";
        return exit switch
        {
            0 => new SshTrial(true, $"'{user}' logged in with the key that the guest was given."),
            null => new SshTrial(false, $"An SSH server answers, but nobody was logged in within {LongestTry.TotalSeconds:0} s. {said}".TrimEnd()),
            _ => new SshTrial(false, $"An SSH server answers, but '{user}' was not let in: {said}".TrimEnd(' ', ':')),
        };
    }
}
