namespace System.Management.Automation;

/// <summary>Something to do when a module's assembly is loaded.</summary>
public interface IModuleAssemblyInitializer
{
    /// <summary>Called before any of the assembly's cmdlets is used.</summary>
    void OnImport();
}
