namespace AzureVmRole.Daemon.Arm;

/// <summary>Which names resources may have at all; a type may be stricter. What passes is safe as a part of a file name on every system.</summary>
internal static class ResourceNames
{
    private const int LongestGroup = 90;
    private const int LongestResource = 80;

    /// <summary>Checks the name of a resource group.</summary>
    /// <exception cref="FabricException">It is none.</exception>
    public static void CheckGroup(string name)
    {
        if (name.Length > LongestGroup || name.EndsWith('.') || !name.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or '.' or '(' or ')'))
        {
            throw ArmErrors.InvalidGroupName(name, $"expected 1 to {LongestGroup} letters, digits, '-', '_', '.', '(' or ')', and no '.' at the end");
        }
    }

    /// <summary>Checks the name of a resource in a group.</summary>
    /// <exception cref="FabricException">It is none.</exception>
    public static void CheckResource(string name)
    {
        if (name.Length > LongestResource || !char.IsAsciiLetterOrDigit(name[0]) || name[^1] is '.' or '-'
            || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.'))
        {
            throw ArmErrors.InvalidResourceName(
                name, $"expected 1 to {LongestResource} letters, digits, '-', '_' or '.', a letter or digit first, and no '.' or '-' at the end");
        }
    }
}
