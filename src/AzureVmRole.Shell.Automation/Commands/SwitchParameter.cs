namespace System.Management.Automation;

/// <summary>A parameter that needs no argument: present or not.</summary>
public readonly struct SwitchParameter : IEquatable<SwitchParameter>
{
    /// <summary>Makes a switch that is on or off.</summary>
    public SwitchParameter(bool isPresent)
    {
        IsPresent = isPresent;
    }

    /// <summary>Whether the switch is on.</summary>
    public bool IsPresent { get; }

    /// <summary>A switch that is on.</summary>
    public static SwitchParameter Present => new(isPresent: true);

    /// <summary>Whether the switch is on.</summary>
    public static implicit operator bool(SwitchParameter switchParameter) => switchParameter.IsPresent;

    /// <summary>Makes a switch that is on or off.</summary>
    public static implicit operator SwitchParameter(bool value) => new(value);

    /// <summary>Whether both are on or both are off.</summary>
    public static bool operator ==(SwitchParameter first, SwitchParameter second) => first.Equals(second);

    /// <summary>Whether one is on and the other off.</summary>
    public static bool operator !=(SwitchParameter first, SwitchParameter second) => !first.Equals(second);

    /// <summary>Whether both are on or both are off.</summary>
    public static bool operator ==(SwitchParameter first, bool second) => first.IsPresent == second;

    /// <summary>Whether one is on and the other off.</summary>
    public static bool operator !=(SwitchParameter first, bool second) => first.IsPresent != second;

    /// <summary>Whether both are on or both are off.</summary>
    public static bool operator ==(bool first, SwitchParameter second) => first == second.IsPresent;

    /// <summary>Whether one is on and the other off.</summary>
    public static bool operator !=(bool first, SwitchParameter second) => first != second.IsPresent;

    /// <summary>Whether the switch is on.</summary>
    public bool ToBool() => IsPresent;

    /// <inheritdoc/>
    public bool Equals(SwitchParameter other) => IsPresent == other.IsPresent;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj switch
    {
        bool value => IsPresent == value,
        SwitchParameter other => Equals(other),
        _ => false,
    };

    /// <inheritdoc/>
    public override int GetHashCode() => IsPresent.GetHashCode();

    /// <inheritdoc/>
    public override string ToString() => IsPresent.ToString();
}
