using System.Management.Automation;
using AzureVmRole.Shell.Commands;

namespace AzureVmRole.Shell.BuiltIn;

/// <summary>
/// The commands of PowerShell that the shell has too, so that scripts around the cmdlets run in both. A fixed list: looking
/// for them would cost start-up time.
/// </summary>
internal static class BuiltInCommands
{
    private const string Core = "Microsoft.PowerShell.Core";
    private const string Utility = "Microsoft.PowerShell.Utility";
    private const string Management = "Microsoft.PowerShell.Management";

    private static readonly (string Name, Type Type, string Source)[] Commands =
    [
        ("ConvertTo-Json", typeof(ConvertToJsonCommand), Utility),
        ("Format-List", typeof(FormatListCommand), Utility),
        ("Format-Table", typeof(FormatTableCommand), Utility),
        ("Get-ChildItem", typeof(GetChildItemCommand), Management),
        ("Get-Command", typeof(GetCommandCommand), Core),
        ("Get-Help", typeof(GetHelpCommand), Core),
        ("Get-Location", typeof(GetLocationCommand), Management),
        ("Import-Module", typeof(ImportModuleCommand), Core),
        ("New-Item", typeof(NewItemCommand), Management),
        ("Out-Null", typeof(OutNullCommand), Core),
        ("Remove-Item", typeof(RemoveItemCommand), Management),
        ("Select-Object", typeof(SelectObjectCommand), Utility),
        ("Set-Location", typeof(SetLocationCommand), Management),
        ("Test-Path", typeof(TestPathCommand), Management),
        ("Write-Host", typeof(WriteHostCommand), Utility),
        ("Write-Output", typeof(WriteOutputCommand), Utility),
    ];

    // Those that PowerShell has on every platform; ls, rm and the like are programs elsewhere.
    private static readonly (string Alias, string Name)[] Aliases =
    [
        ("cd", "Set-Location"), ("chdir", "Set-Location"), ("sl", "Set-Location"), ("gl", "Get-Location"),
        ("dir", "Get-ChildItem"), ("gci", "Get-ChildItem"), ("gcm", "Get-Command"), ("help", "Get-Help"),
        ("ipmo", "Import-Module"), ("ni", "New-Item"), ("ri", "Remove-Item"), ("del", "Remove-Item"),
        ("select", "Select-Object"), ("fl", "Format-List"), ("ft", "Format-Table"), ("echo", "Write-Output"),
    ];

    public static void AddTo(CommandTable commands)
    {
        Version version = new(7, 0, 0, 0);
        foreach ((string name, Type type, string source) in Commands)
        {
            commands.Add(new CmdletInfo(name, type, source, version));
        }

        foreach ((string alias, string name) in Aliases)
        {
            commands.AddAlias(alias, name);
        }
    }
}
