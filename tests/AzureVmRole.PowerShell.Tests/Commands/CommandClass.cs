using System.Management.Automation;
using System.Reflection;
using AzureVmRole.PowerShell.Commands;
using Xunit;

namespace AzureVmRole.PowerShell.Tests.Commands;

/// <summary>
/// A cmdlet class as its metadata describes it: the reference assembly's attributes can be read, but not made. A new cmdlet is
/// tested without naming it anywhere.
/// </summary>
internal sealed class CommandClass(Type type)
{
    private readonly CustomAttributeData _cmdlet = Attribute(type, typeof(CmdletAttribute)).Single();

    public static TheoryData<Type> All => [.. Types()];

    public Type Type => type;

    public string Verb => (string)_cmdlet.ConstructorArguments[0].Value!;

    public string Name => $"{Verb}-{_cmdlet.ConstructorArguments[1].Value}";

    public bool SupportsShouldProcess => Named(_cmdlet, nameof(CmdletAttribute.SupportsShouldProcess), fallback: false);

    public string? DefaultSet => Named<string?>(_cmdlet, nameof(CmdletAttribute.DefaultParameterSetName), fallback: null);

    public Type[] Outputs => [.. Attribute(type, typeof(OutputTypeAttribute)).SelectMany(Arguments).Select(value => (Type)value)];

    public PropertyInfo[] Parameters =>
        [.. type.GetProperties().Where(property => Attribute(property, typeof(ParameterAttribute)).Any())];

    public IEnumerable<IGrouping<string, ParameterBinding>> Sets
    {
        get
        {
            ParameterBinding[] bindings = [.. Parameters.SelectMany(BindingsOf)];
            string[] sets = [.. bindings.Select(binding => binding.Set).OfType<string>().Distinct(StringComparer.Ordinal)];
            return (sets.Length == 0 ? ["(all)"] : sets)
                .SelectMany(set => bindings
                    .Where(binding => binding.Set is null || binding.Set == set)
                    .Select(binding => (set, binding)))
                .GroupBy(pair => pair.set, pair => pair.binding, StringComparer.Ordinal);
        }
    }

    public static IEnumerable<Type> Types() => typeof(GetBaseVhdCommand).Assembly.GetExportedTypes()
        .Where(candidate => candidate.IsSubclassOf(typeof(PSCmdlet)) && !candidate.IsAbstract);

    public static IEnumerable<ParameterBinding> BindingsOf(PropertyInfo parameter) =>
        Attribute(parameter, typeof(ParameterAttribute)).Select(data => new ParameterBinding(
            parameter.Name,
            Named<string?>(data, nameof(ParameterAttribute.ParameterSetName), fallback: null),
            Named(data, nameof(ParameterAttribute.Position), fallback: -1),
            Named(data, nameof(ParameterAttribute.Mandatory), fallback: false),
            Named(data, nameof(ParameterAttribute.ValueFromPipeline), fallback: false),
            Named(data, nameof(ParameterAttribute.ValueFromPipelineByPropertyName), fallback: false)));

    public static IEnumerable<CustomAttributeData> Attribute(MemberInfo member, Type attribute) =>
        member.GetCustomAttributesData().Where(data => data.AttributeType == attribute);

    /// <summary>The constructor's arguments, those of a params array one by one.</summary>
    public static IEnumerable<object> Arguments(CustomAttributeData data) => data.ConstructorArguments.SelectMany(argument =>
        argument.Value is IEnumerable<CustomAttributeTypedArgument> list ? list.Select(item => item.Value!) : [argument.Value!]);

    private static T Named<T>(CustomAttributeData data, string name, T fallback) => data.NamedArguments
        .Where(argument => argument.MemberName == name)
        .Select(argument => (T)argument.TypedValue.Value!)
        .DefaultIfEmpty(fallback)
        .Single();
}
