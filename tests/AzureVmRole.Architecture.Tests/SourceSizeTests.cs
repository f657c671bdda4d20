using Xunit;

namespace AzureVmRole.Architecture.Tests;

public sealed class SourceSizeTests
{
    private const int LongestFile = 400;
    private const int LongestCommand = 120;

    private static readonly char[] Separators = [Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar];

    [Fact]
    public void Files_AreShortEnoughToRead() => Assert.Empty(TooLong(BuiltAssembly.SourceFolder, LongestFile));

    [Fact]
    public void Commands_BindAndNothingElse() =>
        Assert.Empty(TooLong(Path.Combine(BuiltAssembly.SourceFolder, "AzureVmRole.PowerShell", "Commands"), LongestCommand));

    private static IEnumerable<string> TooLong(string folder, int longest) => Directory
        .EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(folder, file).Split(Separators).Any(part => part is "bin" or "obj"))
        .Where(file => File.ReadLines(file).Count() > longest);
}
