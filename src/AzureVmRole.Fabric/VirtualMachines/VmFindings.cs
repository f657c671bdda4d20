using System.Net;

namespace AzureVmRole.Fabric.VirtualMachines;

/// <summary>What is wrong with a request; gathered, so that the answer says all of it.</summary>
internal sealed class VmFindings
{
    private readonly List<FabricException> _all = [];

    /// <summary>Everything that was found.</summary>
    public IReadOnlyList<FabricException> All => _all;

    /// <summary>A value that is wrong in itself.</summary>
    public void Invalid(string field, string message, string action) =>
        Add(HttpStatusCode.BadRequest, "InvalidParameter", field, message, action);

    /// <summary>A value that is missing.</summary>
    public void Missing(string field, string action) =>
        Invalid(field, $"Required parameter '{field}' is missing (null).", action);

    /// <summary>Something that does not go together with the state.</summary>
    public void Refused(string code, string field, string message, string action) => Add(HttpStatusCode.Conflict, code, field, message, action);

    /// <summary>Something that cannot be changed any more.</summary>
    public void Fixed(string field, string? found, string? asked, string action) => Add(
        HttpStatusCode.Conflict, "PropertyChangeNotAllowed", field,
        $"Changing property '{field}' is not allowed: it is '{found}', and '{asked}' was asked for.", action);

    /// <summary>A finding that was made elsewhere.</summary>
    public void Add(FabricException finding) => _all.Add(finding);

    /// <summary>Any finding.</summary>
    public void Add(HttpStatusCode status, string code, string field, string message, string action) =>
        _all.Add(new FabricException(status, code, field, message, action));

    /// <summary>Runs a check that refuses, and keeps its refusal as a finding.</summary>
    public T? Try<T>(Func<T> check)
        where T : class
    {
        try
        {
            return check();
        }
        catch (FabricException refusal)
        {
            _all.Add(refusal);
            return null;
        }
    }

    /// <summary>Refuses the request when anything was found: a single finding as it is, several with all of them as details.</summary>
    /// <exception cref="FabricException">Something was found.</exception>
    public void Throw()
    {
        if (_all.Count == 0)
        {
            return;
        }

        FabricException first = _all[0];
        throw _all.Count == 1 ? first : new FabricException(
            first.Status, first.AzureCode, first.Target?.ToString() ?? "", $"{first.Message} {_all.Count - 1} more: see the details.", first.RecommendedAction)
        {
            Details = [.. _all],
        };
    }
}
