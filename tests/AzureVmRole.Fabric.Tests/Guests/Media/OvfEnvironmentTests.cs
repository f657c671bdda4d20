using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using AzureVmRole.Fabric.Guests;
using AzureVmRole.Fabric.Guests.Media;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Guests.Media;

public sealed partial class OvfEnvironmentTests
{
    private static readonly XNamespace Azure = "http://schemas.microsoft.com/windowsazure";

    [Fact]
    public void Write_Linux_HasWhatAgentsRead()
    {
        XElement set = Set(TestGuest.Linux, "LinuxProvisioningConfigurationSet");

        Assert.Equal(("web-one", "ada", "p<w&d \"ü", "false"), (
            set.Element(Azure + "HostName")?.Value, set.Element(Azure + "UserName")?.Value, set.Element(Azure + "UserPassword")?.Value,
            set.Element(Azure + "DisableSshPasswordAuthentication")?.Value));
        XElement key = set.Element(Azure + "SSH")!.Element(Azure + "PublicKeys")!.Elements(Azure + "PublicKey").Single();
        Assert.Equal(("/home/ada/.ssh/authorized_keys", TestGuest.Key, 40), (
            key.Element(Azure + "Path")?.Value, key.Element(Azure + "Value")?.Value, key.Element(Azure + "Fingerprint")?.Value.Length));
        Assert.Equal(TestGuest.Linux.CustomData!.Value.ToArray(), Convert.FromBase64String(set.Element(Azure + "CustomData")!.Value));
    }

    [Fact]
    public void Write_Windows_HasWhatAgentsRead()
    {
        string text = Encoding.UTF8.GetString(OvfEnvironment.Write(TestGuest.Windows, [new WinRMListener("Https", "AB12"), new WinRMListener("Http")], updatesItself: false));

        XElement set = XDocument.Parse(text).Descendants(Azure + "WindowsProvisioningConfigurationSet").Single();
        Assert.Equal(("web-one", "ada", "p<w&d \"ü", "false"), (
            set.Element(Azure + "ComputerName")?.Value, set.Element(Azure + "AdminUsername")?.Value, set.Element(Azure + "AdminPassword")?.Value,
            set.Element(Azure + "EnableAutomaticUpdates")?.Value));
        Assert.Equal(
            "Https AB12|Http ",
            string.Join('|', set.Descendants(Azure + "Listener").Select(listener => $"{listener.Element(Azure + "Protocol")?.Value} {listener.Element(Azure + "CertificateThumbprint")?.Value}")));
    }

    /// <summary>cloudbase-init reads elements by their prefix, without looking at namespaces.</summary>
    [Fact]
    public void Write_PrefixesAreAzures()
    {
        string text = Encoding.UTF8.GetString(OvfEnvironment.Write(TestGuest.Windows, []));

        Assert.All(
            ["<Environment ", "<wa:ProvisioningSection>", "<WindowsProvisioningConfigurationSet ", "<wa:PlatformSettingsSection>", "<PlatformSettings ", "<ProvisionGuestAgent>true<", "<KmsServerHostname>"],
            part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    /// <summary>WALinuxAgent removes the password by this pattern before it saves the file.</summary>
    [Fact]
    public void Write_Password_IsFoundByTheAgentsPattern()
    {
        string text = Encoding.UTF8.GetString(OvfEnvironment.Write(TestGuest.Linux, []));

        Assert.DoesNotContain("p&lt;w", AgentPattern().Replace(text, "<UserPassword>*<"), StringComparison.Ordinal);
    }

    [Fact]
    public void Write_NothingGiven_HasNoElementForIt()
    {
        XElement set = Set(TestGuest.Linux with { AdminUserName = null, AdminPassword = null, Keys = [], CustomData = null, IsPasswordDisabled = true }, "LinuxProvisioningConfigurationSet");

        Assert.Equal("ConfigurationSetType HostName DisableSshPasswordAuthentication", string.Join(' ', set.Elements().Select(element => element.Name.LocalName)));
        Assert.Equal("true", set.Element(Azure + "DisableSshPasswordAuthentication")?.Value);
    }

    [GeneratedRegex("<UserPassword>.*?<", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex AgentPattern();

    private static XElement Set(GuestIdentity guest, string name) =>
        XDocument.Parse(Encoding.UTF8.GetString(OvfEnvironment.Write(guest, []))).Descendants(Azure + name).Single();
}
