using System.Management.Automation;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>Takes a plain number for a time span as days; without it a number would be ticks of 100 nanoseconds.</summary>
internal sealed class DaysAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        return value is int or long or double or decimal
            ? TimeSpan.FromDays(LanguagePrimitives.ConvertTo<double>(value))
            : inputData;
    }
}
