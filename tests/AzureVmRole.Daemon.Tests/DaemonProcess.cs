using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using AzureVmRole.Daemon.Hosting;

namespace AzureVmRole.Daemon.Tests;

/// <summary>The daemon as a process of its own, and a client of it that has the token and pins the certificate.</summary>
internal sealed class DaemonProcess : IDisposable
{
    /// <summary>The exit code of a process that was killed.</summary>
    public const int KilledCode = 128 + 9;

    private readonly Process _process;
    private readonly Task<string> _errors;

    private DaemonProcess(Process process, Task<string> errors, string home, Uri endpoint)
    {
        _process = process;
        _errors = errors;
        HomePath = home;
        Endpoint = endpoint;
        Note = (JsonObject)JsonNode.Parse(File.ReadAllText(FileOf("fabric.json")))!;
        Client = NewClient();
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", File.ReadAllText(FileOf("token")).Trim());
    }

    public string HomePath { get; }

    public Uri Endpoint { get; }

    /// <summary>fabric.json as it was when the daemon had started.</summary>
    public JsonObject Note { get; }

    public HttpClient Client { get; }

    public int Id => _process.Id;

    /// <summary>Where the subscription's resources are.</summary>
    public string Subscription => $"/subscriptions/{Note["subscriptionId"]}";

    /// <summary>The bytes of memory that it occupies.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a daemon.</summary>
    /// <param name="home">Its home folder.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="arm">Changes the process's environment.</param>
    /// <param name="more">Further arguments.</param>
    /// <returns>The daemon when it answers; null when it ended before, with its exit code and what it wrote.</returns>
    public static async Task<(DaemonProcess? Daemon, int ExitCode, string Errors)> TryStartAsync(
        string home, CancellationToken cancellationToken, Action<IDictionary<string, string?>>? arm = null, params string[] more)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(DaemonRun).Assembly.Location, "--home", home, .. more.Contains("--host-kind", StringComparer.Ordinal) ? more : ["--host-kind", "simulated", .. more]])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        arm?.Invoke(start.Environment);
        Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        if (await process.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
        {
            return (new DaemonProcess(process, errors, home, new Uri(line)), 0, "");
        }

        await process.WaitForExitAsync(cancellationToken);
        int code = process.ExitCode;
        process.Dispose();
        return (null, code, await errors);
    }

    /// <summary>Starts a daemon that has to start.</summary>
    public static async Task<DaemonProcess> StartAsync(string home, CancellationToken cancellationToken, params string[] more)
    {
        (DaemonProcess? daemon, int code, string errors) = await TryStartAsync(home, cancellationToken, null, more);
        return daemon ?? throw new InvalidOperationException($"The daemon ended with {code}: {errors}");
    }

    /// <summary>A file of the daemon.</summary>
    public string FileOf(string name) => Path.Combine(HomePath, "fabric", name);

    /// <summary>A client without the token.</summary>
    public HttpClient NewClient()
    {
        string thumbprint = Note["thumbprint"]!.ToString();
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            certificate is X509Certificate2 shown && shown.GetCertHashString(HashAlgorithmName.SHA256) == thumbprint;
        return new HttpClient(handler) { BaseAddress = Endpoint, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>Sends a request with the token.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="method">The method.</param>
    /// <param name="path">The path, with or without a query; the api-version is added.</param>
    /// <param name="body">The body; null for none.</param>
    /// <param name="requestId">The client's id of the request; null for none.</param>
    public async Task<DaemonAnswer> SendAsync(CancellationToken cancellationToken, string method, string path, string? body = null, string? requestId = null)
    {
        string address = path.Contains("api-version", StringComparison.Ordinal) ? path : $"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}api-version=2023-07-01";
        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (requestId is not null)
        {
            request.Headers.TryAddWithoutValidation("x-ms-client-request-id", requestId);
        }

        using HttpResponseMessage response = await Client.SendAsync(request, cancellationToken);
        string text = await response.Content.ReadAsStringAsync(cancellationToken);
        string? operation = response.Headers.TryGetValues("Azure-AsyncOperation", out IEnumerable<string>? status) ? status.First()
            : response.Headers.Location?.OriginalString;
        return new DaemonAnswer(response.StatusCode, text.Length > 0 ? JsonNode.Parse(text)! : new JsonObject(), operation is null ? null : new Uri(operation).PathAndQuery);
    }

    /// <summary>Follows an operation to its end; the daemon holds each question.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="path">Where its status is.</param>
    public async Task<DaemonAnswer> EndAsync(CancellationToken cancellationToken, string path)
    {
        while (true)
        {
            DaemonAnswer answer = await SendAsync(cancellationToken, "GET", path);
            if (answer.Status != HttpStatusCode.Accepted && (string?)answer.Body["status"] != "InProgress")
            {
                return answer;
            }
        }
    }

    /// <summary>Ends the process as a loss of power would.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code, and what it wrote.</returns>
    public async Task<(int ExitCode, string Errors)> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return (_process.ExitCode, await _errors);
    }

    /// <summary>Stops it gracefully.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        await SendAsync(cancellationToken, "POST", "/fabric/stop");
        return (await WaitForExitAsync(cancellationToken)).ExitCode;
    }

    public void Dispose()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
