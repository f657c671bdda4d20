using Xunit;

namespace AzureVmRole.Engine.Tests.Misuse;

internal static class MisuseAssert
{
    /// <summary>Asserts that an error says what happened, to which file, and what to do.</summary>
    public static void Tells(AzureVmRoleException exception, ErrorCode code, string target)
    {
        Assert.True(code == exception.Code, $"{exception.Code}, expected {code}: {exception.Message}");
        Assert.Equal(target, exception.Target);
        Assert.Contains(target, exception.Message, StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(exception.RecommendedAction));
        bool isFormat = code is ErrorCode.DiskFormatUnknown || $"{code}".StartsWith("Vhd", StringComparison.Ordinal);
        Assert.Equal(isFormat, exception is DiskFormatException);
    }

    /// <summary>Asserts that a folder is as its copy: names, bytes and times.</summary>
    public static void IsUnchanged(DiskFolder folder, DiskFolder copy)
    {
        Assert.Equal(copy.Names, folder.Names);
        Assert.All(copy.Names, name =>
        {
            Assert.True(folder.HasSameFile(name, copy), $"'{name}' has changed.");
            Assert.Equal(File.GetLastWriteTimeUtc(copy[name]), File.GetLastWriteTimeUtc(folder[name]));
        });
    }
}
