using System.Globalization;
using System.Management.Automation;

namespace AzureVmRole.Shell.Tests.Commands;

/// <summary>Doubles a number; refuses 13.</summary>
public sealed class DoublesAttribute : ArgumentTransformationAttribute
{
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        int number = Convert.ToInt32(inputData, CultureInfo.InvariantCulture);
        return number == 13 ? throw new ArgumentTransformationMetadataException("13 is unlucky.") : number * 2;
    }
}
