namespace System.Management.Automation;

/// <summary>An exception that knows how PowerShell reports it.</summary>
public interface IContainsErrorRecord
{
    /// <summary>The report.</summary>
    ErrorRecord ErrorRecord { get; }
}
