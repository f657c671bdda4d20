using System.Diagnostics;
using System.IO.Pipes;
using Xunit;

namespace AzureVmRole.Engine.Tests.Killing;

/// <summary>One operation in a process of its own.</summary>
internal sealed class TargetProcess : IDisposable
{
    private const int Killed = 128 + 9;

    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.In, HandleInheritability.Inheritable);
    private readonly Process _process = new();
    private readonly StreamReader _report;

    public TargetProcess(params string[] words)
    {
        _report = new StreamReader(_pipe);
        string program = Path.Combine(AppContext.BaseDirectory, "AzureVmRole.KillTarget.dll");
        _process.StartInfo = new ProcessStartInfo("dotnet", [program, _pipe.GetClientHandleAsString(), .. words])
        {
            UseShellExecute = false,
        };
    }

    /// <summary>The environment that the process gets.</summary>
    public IDictionary<string, string?> Environment => _process.StartInfo.Environment;

    /// <summary>The id of the process, 0 before it has started.</summary>
    public int Id { get; private set; }

    /// <summary>How long the operation took.</summary>
    public TimeSpan Duration { get; private set; }

    /// <summary>Whether the process was killed before its end.</summary>
    public bool WasKilled => _process.ExitCode == Killed;

    /// <summary>What it reported last: done and its peak memory, or its error.</summary>
    public string Report { get; private set; } = "";

    /// <summary>Runs the process as an account that owns nothing.</summary>
    public void RunAsNobody()
    {
        string[] command = [_process.StartInfo.FileName, .. _process.StartInfo.ArgumentList];
        _process.StartInfo.FileName = "setpriv";
        _process.StartInfo.ArgumentList.Clear();
        foreach (string word in new[] { "--reuid=65534", "--regid=65534", "--clear-groups" }.Concat(command))
        {
            _process.StartInfo.ArgumentList.Add(word);
        }
    }

    /// <summary>Runs the operation to its end.</summary>
    public async Task<TargetProcess> RunAsync()
    {
        await StartAsync();
        await WaitForEndAsync();
        return this;
    }

    /// <summary>Runs the operation until a time has passed, if it takes so long, and kills it.</summary>
    public async Task RunForAsync(TimeSpan time)
    {
        await StartAsync();
        if (!_process.WaitForExit(time))
        {
            _process.Kill();
        }

        await WaitForEndAsync();
    }

    /// <summary>Starts the process and waits until it is about to do what it is for.</summary>
    public async Task StartAsync()
    {
        _process.Start();
        Id = _process.Id;
        _pipe.DisposeLocalCopyOfClientHandle();
        Assert.Equal("go", await _report.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    public void Dispose()
    {
        if (Id != 0 && !_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
        _report.Dispose();
        _pipe.Dispose();
    }

    private async Task WaitForEndAsync()
    {
        long start = Stopwatch.GetTimestamp();
        Report = (await _report.ReadToEndAsync(TestContext.Current.CancellationToken)).TrimEnd();
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Duration = Stopwatch.GetElapsedTime(start);
    }
}
