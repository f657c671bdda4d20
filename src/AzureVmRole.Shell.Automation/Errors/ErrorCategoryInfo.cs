using System.Globalization;

namespace System.Management.Automation;

/// <summary>What kind of error an <see cref="ErrorRecord"/> is, and about what.</summary>
public sealed class ErrorCategoryInfo
{
    internal ErrorCategoryInfo(ErrorCategory category, Exception exception, object? target)
    {
        Category = category;
        Reason = exception.GetType().Name;
        TargetName = target?.ToString() ?? "";
        TargetType = target?.GetType().Name ?? "";
    }

    /// <summary>The command that failed.</summary>
    public string Activity { get; set; } = "";

    /// <summary>The kind of error.</summary>
    public ErrorCategory Category { get; }

    /// <summary>The exception's type.</summary>
    public string Reason { get; set; }

    /// <summary>The object it is about.</summary>
    public string TargetName { get; set; }

    /// <summary>The type of the object it is about.</summary>
    public string TargetType { get; set; }

    /// <summary>Returns the parts as one line.</summary>
    public string GetMessage() => string.Create(
        CultureInfo.InvariantCulture, $"{Category}: ({TargetName}:{TargetType}) [{Activity}], {Reason}");

    /// <inheritdoc/>
    public override string ToString() => GetMessage();
}
