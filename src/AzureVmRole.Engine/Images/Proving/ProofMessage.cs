using System.Text.Json;

namespace AzureVmRole.Engine.Images.Proving;

/// <summary>What the program that boots an image tells, as the rest of the engine takes it.</summary>
internal static class ProofMessage
{
    /// <summary>A text of a message; null when it has none of that name.</summary>
    public static string? Text(JsonElement message, string name) =>
        message.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>A step of a message.</summary>
    public static VMImageProofStep Step(JsonElement message) => new(
        TimeSpan.FromSeconds(Number(message, "afterInSeconds")), (int)Number(message, "boot"), Text(message, "what") ?? "");

    /// <summary>A report, on what is known of the image otherwise.</summary>
    public static VMImageProof Report(JsonElement message, VMImageProof known) => known with
    {
        IsBootTried = true,
        Reason = Text(message, "reason"),
        IsBooted = Flag(message, "isBooted") == true,
        Address = Text(message, "address"),
        Agent = Text(message, "agent"),
        AgentVersion = Text(message, "agentVersion"),
        IsSshLoggedIn = Flag(message, "sshLogin"),
        SshMessage = Text(message, "sshMessage"),
        Accelerator = Text(message, "accelerator"),
        Generation = Number(message, "generation") == 2 ? DiskGeneration.Gen2 : DiskGeneration.Gen1,
        Duration = TimeSpan.FromSeconds(Number(message, "durationInSeconds")),
        Steps = message.TryGetProperty("steps", out JsonElement steps) && steps.ValueKind == JsonValueKind.Array ? [.. steps.EnumerateArray().Select(Step)] : [],
    };

    /// <summary>Whether a report says that the guest was ready.</summary>
    public static bool IsReady(JsonElement message) => Flag(message, "isReady") == true;

    /// <summary>The error that a message tells.</summary>
    /// <param name="message">The message.</param>
    /// <param name="path">The image.</param>
    public static AzureVmRoleException Error(JsonElement message, string path)
    {
        ErrorCode code = Enum.TryParse(Text(message, "code"), out ErrorCode known) ? known : ErrorCode.FabricFailed;
        string text = Text(message, "message") ?? "The proof has failed, and does not say why.";
        string? action = Text(message, "recommendation");
        return code switch
        {
            ErrorCode.FabricFailed or ErrorCode.InternalError => new FabricException(
                ErrorCode.FabricFailed, path, $"'{path}' could not be booted: {text}", action ?? "Report this as a defect of AzureVmRole, with this message."),
            ErrorCode.FabricNotInstalled or ErrorCode.AllocationFailed or ErrorCode.FabricBusy or ErrorCode.RequestInvalid => new FabricException(code, Text(message, "target") ?? path, text, action),
            _ => new DiskOperationException(code, path, text, action),
        };
    }

    private static double Number(JsonElement message, string name) =>
        message.TryGetProperty(name, out JsonElement value) && value.TryGetDouble(out double number) ? number : 0;

    private static bool? Flag(JsonElement message, string name) => message.TryGetProperty(name, out JsonElement value)
        ? value.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null }
        : null;
}
