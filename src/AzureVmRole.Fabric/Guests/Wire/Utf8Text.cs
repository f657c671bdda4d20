using System.Globalization;
using System.Text;

namespace AzureVmRole.Fabric.Guests.Wire;

/// <summary>Text that says in its XML declaration that it is UTF-8.</summary>
internal sealed class Utf8Text() : StringWriter(CultureInfo.InvariantCulture)
{
    public override Encoding Encoding => Encoding.UTF8;
}
