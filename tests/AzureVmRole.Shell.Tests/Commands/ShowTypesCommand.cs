using System.Management.Automation;

namespace AzureVmRole.Shell.Tests.Commands;

[Cmdlet(VerbsCommon.Show, "Types")]
public sealed class ShowTypesCommand : ShowBindingCommand
{
    [Parameter]
    public int Int { get; set; }

    [Parameter]
    public ulong? ULong { get; set; }

    [Parameter]
    public string? Text { get; set; }

    [Parameter]
    [Alias("Words")]
    public string[] Texts { get; set; } = [];

    [Parameter]
    public int[] Numbers { get; set; } = [];

    [Parameter]
    public WidgetColour Colour { get; set; }

    [Parameter]
    public bool Flag { get; set; }

    [Parameter]
    public SwitchParameter Switch { get; set; }

    [Parameter]
    public Guid Guid { get; set; }

    [Parameter]
    public TimeSpan Span { get; set; }

    [Parameter]
    public Uri? Uri { get; set; }

    [Parameter]
    public FileInfo? File { get; set; }

    [Parameter]
    public object? Any { get; set; }
}
