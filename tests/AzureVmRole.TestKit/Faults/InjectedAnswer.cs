using System.Text;

namespace AzureVmRole.TestKit.Faults;

/// <summary>An error answer as the Blob service words it ("Status and error codes").</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">The service's error code.</param>
public sealed record InjectedAnswer(int Status, string Code)
{
    /// <summary>The value of Retry-After; null for none.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>Whether the type of a body is named also where there is none, in answers to HEAD.</summary>
    public bool AlwaysNamesType { get; init; }

    internal byte[] ToBytes(ProxiedRequest request)
    {
        bool hasBody = request.Method != "HEAD";
        string body = hasBody
            ? $"<?xml version=\"1.0\" encoding=\"utf-8\"?><Error><Code>{Code}</Code><Message>Injected.</Message></Error>"
            : "";
        string type = hasBody || AlwaysNamesType ? "Content-Type: application/xml\r\n" : "";
        string retryAfter = RetryAfterSeconds is { } seconds ? $"Retry-After: {seconds}\r\n" : "";
        return Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {Status} Injected\r\nServer: Windows-Azure-Blob/1.0 Microsoft-HTTPAPI/2.0\r\n"
            + $"x-ms-error-code: {Code}\r\nx-ms-request-id: injected-{request.Number}\r\nx-ms-version: 2021-08-06\r\n{retryAfter}"
            + $"{type}Content-Length: {body.Length}\r\n\r\n{body}");
    }
}
