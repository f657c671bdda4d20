using AzureVmRole.Shell.Formatting;
using Xunit;

namespace AzureVmRole.Shell.Tests.Formatting;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("Get-Widget 1 -WarningAction Ignore | ConvertTo-Json -Compress", """{"Name":"w1","Size":1000,"Colour":1,"Tags":["t1"]}""")]
    [InlineData("Write-Output 1 a | ConvertTo-Json -Compress", """[1,"a"]""")]
    [InlineData("Write-Output 1 | ConvertTo-Json -AsArray -Compress", "[1]")]
    [InlineData("Get-Widget 1 -WarningAction Ignore | ConvertTo-Json -Compress -Depth 0", """{"Name":"w1","Size":1000,"Colour":1,"Tags":"t1"}""")]
    [InlineData("ConvertTo-Json $null", "null")]
    public void ConvertToJson_Values_AreAsInPowerShell(string line, string expected) =>
        Assert.Equal([expected], ShellRun.Of(line).Lines);

    [Fact]
    public void Write_ValuesOfEveryKind_HaveTheirJsonForm()
    {
        Dictionary<string, object?> values = new()
        {
            ["nan"] = double.NaN,
            ["half"] = 0.5,
            ["huge"] = ulong.MaxValue,
            ["day"] = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
            ["id"] = Guid.Empty,
            ["text"] = "<é>",
            ["none"] = null,
        };

        string json = JsonText.Write(values, depth: 2, compress: true, enumsAsStrings: true);

        Assert.Equal(
            """{"nan":"NaN","half":0.5,"huge":18446744073709551615,"day":"2026-01-02T03:04:05.0000000Z","id":"00000000-0000-0000-0000-000000000000","text":"<é>","none":null}""",
            json);
    }
}
