using System.Data.Common;

namespace AzureVmRole.Engine.Storage;

/// <summary>The statements that a connection to SQLite runs, kept prepared. Values are $1, $2 and so on. Not for several threads at once.</summary>
/// <param name="connection">The connection, open; it is not closed with the statements.</param>
public sealed class StatementCache(DbConnection connection) : IDisposable
{
    private readonly Dictionary<string, DbCommand> _commands = new(StringComparer.Ordinal);

    /// <summary>Runs a statement that gives no rows.</summary>
    /// <returns>How many rows it changed.</returns>
    public int Run(string text, params ReadOnlySpan<object?> values) => Command(text, values).ExecuteNonQuery();

    /// <summary>The first value of the first row; null when there is none.</summary>
    public object? Scalar(string text, params ReadOnlySpan<object?> values) =>
        Command(text, values).ExecuteScalar() is { } value and not DBNull ? value : null;

    /// <summary>The rows of a statement; read them to the end before the same statement runs again.</summary>
    public DbDataReader Query(string text, params ReadOnlySpan<object?> values) => Command(text, values).ExecuteReader();

    /// <summary>Runs statements once.</summary>
    public void RunScript(string text)
    {
        using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is made of constants.
        command.CommandText = text;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DbCommand command in _commands.Values)
        {
            command.Dispose();
        }

        _commands.Clear();
    }

    private DbCommand Command(string text, ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(text, out DbCommand? command))
        {
            command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is made of constants; values are parameters.
            command.CommandText = text;
#pragma warning restore CA2100
            for (int index = 1; index <= values.Length; index++)
            {
                DbParameter parameter = command.CreateParameter();
                parameter.ParameterName = $"${index}";
                command.Parameters.Add(parameter);
            }

            _commands.Add(text, command);
        }

        for (int index = 0; index < values.Length; index++)
        {
            command.Parameters[index].Value = values[index] ?? DBNull.Value;
        }

        return command;
    }
}
