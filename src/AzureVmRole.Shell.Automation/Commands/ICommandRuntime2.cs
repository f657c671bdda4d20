namespace System.Management.Automation;

/// <summary>The later part of <see cref="ICommandRuntime"/>.</summary>
public interface ICommandRuntime2 : ICommandRuntime
{
    /// <summary>Writes a message.</summary>
    void WriteInformation(InformationRecord informationRecord);

    /// <summary>Asks a second time; a security question has no default answer.</summary>
    bool ShouldContinue(string? query, string? caption, bool hasSecurityImpact, ref bool yesToAll, ref bool noToAll);
}
