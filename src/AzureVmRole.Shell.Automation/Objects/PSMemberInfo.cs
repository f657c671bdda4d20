namespace System.Management.Automation;

/// <summary>A member of an object as scripts see it.</summary>
public abstract class PSMemberInfo
{
    private protected PSMemberInfo(string name)
    {
        Name = name;
    }

    /// <summary>The member's name.</summary>
    public string Name { get; }

    /// <summary>The member's value.</summary>
    public abstract object? Value { get; set; }

    /// <summary>The full name of the value's type.</summary>
    public abstract string TypeNameOfValue { get; }
}
