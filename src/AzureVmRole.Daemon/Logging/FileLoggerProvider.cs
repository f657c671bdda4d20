using System.Globalization;
using Microsoft.Extensions.Logging;

namespace AzureVmRole.Daemon.Logging;

/// <summary>Writes what the daemon has to say to a file: its own messages, and warnings of the framework.</summary>
internal sealed class FileLoggerProvider(string path, long longestInBytes, TimeProvider clock) : ILoggerProvider
{
    private readonly RolledFile _file = new(path, longestInBytes);

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new FileLogger(this, categoryName);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Write(string category, LogLevel level, EventId eventId, string message, Exception? exception)
    {
        string time = clock.GetUtcNow().ToString("O", CultureInfo.InvariantCulture);
        string text = $"{time} {level} {category}[{eventId.Id}] {message.ReplaceLineEndings(" ")}";
        _file.Write(exception is null ? text : $"{text}\n{exception}");
    }

    private sealed class FileLogger(FileLoggerProvider provider, string category) : ILogger
    {
        private readonly LogLevel _least = category.StartsWith("AzureVmRole", StringComparison.Ordinal) ? LogLevel.Information : LogLevel.Warning;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= _least && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                provider.Write(category, logLevel, eventId, formatter(state, exception), exception);
            }
        }
    }
}
