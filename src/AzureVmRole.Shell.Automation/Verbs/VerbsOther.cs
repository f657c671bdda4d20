namespace System.Management.Automation;

/// <summary>Other verbs. Each constant is the verb itself.</summary>
public static class VerbsOther
{
    public const string Use = "Use";
}
