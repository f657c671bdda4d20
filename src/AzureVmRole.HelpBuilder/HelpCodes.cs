namespace AzureVmRole.HelpBuilder;

/// <summary>The stable codes of the checks.</summary>
internal static class HelpCodes
{
    /// <summary>A heading is missing, unknown, double or out of order.</summary>
    public const string PageShape = "HELP001";

    /// <summary>A cmdlet has no page.</summary>
    public const string PageMissing = "HELP002";

    /// <summary>A page is about no cmdlet.</summary>
    public const string CmdletUnknown = "HELP003";

    /// <summary>A cmdlet's parameter is not described.</summary>
    public const string ParameterUndocumented = "HELP004";

    /// <summary>A page describes a parameter that does not exist, or describes one twice.</summary>
    public const string ParameterUnknown = "HELP005";

    /// <summary>A section, or the text of a parameter, is empty.</summary>
    public const string TextMissing = "HELP006";

    /// <summary>There is no example, or one without code.</summary>
    public const string ExampleMissing = "HELP007";

    /// <summary>An error id is not one of the module's.</summary>
    public const string ErrorIdUnknown = "HELP008";

    /// <summary>A link leads nowhere.</summary>
    public const string LinkBroken = "HELP009";

    /// <summary>The types under Outputs are not those the cmdlet declares.</summary>
    public const string OutputsDiffer = "HELP010";

    /// <summary>An error id of the module is explained on no page.</summary>
    public const string ErrorIdUnexplained = "HELP011";
}
