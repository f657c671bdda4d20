namespace AzureVmRole.Shell.Binding;

/// <summary>The object that a parameter is a property of.</summary>
internal enum ParameterOwner
{
    /// <summary>The cmdlet.</summary>
    Cmdlet,

    /// <summary>The parameters that every cmdlet has.</summary>
    Common,

    /// <summary>-WhatIf and -Confirm.</summary>
    ShouldProcess,
}
