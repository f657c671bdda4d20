using System.Data.Common;

namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>Values that may be missing.</summary>
internal static class SqliteValues
{
    public static string? Text(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static long? Number(this DbDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);
}
