namespace AzureVmRole.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record BenchmarkOptions
{
    public string Folder { get; init; } = Path.Combine(Path.GetTempPath(), "azvmrole-bench");

    public int Runs { get; init; } = 5;

    public int IdleSeconds { get; init; }

    /// <summary>Whether the peer is asked to bring its file to stable storage, as the engine always does.</summary>
    public bool PeerFlushes { get; init; }

    public IReadOnlyList<string> Disks { get; init; } = ["sparse", "dense", "filesystem", "quick"];

    public IReadOnlyList<string> Cases { get; init; } = [];

    /// <summary>One conversion in this process and nothing else, for measuring its memory.</summary>
    public (string Source, string Target, VhdType Type)? Single { get; init; }

    /// <summary>Whether transfers are measured instead of conversions.</summary>
    public bool MeasuresStorage { get; init; }

    /// <summary>Whether the local fabric is measured instead of conversions.</summary>
    public bool MeasuresFabric { get; init; }

    /// <summary>How many virtual machines the fabric gets.</summary>
    public int Machines { get; init; } = 10_000;

    /// <summary>Whether the disks stay for the next run.</summary>
    public bool KeepsDisks { get; init; }

    public static BenchmarkOptions Parse(string[] arguments)
    {
        var options = new BenchmarkOptions();
        for (int index = 0; index < arguments.Length; index++)
        {
            options = arguments[index] switch
            {
                "--folder" => options with { Folder = arguments[++index] },
                "--runs" => options with { Runs = int.Parse(arguments[++index], null) },
                "--idle" => options with { IdleSeconds = int.Parse(arguments[++index], null) },
                "--flush" => options with { PeerFlushes = true },
                "--disks" => options with { Disks = arguments[++index].Split(',') },
                "--cases" => options with { Cases = arguments[++index].Split(',') },
                "--single" => options with
                {
                    Single = (arguments[++index], arguments[++index], Enum.Parse<VhdType>(arguments[++index], ignoreCase: true)),
                },
                "--storage" => options with { MeasuresStorage = true },
                "--fabric" => options with { MeasuresFabric = true },
                "--machines" => options with { Machines = int.Parse(arguments[++index], null) },
                "--keep" => options with { KeepsDisks = true },
                _ => throw new ArgumentException($"Unknown option {arguments[index]}; see README.md beside this program.", nameof(arguments)),
            };
        }

        return options;
    }

    public bool IsWanted(string name) => Cases.Count == 0 || Cases.Any(wanted => name.Contains(wanted, StringComparison.Ordinal));
}
