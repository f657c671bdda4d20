using System.Management.Automation;
using AzureVmRole.PowerShell.Runtime;
using Xunit;

namespace AzureVmRole.PowerShell.Tests.Runtime;

public sealed class ErrorRecordsTests
{
    public static TheoryData<ErrorCode> Codes => [.. Enum.GetValues<ErrorCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void CategoryOf_EveryCode_IsSpecified(ErrorCode code) =>
        Assert.NotEqual(ErrorCategory.NotSpecified, ErrorRecords.CategoryOf(code));

    [Fact]
    public void CategoryOf_UnknownCode_IsNotSpecified() =>
        Assert.Equal(ErrorCategory.NotSpecified, ErrorRecords.CategoryOf((ErrorCode)(-1)));

    [Theory]
    [InlineData(ErrorCode.FileNotFound, ErrorCategory.ObjectNotFound)]
    [InlineData(ErrorCode.AccessDenied, ErrorCategory.PermissionDenied)]
    [InlineData(ErrorCode.TargetExists, ErrorCategory.ResourceExists)]
    [InlineData(ErrorCode.DiskInUse, ErrorCategory.ResourceBusy)]
    [InlineData(ErrorCode.InsufficientSpace, ErrorCategory.LimitsExceeded)]
    [InlineData(ErrorCode.VhdFooterChecksumMismatch, ErrorCategory.InvalidData)]
    [InlineData(ErrorCode.Qcow2TableInvalid, ErrorCategory.InvalidData)]
    [InlineData(ErrorCode.PathNotFileSystem, ErrorCategory.InvalidArgument)]
    public void CategoryOf_Code_IsWhatScriptsRelyOn(ErrorCode code, ErrorCategory expected) =>
        Assert.Equal(expected, ErrorRecords.CategoryOf(code));
}
