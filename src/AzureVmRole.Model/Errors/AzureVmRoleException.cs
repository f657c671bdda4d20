namespace AzureVmRole;

/// <summary>Base of every error that the engine raises on purpose.</summary>
public abstract class AzureVmRoleException : Exception
{
    /// <summary>Makes an error.</summary>
    /// <param name="code">The stable error id.</param>
    /// <param name="message">What, where, found versus expected.</param>
    /// <param name="target">The user's object: a path, a blob URI, a role name.</param>
    /// <param name="recommendedAction">What to do, in imperative form, or null.</param>
    /// <param name="innerException">The cause, or null.</param>
#pragma warning disable RS0030 // The one place where the base constructor belongs.
    protected AzureVmRoleException(
        ErrorCode code, string message, object target, string? recommendedAction, Exception? innerException)
        : base(message, innerException)
#pragma warning restore RS0030
    {
        Code = code;
        Target = target;
        RecommendedAction = recommendedAction;
    }

    /// <summary>The stable error id.</summary>
    public ErrorCode Code { get; }

    /// <summary>The user's object that the error is about.</summary>
    public object Target { get; }

    /// <summary>What the user can do about it, in imperative form; null when there is nothing.</summary>
    public string? RecommendedAction { get; }
}
