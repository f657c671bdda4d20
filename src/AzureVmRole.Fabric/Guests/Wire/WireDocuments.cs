using System.Globalization;
using System.Xml;

namespace AzureVmRole.Fabric.Guests.Wire;

/// <summary>The XML that the wire server answers with. The elements are those that agents need, under Azure's names.</summary>
internal static class WireDocuments
{
    /// <summary>The version that agents for Linux speak.</summary>
    public const string Preferred = "2012-11-30";

    /// <summary>The version that cloudbase-init speaks.</summary>
    public const string Newer = "2015-04-05";

    private const string SettleTime = "10";

    public static string Versions() => Write("Versions", static xml =>
    {
        xml.WriteStartElement("Preferred");
        xml.WriteElementString("Version", Preferred);
        xml.WriteEndElement();
        xml.WriteStartElement("Supported");
        xml.WriteElementString("Version", Newer);
        xml.WriteElementString("Version", Preferred);
        xml.WriteEndElement();
    });

    /// <summary>Without ConfigName both agents for Linux fail; cloudbase-init looks at Machine/ExpectedState.</summary>
    public static string GoalState(WireState state, string version) => Write("GoalState", xml =>
    {
        string number = Number(state.Incarnation);
        xml.WriteElementString("Version", version);
        xml.WriteElementString("Incarnation", number);
        xml.WriteStartElement("Machine");
        xml.WriteElementString("ExpectedState", "Started");
        xml.WriteElementString("StopRolesDeadlineHint", "300000");
        xml.WriteElementString("ExpectHealthReport", "FALSE");
        xml.WriteEndElement();
        xml.WriteStartElement("Container");
        xml.WriteElementString("ContainerId", state.Identity.ContainerId);
        xml.WriteStartElement("RoleInstanceList");
        xml.WriteStartElement("RoleInstance");
        xml.WriteElementString("InstanceId", state.RoleInstance);
        xml.WriteElementString("State", "Started");
        xml.WriteStartElement("Configuration");
        string machine = $"http://{WireState.Address}:80/machine/{state.Identity.ContainerId}/{Uri.EscapeDataString(state.RoleInstance)}?comp=";
        xml.WriteElementString("HostingEnvironmentConfig", $"{machine}config&type=hostingEnvironmentConfig&incarnation={number}");
        xml.WriteElementString("SharedConfig", $"{machine}config&type=sharedConfig&incarnation={number}");
        xml.WriteElementString("ExtensionsConfig", $"{machine}config&type=extensionsConfig&incarnation={number}");
        xml.WriteElementString("Certificates", $"{machine}certificates&incarnation={number}");
        xml.WriteElementString("ConfigName", state.ConfigName);
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
    });

    public static string HostingEnvironment(WireState state) => Write("HostingEnvironmentConfig", xml =>
    {
        WriteVersion(xml, state);
        xml.WriteStartElement("StoredCertificates");
        xml.WriteStartElement("StoredCertificate");
        xml.WriteAttributeString("name", "Stored0TenantEncryptionCert");
        xml.WriteAttributeString("certificateId", $"sha1:{state.Certificate.Thumbprint}");
        xml.WriteAttributeString("storeName", "My");
        xml.WriteAttributeString("configurationLevel", "System");
        xml.WriteEndElement();
        xml.WriteEndElement();
        WriteRole(xml, state);
    });

    public static string SharedConfig(WireState state) => Write("SharedConfig", xml =>
    {
        WriteVersion(xml, state);
        WriteRole(xml, state);
        xml.WriteStartElement("Instances");
        xml.WriteStartElement("Instance");
        xml.WriteAttributeString("id", $"_{state.Identity.Name}");
        xml.WriteAttributeString("address", state.Identity.Address.ToString());
        xml.WriteEndElement();
        xml.WriteEndElement();
    });

    /// <summary>No extensions; where the status goes, which the agent asks the host plug-in to put there.</summary>
    public static string ExtensionsConfig(WireState state) => Write("Extensions", xml =>
    {
        WriteVersion(xml, state);
        xml.WriteStartElement("GuestAgentExtension");
        xml.WriteElementString("GAFamilies", "");
        xml.WriteEndElement();
        xml.WriteElementString("Plugins", "");
        xml.WriteElementString("PluginSettings", "");
        xml.WriteStartElement("StatusUploadBlob");
        xml.WriteAttributeString("statusBlobType", "BlockBlob");
        xml.WriteString(StatusAddress(state));
        xml.WriteEndElement();
        xml.WriteStartElement("InVMGoalStateMetaData");
        xml.WriteAttributeString("inSvdSeqNo", Number(state.Incarnation));
        xml.WriteAttributeString("createdOnTicks", DateTimeOffset.UnixEpoch.Ticks.ToString(CultureInfo.InvariantCulture));
        xml.WriteAttributeString("activityId", Guid.Empty.ToString());
        xml.WriteAttributeString("correlationId", Guid.Empty.ToString());
        xml.WriteEndElement();
    });

    public static string Certificates(WireState state, string version, ReadOnlySpan<byte> envelope)
    {
        string data = Lines(Convert.ToBase64String(envelope));
        return Write("CertificateFile", xml =>
        {
            xml.WriteElementString("Version", version);
            xml.WriteElementString("Incarnation", Number(state.Incarnation));
            xml.WriteElementString("Format", "Pkcs7BlobWithPfxContents");
            xml.WriteElementString("Data", data);
        });
    }

    public static string Error(string code, string message) => Write("Error", xml =>
    {
        xml.WriteElementString("Code", code);
        xml.WriteElementString("Message", message);
        xml.WriteElementString("Details", "");
    });

    /// <summary>A name that leads nowhere: the agent hands it to the host plug-in and falls back to it only when that fails.</summary>
    public static string StatusAddress(WireState state) => $"https://status.invalid/$system/{state.Identity.InstanceId}.status?sv=2018-03-28&sr=b&sp=w";

    /// <summary>OpenSSL reads Base64 in lines.</summary>
    private static string Lines(string base64) => string.Join('\n', base64.Chunk(64).Select(static line => new string(line)));

    private static void WriteVersion(XmlWriter xml, WireState state)
    {
        xml.WriteAttributeString("version", "1.0.0.0");
        xml.WriteAttributeString("goalStateIncarnation", Number(state.Incarnation));
    }

    private static void WriteRole(XmlWriter xml, WireState state)
    {
        GuestIdentity identity = state.Identity;
        xml.WriteStartElement("Deployment");
        xml.WriteAttributeString("name", identity.InstanceId);
        xml.WriteAttributeString("guid", $"{{{identity.InstanceId}}}");
        xml.WriteAttributeString("incarnation", Number(state.Incarnation));
        xml.WriteStartElement("Service");
        xml.WriteAttributeString("name", identity.ResourceGroupName);
        xml.WriteAttributeString("guid", $"{{{Guid.Empty}}}");
        xml.WriteEndElement();
        xml.WriteStartElement("ServiceInstance");
        xml.WriteAttributeString("name", $"{identity.InstanceId}.{Number(state.Incarnation)}");
        xml.WriteAttributeString("guid", $"{{{identity.InstanceId}}}");
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteStartElement("Incarnation");
        xml.WriteAttributeString("number", Number(state.Incarnation));
        xml.WriteAttributeString("instance", $"_{identity.Name}");
        xml.WriteAttributeString("guid", $"{{{identity.ContainerId}}}");
        xml.WriteEndElement();
        xml.WriteStartElement("Role");
        xml.WriteAttributeString("guid", $"{{{identity.InstanceId}}}");
        xml.WriteAttributeString("name", $"_{identity.Name}");
        xml.WriteAttributeString("settleTimeSeconds", SettleTime);
        xml.WriteEndElement();
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Write(string root, Action<XmlWriter> content)
    {
        using var text = new Utf8Text();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, IndentChars = "  ", NewLineChars = "\n" }))
        {
            xml.WriteStartElement(root);
            xml.WriteAttributeString("xmlns", "xsi", null, "http://www.w3.org/2001/XMLSchema-instance");
            content(xml);
            xml.WriteEndElement();
        }

        return text.ToString();
    }
}
