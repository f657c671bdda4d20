using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace AzureVmRole.Fabric.Guests.Media;

/// <summary>
/// The file <c>ovf-env.xml</c>, from which agents take what to provision. Prefixes are those of Azure: cloudbase-init looks for elements by their prefix, and WALinuxAgent removes the
/// password by a pattern that knows no prefix.
/// </summary>
internal static class OvfEnvironment
{
    private const string Ovf = "http://schemas.dmtf.org/ovf/environment/1";
    private const string Azure = "http://schemas.microsoft.com/windowsazure";
    private const string Instance = "http://www.w3.org/2001/XMLSchema-instance";
    private const string Version = "1.0";
    private const int FingerprintLength = 40;

    /// <summary>The document, UTF-8 without a byte order mark.</summary>
    /// <param name="guest">With its secrets.</param>
    /// <param name="listeners">For Windows.</param>
    /// <param name="updatesItself">Whether Windows installs updates by itself.</param>
    /// <exception cref="ArgumentException">A value has a character that XML cannot hold.</exception>
    public static byte[] Write(GuestIdentity guest, IReadOnlyList<WinRMListener> listeners, bool updatesItself = true)
    {
        using var stream = new MemoryStream();
        using (var xml = XmlWriter.Create(stream, new XmlWriterSettings { Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("Environment", Ovf);
            xml.WriteAttributeString("xmlns", "oe", null, Ovf);
            xml.WriteAttributeString("xmlns", "wa", null, Azure);
            xml.WriteAttributeString("xmlns", "xsi", null, Instance);
            xml.WriteStartElement("wa", "ProvisioningSection", Azure);
            xml.WriteElementString("wa", "Version", Azure, Version);
            if (guest.OSType == "Windows")
            {
                WriteWindows(xml, guest, listeners, updatesItself);
            }
            else
            {
                WriteLinux(xml, guest);
            }

            xml.WriteEndElement();
            WritePlatform(xml);
            xml.WriteEndElement();
        }

        return stream.ToArray();
    }

    private static void WriteLinux(XmlWriter xml, GuestIdentity guest)
    {
        xml.WriteStartElement("", "LinuxProvisioningConfigurationSet", Azure);
        Write(xml, "ConfigurationSetType", "LinuxProvisioningConfiguration");
        Write(xml, "HostName", guest.ComputerName);
        Write(xml, "UserName", guest.AdminUserName);
        Write(xml, "UserPassword", guest.AdminPassword);
        Write(xml, "DisableSshPasswordAuthentication", Text(guest.IsPasswordDisabled));
        if (guest.Keys.Count > 0)
        {
            xml.WriteStartElement("SSH", Azure);
            xml.WriteStartElement("PublicKeys", Azure);
            foreach (GuestKey key in guest.Keys)
            {
                xml.WriteStartElement("PublicKey", Azure);
                Write(xml, "Fingerprint", Fingerprint(key));
                Write(xml, "Path", key.Path);
                Write(xml, "Value", key.Value);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        Write(xml, "CustomData", guest.CustomData is { } data ? Convert.ToBase64String(data.Span) : null);
        xml.WriteEndElement();
    }

    private static void WriteWindows(XmlWriter xml, GuestIdentity guest, IReadOnlyList<WinRMListener> listeners, bool updatesItself)
    {
        xml.WriteStartElement("", "WindowsProvisioningConfigurationSet", Azure);
        Write(xml, "ConfigurationSetType", "WindowsProvisioningConfiguration");
        Write(xml, "ComputerName", guest.ComputerName);
        Write(xml, "AdminPassword", guest.AdminPassword);
        Write(xml, "AdminUsername", guest.AdminUserName);
        Write(xml, "ResetPasswordOnFirstLogon", Text(false));
        Write(xml, "EnableAutomaticUpdates", Text(updatesItself));
        if (listeners.Count > 0)
        {
            xml.WriteStartElement("WinRM", Azure);
            xml.WriteStartElement("Listeners", Azure);
            foreach (WinRMListener listener in listeners)
            {
                xml.WriteStartElement("Listener", Azure);
                Write(xml, "Protocol", listener.Protocol);
                Write(xml, "CertificateThumbprint", listener.CertificateThumbprint);
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
            xml.WriteEndElement();
        }

        Write(xml, "CustomData", guest.CustomData is { } data ? Convert.ToBase64String(data.Span) : null);
        xml.WriteEndElement();
    }

    private static void WritePlatform(XmlWriter xml)
    {
        xml.WriteStartElement("wa", "PlatformSettingsSection", Azure);
        xml.WriteElementString("wa", "Version", Azure, Version);
        xml.WriteStartElement("", "PlatformSettings", Azure);
        Write(xml, "KmsServerHostname", "kms.core.windows.net");
        Write(xml, "ProvisionGuestAgent", Text(true));
        xml.WriteStartElement("GuestAgentPackageName", Azure);
        xml.WriteAttributeString("nil", Instance, Text(true));
        xml.WriteEndElement();
        Write(xml, "RetainWindowsPEPassInUnattend", Text(true));
        Write(xml, "RetainOfflineServicingPassInUnattend", Text(true));
        Write(xml, "PreprovisionedVm", Text(false));
        xml.WriteEndElement();
        xml.WriteEndElement();
    }

    private static void Write(XmlWriter xml, string name, string? value)
    {
        if (value is not null)
        {
            xml.WriteElementString(name, Azure, value);
        }
    }

    private static string Text(bool value) => value ? "true" : "false";

    /// <summary>Of the key, in the form of a certificate's: agents look at it only where there is no value.</summary>
    private static string Fingerprint(GuestKey key) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(key.Value)))[..FingerprintLength];
}
