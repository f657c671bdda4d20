namespace AzureVmRole.HelpBuilder.Tests.Fixtures;

public enum ThingColour
{
    Red,
    Blue,
}
