namespace AzureVmRole.Shell.Tests.Commands;

public enum WidgetColour
{
    Red = 0,
    Green = 1,
    Grey = 2,
}
