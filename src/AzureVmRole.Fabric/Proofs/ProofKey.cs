using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AzureVmRole.Fabric.Proofs;

/// <summary>A key pair for one proof: the private half in a file that only this account may read, which goes with its folder.</summary>
/// <param name="PrivatePath">The file of the private key.</param>
/// <param name="PublicText">The public key in OpenSSH's form.</param>
internal sealed record ProofKey(string PrivatePath, string PublicText)
{
    private const string Kind = "ssh-rsa";
    private const int SizeInBits = 2048;

    /// <summary>Makes one.</summary>
    /// <param name="folder">Where the private key is kept.</param>
    public static ProofKey Make(string folder)
    {
        using var key = RSA.Create(SizeInBits);
        string path = Path.Combine(folder, "key");
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(path, options))
        {
            file.Write(Encoding.ASCII.GetBytes(key.ExportRSAPrivateKeyPem() + "\n"));
        }

        // RFC 4253, section 6.6: the kind, e, n.
        RSAParameters numbers = key.ExportParameters(includePrivateParameters: false);
        byte[] blob = [.. Field(Encoding.ASCII.GetBytes(Kind)), .. Number(numbers.Exponent!), .. Number(numbers.Modulus!)];
        return new ProofKey(path, $"{Kind} {Convert.ToBase64String(blob)} azvmrole-proof");
    }

    /// <summary>RFC 4251, section 5, "mpint": the highest bit is a sign.</summary>
    private static byte[] Number(byte[] value) => Field(value[0] >= 0x80 ? [0, .. value] : value);

    private static byte[] Field(byte[] content)
    {
        byte[] field = new byte[sizeof(uint) + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(field, content.Length);
        content.CopyTo(field, sizeof(uint));
        return field;
    }
}
