namespace System.Management.Automation;

/// <summary>An error as PowerShell reports it.</summary>
public sealed class ErrorRecord
{
    private readonly string _errorId;

    /// <summary>Describes an error.</summary>
    public ErrorRecord(Exception exception, string errorId, ErrorCategory errorCategory, object? targetObject)
    {
        Exception = exception;
        _errorId = errorId;
        TargetObject = targetObject;
        CategoryInfo = new ErrorCategoryInfo(errorCategory, exception, targetObject);
    }

    /// <summary>Copies an error, with another exception where one is given.</summary>
    public ErrorRecord(ErrorRecord errorRecord, Exception? replaceParentContainsErrorRecordException)
        : this(
            replaceParentContainsErrorRecordException ?? errorRecord.Exception,
            errorRecord._errorId,
            errorRecord.CategoryInfo.Category,
            errorRecord.TargetObject)
    {
        ErrorDetails = errorRecord.ErrorDetails;
        InvocationInfo = errorRecord.InvocationInfo;
    }

    /// <summary>The cause.</summary>
    public Exception Exception { get; }

    /// <summary>The object it is about; null when there is none.</summary>
    public object? TargetObject { get; }

    /// <summary>What kind of error it is.</summary>
    public ErrorCategoryInfo CategoryInfo { get; }

    /// <summary>The message that is shown, and what to do; null to show the exception's message.</summary>
    public ErrorDetails? ErrorDetails { get; set; }

    /// <summary>How the command that failed was called; null before it is written.</summary>
    public InvocationInfo? InvocationInfo { get; private set; }

    /// <summary>The error id, a comma and the class of the cmdlet that wrote it.</summary>
    public string FullyQualifiedErrorId => InvocationInfo?.MyCommand switch
    {
        CmdletInfo cmdlet => _errorId + "," + cmdlet.ImplementingType.FullName,
        { } command => _errorId + "," + command.Name,
        null => _errorId,
    };

    /// <inheritdoc/>
    public override string ToString() =>
        string.IsNullOrEmpty(ErrorDetails?.Message) ? Exception.Message : ErrorDetails.Message;

    internal void SetInvocationInfo(InvocationInfo invocation)
    {
        InvocationInfo ??= invocation;
        if (CategoryInfo.Activity.Length == 0)
        {
            CategoryInfo.Activity = invocation.MyCommand.Name;
        }
    }
}
