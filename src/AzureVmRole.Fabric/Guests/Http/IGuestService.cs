namespace AzureVmRole.Fabric.Guests.Http;

/// <summary>A service that a guest reaches over HTTP.</summary>
internal interface IGuestService
{
    /// <summary>Answers at once. Never throws for what a guest sends. Called from several threads.</summary>
    GuestAnswer Answer(GuestRequest request);
}
