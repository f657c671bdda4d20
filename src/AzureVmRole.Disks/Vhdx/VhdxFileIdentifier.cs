using System.Text;

namespace AzureVmRole.Disks.Vhdx;

/// <summary>The file type identifier at the start of the file ([MS-VHDX] section 2.2.1).</summary>
internal readonly record struct VhdxFileIdentifier(string Creator)
{
    public const int Size = CreatorOffset + CreatorSize;

    private const int SignatureOffset = 0;
    private const int CreatorOffset = 8;
    private const int CreatorSize = 512;

    public static VhdxFileIdentifier Parse(ReadOnlySpan<byte> source, string path, long fileOffset)
    {
        VhdxErrors.CheckLength(source, Size, "File type identifier", path, fileOffset);
        if (!source[SignatureOffset..].StartsWith(VhdxFormat.FileSignature))
        {
            throw VhdxErrors.Invalid(
                ErrorCode.VhdxHeaderInvalid, path, "Signature", fileOffset + SignatureOffset,
                Convert.ToHexString(source[..VhdxFormat.FileSignature.Length]), "'vhdxfile'");
        }

        string text = Encoding.Unicode.GetString(source.Slice(CreatorOffset, CreatorSize));
        int end = text.IndexOf('\0', StringComparison.Ordinal);
        return new VhdxFileIdentifier(ReplaceControls(end < 0 ? text : text[..end]));
    }

    public void WriteTo(Span<byte> target)
    {
        target[..Size].Clear();
        VhdxFormat.FileSignature.CopyTo(target[SignatureOffset..]);
        Encoding.Unicode.GetBytes(Creator, target.Slice(CreatorOffset, CreatorSize));
    }

    // The text goes to terminals: a control character in it must not act there.
    private static string ReplaceControls(string text) =>
        string.Create(text.Length, text, static (target, source) =>
        {
            for (int index = 0; index < target.Length; index++)
            {
                target[index] = char.IsControl(source[index]) ? '?' : source[index];
            }
        });
}
