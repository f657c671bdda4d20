using System.Net;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.FrontEnd;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Placement;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>
/// A body on its way to a desired document: read, compared with what there is, completed with defaults, everything wrong with it gathered.
/// Reads the state; changes nothing before <see cref="VmFindings.Throw"/> has let it pass.
/// </summary>
internal sealed partial class VmDraft
{
    private const int NearSizes = 3;

    private readonly VmDraftContext _context;
    private readonly VmDocument? _before;
    private readonly JsonObject _document;
    private readonly BodyPart _properties;
    private readonly VmFindings _findings = new();
    private readonly List<VmDiskClaim> _claims = [];

    private VmDraft(VmDraftContext context, JsonObject body)
    {
        _context = context;
        _document = body;
        _before = context.Found is { } found ? VmDocument.Parse(found.Desired) : null;
        _properties = new BodyPart(body, "", _findings).Part("properties") is { Node: { } node }
            ? new BodyPart(node, "", _findings)
            : new BodyPart(AddProperties(body), "", _findings);
    }

    /// <summary>The desired document, complete but for <c>fabric</c>.</summary>
    public JsonObject Document => _document;

    /// <summary>The location.</summary>
    public string Location { get; private set; } = "";

    /// <summary>What has to be done with disks when the document is saved.</summary>
    public IReadOnlyList<VmDiskClaim> Claims => _claims;

    /// <summary>The disks that the virtual machine had, and has no more.</summary>
    public IReadOnlyList<VmDisk> Dropped { get; private set; } = [];

    /// <summary>What the guest is told when it is provisioned; in no document.</summary>
    public GuestSecrets Secrets { get; private set; } = GuestSecrets.None;

    /// <summary>The intent: that of before with what the body changes, or the first one.</summary>
    public VmIntent Intent { get; private set; } = new() { VmId = "" };

    /// <summary>Reads a body.</summary>
    /// <param name="context">What it is about.</param>
    /// <param name="body">The body of a PUT, or what a PATCH makes of the document; this takes it over.</param>
    /// <exception cref="FabricException">Something is wrong with it; all of it is in the details.</exception>
    public static VmDraft Read(VmDraftContext context, JsonObject body)
    {
        var draft = new VmDraft(context, body);
        draft.ReadAll();
        draft._findings.Throw();
        return draft;
    }

    private static JsonObject AddProperties(JsonObject body)
    {
        var properties = new JsonObject();
        body["properties"] = properties;
        return properties;
    }

    private void ReadAll()
    {
        RemoveReadOnly();
        CarryOver();
        CheckName();
        ReadLocation();
        ReadTags();
        VmSize? size = ReadSize();
        ReadStorage(size);
        ReadController();
        ReadOSProfile();
        if (_findings.All.Count == 0)
        {
            Intent = NextIntent();
        }
    }

    /// <summary>What clients send back from a GET, and cannot set.</summary>
    private void RemoveReadOnly()
    {
        foreach (string name in (ReadOnlySpan<string>)["id", "name", "type", "etag", "resources", "fabric", "systemData"])
        {
            _document.Remove(name);
        }

        foreach (string name in (ReadOnlySpan<string>)["vmId", "provisioningState", "instanceView", "timeCreated"])
        {
            _properties.Node!.Remove(name);
        }

        Secrets = VmSecrets.Read(_properties.Node);
        VmSecrets.Check(Secrets, _findings);
        VmSecrets.Remove(_document);
        if (VmSecrets.FindPrivateKey(_document) is { } field)
        {
            // Before anything else is said: other findings show what they found.
            throw new FabricException(
                HttpStatusCode.BadRequest, "InvalidParameter", field, $"'{field}' holds a private key; only public keys belong into a virtual machine.",
                "Give the public key, and use this private key no more.");
        }
    }

    /// <summary>A PUT that leaves a whole profile out means the one that is there.</summary>
    private void CarryOver()
    {
        foreach (string name in (ReadOnlySpan<string>)["hardwareProfile", "storageProfile", "osProfile"])
        {
            if (_properties.Node![name] is null && _context.Found?.Desired["properties"]?[name] is { } before)
            {
                _properties.Node[name] = before.DeepClone();
            }
        }
    }

    private void CheckName()
    {
        string name = _context.Id.Name;
        bool isGood = name.Length is > 0 and <= 64 && !name.EndsWith('.') && !name.EndsWith('-') && !name.StartsWith('.') && !name.StartsWith('-')
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' or '_');
        if (!isGood)
        {
            _findings.Invalid(
                "name", $"The entity name '{name}' is invalid: expected 1 to 64 letters, digits, '-', '.' and '_', with a letter, a digit or '_' at both ends.",
                "Give another name.");
        }
    }

    private void ReadLocation()
    {
        Location = _findings.Try(() => LocationRules.Require(_context.Id, _document, _context.Found, _context.Locations)) ?? "";
        _document.Remove("location");
    }

    private void ReadTags()
    {
        JsonObject? tags = _findings.Try(() => TagRules.Read(_document) ?? []);
        _document.Remove("tags");
        if (tags is { Count: > 0 })
        {
            _document["tags"] = tags;
        }
    }

    private VmSize? ReadSize()
    {
        BodyPart hardware = _properties.Part("hardwareProfile");
        if (hardware.Text("vmSize") is not { } name)
        {
            _findings.Missing("hardwareProfile.vmSize", "Name a size, for example Standard_B1s.");
            return null;
        }

        if (VmSizes.Find(name) is { } size)
        {
            hardware.Node!["vmSize"] = size.Name;
            return size;
        }

        _findings.Invalid(
            "hardwareProfile.vmSize", $"The value '{name}' provided for the VM size is not valid: no size of this name is known. The nearest are {string.Join(", ", VmSizes.FindNearest(name, NearSizes))}.",
            "Choose one of the location's sizes.");
        return null;
    }
}
