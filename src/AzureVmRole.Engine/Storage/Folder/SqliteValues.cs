using Microsoft.Data.Sqlite;

namespace AzureVmRole.Engine.Storage.Folder;

/// <summary>Values that may be missing.</summary>
internal static class SqliteValues
{
    public static string? Text(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static long? Number(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetInt64(column);

    /// <summary>A scalar's text; null for no row and for NULL.</summary>
    public static string? AsText(this object? value) => value as string;
}
