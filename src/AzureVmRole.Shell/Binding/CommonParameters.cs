using System.Management.Automation;

namespace AzureVmRole.Shell.Binding;

/// <summary>The parameters that every cmdlet has (about_CommonParameters).</summary>
internal sealed class CommonParameters
{
    [Parameter]
    [Alias("vb")]
    public SwitchParameter Verbose { get; set; }

    [Parameter]
    [Alias("db")]
    public SwitchParameter Debug { get; set; }

    [Parameter]
    [Alias("ea")]
    public ActionPreference ErrorAction { get; set; } = ActionPreference.Continue;

    [Parameter]
    [Alias("wa")]
    public ActionPreference WarningAction { get; set; } = ActionPreference.Continue;

    [Parameter]
    [Alias("infa")]
    public ActionPreference InformationAction { get; set; } = ActionPreference.SilentlyContinue;

    [Parameter]
    [Alias("proga")]
    public ActionPreference ProgressAction { get; set; } = ActionPreference.Continue;

    [Parameter]
    [Alias("ev")]
    public string? ErrorVariable { get; set; }

    [Parameter]
    [Alias("wv")]
    public string? WarningVariable { get; set; }

    [Parameter]
    [Alias("iv")]
    public string? InformationVariable { get; set; }

    [Parameter]
    [Alias("ov")]
    public string? OutVariable { get; set; }

    [Parameter]
    [Alias("ob")]
    public int OutBuffer { get; set; }

    [Parameter]
    [Alias("pv")]
    public string? PipelineVariable { get; set; }

    /// <summary>Whether the shell refuses a common parameter: it has no variables to write to.</summary>
    public static bool Refuses(string name) => name
        is nameof(ErrorVariable)
        or nameof(WarningVariable)
        or nameof(InformationVariable)
        or nameof(OutVariable)
        or nameof(OutBuffer)
        or nameof(PipelineVariable);
}
