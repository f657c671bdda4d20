namespace System.Management.Automation;

/// <summary>Something to do when a module is removed; the built-in shell never removes one.</summary>
public interface IModuleAssemblyCleanup
{
    /// <summary>Called when the module is removed.</summary>
    void OnRemove(PSModuleInfo psModuleInfo);
}
