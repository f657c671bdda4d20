using System.Text.Json.Nodes;

namespace AzureVmRole.Fabric.VirtualMachines;

internal sealed partial class VmDraft
{
    private const int LongestWindowsName = 15;
    private const int LongestLinuxName = 64;

    private bool IsFromGeneralizedImage => _image?.Desired["properties"].Text("storageProfile", "osDisk", "osState") is not "Specialized" && _image is not null;

    private void ReadOSProfile()
    {
        BodyPart profile = _properties.Part("osProfile");
        if (_before is not null)
        {
            KeepOSProfile(profile);
            return;
        }

        bool isAttached = _properties.Node!.Text("storageProfile", "osDisk", "createOption") == "Attach";
        if (profile.IsThere && (isAttached || (_image is not null && !IsFromGeneralizedImage)))
        {
            _findings.Invalid(
                "osProfile", "Parameter 'osProfile' is not allowed: the OS disk is specialised, its guest has its names and accounts already.", "Leave it out.");
            return;
        }

        if (!IsFromGeneralizedImage)
        {
            return;
        }

        if (!profile.IsThere)
        {
            _findings.Missing("osProfile", "A generalised image needs a computer name and an account: give osProfile.computerName and osProfile.adminUsername.");
            return;
        }

        if (profile.Text("adminUsername") is null)
        {
            _findings.Missing("osProfile.adminUsername", "Name the account of the administrator.");
        }

        string name = profile.Text("computerName") ?? _context.Id.Name;
        profile.Node!["computerName"] = name;
        CheckComputerName(name);
    }

    private void CheckComputerName(string name)
    {
        bool isWindows = _properties.Node!.Text("storageProfile", "osDisk", "osType") == "Windows";
        int longest = isWindows ? LongestWindowsName : LongestLinuxName;
        bool isGood = name.Length <= longest && (!isWindows || !name.All(char.IsAsciiDigit))
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-' || (letter == '.' && !isWindows) || letter == '_');
        if (!isGood)
        {
            _findings.Invalid(
                "osProfile.computerName",
                isWindows
                    ? $"Windows computer name '{name}' is invalid: it cannot be more than 15 characters long, be entirely numeric, or contain other characters than letters, digits and '-'."
                    : $"Linux host name '{name}' is invalid: it cannot exceed 64 characters in length or contain other characters than letters, digits, '-' and '.'.",
                "Give another osProfile.computerName.");
        }
    }

    private void KeepOSProfile(BodyPart profile)
    {
        JsonNode? before = _context.Found!.Desired["properties"].At("osProfile");
        if (before is null)
        {
            if (profile.IsThere)
            {
                _findings.Fixed("osProfile", "", "another", "Leave it out.");
            }

            return;
        }

        foreach (string name in (string[])["computerName", "adminUsername"])
        {
            if (profile.Text(name) is { } asked && asked != before.Text(name))
            {
                _findings.Fixed($"osProfile.{name}", before.Text(name), asked, "Leave it as it is.");
            }
            else if (profile.IsThere)
            {
                profile.Node![name] = before.Text(name);
            }
        }
    }

    private VmIntent NextIntent() => _before is null ? FirstIntent() : ChangedIntent(_before);

    private VmIntent FirstIntent()
    {
        string? contentState = _image?.Observed.Text("contentState");
        return new VmIntent
        {
            VmId = Guid.NewGuid().ToString("D"),
            IsProvisioned = IsFromGeneralizedImage,
            NotGeneralizedReason = IsFromGeneralizedImage && contentState == "Specialized"
                ? $"The image '{_image!.Id.Name}' is marked Generalized, and its VHD says that it is not generalised (azvmrole_osstate: Specialized): the guest's set-up never runs, and its agent never reports. "
                    + "Generalise the guest, or register the image as Specialized."
                : null,
            IsGeneration2 = IsGeneration2 == true,
            AskedAt = _context.Now,
        };
    }

    private VmIntent ChangedIntent(VmDocument before)
    {
        var after = VmDocument.Parse(before.Intent.In(_document));
        bool isSwapped = after.OSDisk.Key != before.OSDisk.Key;
        bool isResized = after.Size != before.Size;
        bool isRestarted = isSwapped || isResized || after.OSDisk.Caching != before.OSDisk.Caching;
        if (isSwapped)
        {
            Dropped = [.. Dropped, before.OSDisk];
        }

        if (before.Intent.IsGeneralized && (isRestarted || Dropped.Count > 0 || _claims.Count > 0))
        {
            _findings.Refused(
                "OperationNotAllowed", _context.Id.Name, $"Operation 'Update VM' is not allowed on VM '{_context.Id.Name}' since the VM is generalized.",
                "Change tags only, or capture an image and make a new virtual machine from it.");
        }

        if (isResized && VmObserved.Parse(_context.Found!.Observed).Host is not null && !_context.HasRoom(_context.Found, after.Size))
        {
            _findings.Refused(
                "OperationNotAllowed", "hardwareProfile.vmSize",
                $"Unable to resize the VM since the requested size {after.Size} is not available on the host that it is on.", "Deallocate the virtual machine first.");
        }

        return before.Intent with
        {
            Boot = isRestarted && before.Intent.Power == VmPower.Running ? before.Intent.Boot + 1 : before.Intent.Boot,
            IsStopForced = false,
            IsProvisioned = before.Intent.IsProvisioned && !isSwapped,
            NotGeneralizedReason = isSwapped ? null : before.Intent.NotGeneralizedReason,
            Releasing = [.. before.Intent.Releasing, .. Dropped.Select(disk => disk.DiskId)],
            LeavesHost = null,
            CaptureBlob = null,
            CaptureDisk = null,
            AskedAt = _context.Now,
        };
    }
}
