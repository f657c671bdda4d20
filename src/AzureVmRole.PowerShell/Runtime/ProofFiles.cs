using System.Globalization;

namespace AzureVmRole.PowerShell.Runtime;

/// <summary>How files about tested images are named in one folder.</summary>
internal static class ProofFiles
{
    public const string ConsoleEnding = ".console.txt";
    public const string ScreenEnding = ".screen.png";

    /// <summary>A name that no other image of the same command has: images of different folders may be called the same.</summary>
    /// <param name="name">The image's own.</param>
    /// <param name="taken">How often each name was wanted; changed.</param>
    public static string NameFor(string name, Dictionary<string, int> taken)
    {
        int count = taken.GetValueOrDefault(name) + 1;
        taken[name] = count;
        return count == 1 ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{count}");
    }
}
