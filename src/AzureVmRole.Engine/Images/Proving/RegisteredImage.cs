using AzureVmRole.Engine.Compute.Connecting;
using AzureVmRole.Engine.Compute.Images;

namespace AzureVmRole.Engine.Images.Proving;

/// <summary>The disk of a registered image as a file of this machine.</summary>
public static class RegisteredImage
{
    /// <summary>Completes what is to be tested by what the image's registration says.</summary>
    /// <param name="connection">Where it is registered.</param>
    /// <param name="groupName">The resource group; null for the connection's own.</param>
    /// <param name="options">How to test it; <see cref="ImageTestOptions.ImageName"/> says which.</param>
    /// <param name="system">The operating system; null for the one that it was registered with.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FabricException">ResourceNotFound; OperationNotAllowed for an image in Azure, and for a specialized one that is to be booted.</exception>
    public static async Task<ImageTestOptions> FindAsync(
        FabricConnection connection, string? groupName, ImageTestOptions options, OSKind? system, CancellationToken cancellationToken)
    {
        string name = options.ImageName ?? "";
        VMImage image = await VMImages.GetAsync(connection, groupName, name, cancellationToken).ConfigureAwait(false);
        if (image.MediaLink is not { IsFile: true } link)
        {
            string place = image.MediaLink?.AbsoluteUri ?? "Azure itself";
            throw new FabricException(
                ErrorCode.OperationNotAllowed, name, $"The image '{name}' is in Azure: its VHD is kept by {place}, and only a file of this machine can be tested.",
                image.MediaLink is null ? "Test the file that the image was made from with -Path." : $"Download it with Save-BaseVhd -Source {place}, and test the file with -Path.");
        }

        if (options.Boot && image.OSState == OSState.Specialized)
        {
            throw new FabricException(
                ErrorCode.OperationNotAllowed, name, $"The image '{name}' is specialized: it was provisioned before, and a boot could not show that it can be.",
                "Test it without -Boot, or generalize it and register it as such.");
        }

        return options with { Path = link.LocalPath, OSType = system ?? image.OS };
    }
}
