using System.Text;
using System.Text.Json.Nodes;
using AzureVmRole.Fabric.Proofs;

namespace AzureVmRole.Daemon.Proofs;

/// <summary>Tells of a proof in lines of JSON. Safe for several threads; a reader that has gone away is not told, and not an error.</summary>
internal sealed class ProofLines(Stream output)
{
    private readonly Lock _lock = new();

    public void WriteNote(string text) => Write(new JsonObject { ["kind"] = "note", ["text"] = text });

    public void WriteConsole(string line) => Write(new JsonObject { ["kind"] = "console", ["line"] = line });

    public void WriteStep(ImageProofStep step)
    {
        JsonObject told = Describe(step);
        told["kind"] = "step";
        Write(told);
    }

    public void WriteReport(ImageProofReport report) => Write(new JsonObject
    {
        ["kind"] = "report",
        ["isReady"] = report.IsReady,
        ["reason"] = report.Reason,
        ["isBooted"] = report.IsBooted,
        ["address"] = report.Address,
        ["agent"] = report.Agent,
        ["agentVersion"] = report.AgentVersion,
        ["sshLogin"] = report.Ssh.IsLoggedIn,
        ["sshMessage"] = report.Ssh.What,
        ["accelerator"] = report.Accelerator,
        ["generation"] = report.Generation,
        ["durationInSeconds"] = report.Duration.TotalSeconds,
        ["steps"] = new JsonArray([.. report.Steps.Select(Describe)]),
    });

    public void WriteError(ErrorCode code, string message, string? target, string? recommendation) => Write(new JsonObject
    {
        ["kind"] = "error",
        ["code"] = code.ToString(),
        ["message"] = message,
        ["target"] = target,
        ["recommendation"] = recommendation,
    });

    private static JsonObject Describe(ImageProofStep step) => new() { ["afterInSeconds"] = step.After.TotalSeconds, ["boot"] = step.Boot, ["what"] = step.What };

    private void Write(JsonObject message)
    {
        byte[] line = Encoding.UTF8.GetBytes(message.ToJsonString() + "\n");
        lock (_lock)
        {
            try
            {
                output.Write(line);
                output.Flush();
            }
            catch (IOException)
            {
                // Who read this is gone; its end of our input tells us to stop.
            }
        }
    }
}
