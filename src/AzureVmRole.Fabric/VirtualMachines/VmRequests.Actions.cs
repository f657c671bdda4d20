using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Hosts;
using AzureVmRole.Fabric.Resources;

namespace AzureVmRole.Fabric.VirtualMachines;

internal sealed partial class VmRequests
{
    /// <inheritdoc/>
    public Task<Acceptance> ActAsync(ResourceId id, string action, JsonObject body, RequestContext context, CancellationToken cancellationToken)
    {
        if (action.Equals("retrieveBootDiagnosticsData", StringComparison.OrdinalIgnoreCase))
        {
            return DiagnoseAsync(Find(id), cancellationToken);
        }

        Func<Acceptor, Resource, VmIntent, Acceptance> decide = action.ToLowerInvariant() switch
        {
            "start" => Start,
            "poweroff" => (acceptor, found, intent) => PowerOff(acceptor, found, intent, IsTrue(context, "skipShutdown")),
            "restart" => Restart,
            "deallocate" => Deallocate,
            "redeploy" => Redeploy,
            "reimage" => (acceptor, found, intent) => Reimage(acceptor, found, intent, body),
            "reapply" => (acceptor, found, intent) => Ask(acceptor, found, intent),
            "generalize" => Generalize,
            "capture" => (acceptor, found, intent) => Capture(acceptor, found, intent, body),
            "runcommand" => (_, found, _) => throw NotAllowed(
                found, "runCommand", $"its host is {KindOf(found)}: no guest runs that could run a command", "Use a host that runs guests."),
            "simulateeviction" => (_, found, _) => throw NotAllowed(
                found, "simulateEviction", "this fabric evicts nothing: it has no spot priority", "Stop the virtual machine with deallocate instead."),
            "performmaintenance" or "assesspatches" or "installpatches" or "converttomanageddisks" => (_, found, _) => throw NotAllowed(
                found, action, "this fabric does not have it", "Leave it out."),
            _ => throw new FabricException(HttpStatusCode.NotFound, "NotFound", action, $"Virtual machines have no action '{action}'.", "Correct the action."),
        };
        return Task.FromResult(parts.Desk.Accept(
            action.ToLowerInvariant(), id, context,
            acceptor =>
            {
                Resource found = acceptor.Found ?? throw NotFound(id);
                RequireOpen(found, action);
                return decide(acceptor, found, VmIntent.Parse(found.Desired));
            },
            _ => new Acceptance(IsCreated: false, null, null)));
    }

    /// <summary>Answers with the files of console and screen, brought up to date; nothing is changed by it.</summary>
    private async Task<Acceptance> DiagnoseAsync(Resource found, CancellationToken cancellationToken)
    {
        var observed = VmObserved.Parse(found.Observed);
        GuestAccess? access = observed.Host is { } host && parts.Hosts.TryGetValue(host, out IHostAgent? agent)
            ? await agent.DiagnoseAsync(VmIntent.Parse(found.Desired).VmId, cancellationToken).ConfigureAwait(false)
            : null;
        return access is null
            ? throw NotAllowed(
                found, "retrieveBootDiagnosticsData", $"its host is {KindOf(found)}: there is no console", "Start it on a fabric whose hosts run guests: Start-LocalFabric -HostKind Qemu.")
            : new Acceptance(IsCreated: false, VmInstanceView.WriteDiagnostics(access.ConsolePath, access.ScreenPath), null);
    }

    private static bool IsTrue(RequestContext context, string name) =>
        context.Query.GetValueOrDefault(name)?.Equals("true", StringComparison.OrdinalIgnoreCase) == true;

    private static string KindOf(Resource machine) => VmObserved.Parse(machine.Observed).HostKind ?? "not chosen yet";

    private static FabricException NotAllowed(Resource machine, string operation, string reason, string action) => new(
        HttpStatusCode.Conflict, "OperationNotAllowed", machine.Id.Name, $"Operation '{operation}' is not allowed on VM '{machine.Id.Name}': {reason}.", action);

    /// <summary>Whether the guest has ended, by order or from the inside, and no start is asked for.</summary>
    private static bool IsDown(Resource machine, VmIntent intent) =>
        VmObserved.Parse(machine.Observed) is { Power: VmPower.Stopped or VmPower.Deallocated } observed
        && (intent.Power != VmPower.Running || observed.Boot == intent.Boot) && machine.ObservedGeneration >= machine.Generation;

    private static Acceptance Ask(Acceptor acceptor, Resource found, VmIntent intent, JsonObject? desired = null)
    {
        VmIntent asked = intent with { AskedAt = acceptor.Now, CaptureBlob = null, CaptureDisk = null };
        return Begin(acceptor, found, asked, desired);
    }

    private static Acceptance Begin(Acceptor acceptor, Resource found, VmIntent intent, JsonObject? desired)
    {
        Resource asked = found with
        {
            Desired = intent.In(desired ?? found.Desired),
            Generation = found.Generation + 1,
            State = found.State == ProvisioningState.Creating ? ProvisioningState.Creating : ProvisioningState.Updating,
        };
        VmDiskRows.TryAgain(acceptor, asked);
        (_, string operationId) = acceptor.Begin(asked);
        return new Acceptance(IsCreated: false, null, operationId);
    }

    private static Acceptance Start(Acceptor acceptor, Resource found, VmIntent intent)
    {
        if (intent.IsGeneralized)
        {
            throw NotAllowed(found, "start", "the VM is generalized", "Capture an image, and make a new virtual machine from it.");
        }

        bool isUp = intent.Power == VmPower.Running && !IsDown(found, intent) && found.State != ProvisioningState.Failed;
        return Ask(acceptor, found, isUp ? intent : NextBoot(intent));
    }

    private static VmIntent NextBoot(VmIntent intent) => intent with { Power = VmPower.Running, Boot = intent.Boot + 1, LeavesHost = null, IsStopForced = false };

    private static Acceptance PowerOff(Acceptor acceptor, Resource found, VmIntent intent, bool isForced) => Ask(
        acceptor, found, intent.Power == VmPower.Deallocated ? intent : intent with { Power = VmPower.Stopped, IsStopForced = isForced });

    private static Acceptance Deallocate(Acceptor acceptor, Resource found, VmIntent intent) =>
        Ask(acceptor, found, intent with { Power = VmPower.Deallocated, IsStopForced = false });

    private static Acceptance Restart(Acceptor acceptor, Resource found, VmIntent intent)
    {
        RequireRunning(found, intent, "restart");
        return Ask(acceptor, found, NextBoot(intent));
    }

    private static Acceptance Redeploy(Acceptor acceptor, Resource found, VmIntent intent)
    {
        RequireRunning(found, intent, "redeploy");
        return Ask(acceptor, found, NextBoot(intent) with { LeavesHost = VmObserved.Parse(found.Observed).Host });
    }

    private static void RequireRunning(Resource found, VmIntent intent, string operation)
    {
        if (intent.Power != VmPower.Running || IsDown(found, intent))
        {
            throw NotAllowed(found, operation, $"The operation '{operation}' requires the VM to be running (or set to run)", "Start the virtual machine instead.");
        }
    }

    /// <summary>Gives the virtual machine a new OS disk from its image; the old one stays, unless it was to go with the virtual machine.</summary>
    private Acceptance Reimage(Acceptor acceptor, Resource found, VmIntent intent, JsonObject body)
    {
        var before = VmDocument.Parse(found.Desired);
        if (before.ImageId is not { } imageId || !ResourceId.TryParse(imageId, out ResourceId? image) || acceptor.Table.Find(image) is null)
        {
            throw NotAllowed(found, "reimage", "its OS disk was not made from an image, or the image is gone", "Make a new virtual machine.");
        }

        if (intent.IsGeneralized)
        {
            throw NotAllowed(found, "reimage", "the VM is generalized", "Make a new virtual machine from an image.");
        }

        (JsonObject desired, VmDiskClaim claim) = VmReimage.Prepare(found, before, imageId);
        VmDiskRows.Claim(acceptor, claim, found);
        GuestSecrets secrets = VmSecrets.Read(body);
        var findings = new VmFindings();
        VmSecrets.Check(secrets, findings);
        findings.Throw();
        parts.Secrets.Save(intent.VmId, secrets);
        VmIntent next = intent.Power == VmPower.Running ? NextBoot(intent) : intent;
        return Ask(acceptor, found, next with { Releasing = [.. intent.Releasing, before.OSDisk.DiskId] }, desired);
    }

    private static Acceptance Generalize(Acceptor acceptor, Resource found, VmIntent intent)
    {
        if (!IsDown(found, intent))
        {
            throw NotAllowed(found, "generalize", "the VM is not powered off, or an operation on it goes on", "Stop it first, and wait until it has stopped.");
        }

        VmPower power = intent.Power == VmPower.Running ? VmPower.Stopped : intent.Power;
        acceptor.Table.Save(found with
        {
            Desired = (intent with { IsGeneralized = true, Power = power }).In(found.Desired),
            Generation = found.Generation + 1,
            ObservedGeneration = found.Generation + 1,
        });
        return new Acceptance(IsCreated: false, null, null);
    }

    private static Acceptance Capture(Acceptor acceptor, Resource found, VmIntent intent, JsonObject body)
    {
        var findings = new VmFindings();
        var part = new BodyPart(body, "", findings);
        string? prefix = part.Text("vhdPrefix");
        string? container = part.Text("destinationContainerName");
        foreach ((string name, string? value) in (ReadOnlySpan<(string, string?)>)[("vhdPrefix", prefix), ("destinationContainerName", container)])
        {
            if (value is null)
            {
                findings.Missing(name, "Give it.");
            }
            else if (value.Length > 63 || !value.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-'))
            {
                findings.Invalid(name, $"The value '{value}' of parameter '{name}' is invalid: expected up to 63 letters, digits and '-'.", "Correct the value.");
            }
        }

        findings.Throw();
        if (!intent.IsGeneralized || !IsDown(found, intent))
        {
            throw NotAllowed(found, "capture", "the VM is not generalized and stopped", "Stop it, and call generalize, first.");
        }

        return Begin(
            acceptor, found,
            intent with { AskedAt = acceptor.Now, CaptureBlob = VmCapture.BlobOf(intent.VmId, container!, prefix!), CaptureDisk = Guid.NewGuid() }, null);
    }
}
