namespace System.Management.Automation;

/// <summary>Kinds of error.</summary>
public enum ErrorCategory
{
    /// <summary>Not told.</summary>
    NotSpecified = 0,

    /// <summary>Opening failed.</summary>
    OpenError = 1,

    /// <summary>Closing failed.</summary>
    CloseError = 2,

    /// <summary>A device failed.</summary>
    DeviceError = 3,

    /// <summary>Two operations wait for each other.</summary>
    DeadlockDetected = 4,

    /// <summary>An argument is not usable.</summary>
    InvalidArgument = 5,

    /// <summary>Data is not as it must be.</summary>
    InvalidData = 6,

    /// <summary>The operation is not possible now.</summary>
    InvalidOperation = 7,

    /// <summary>A result is not usable.</summary>
    InvalidResult = 8,

    /// <summary>A type is not usable.</summary>
    InvalidType = 9,

    /// <summary>A description of a command is wrong.</summary>
    MetadataError = 10,

    /// <summary>Not there yet.</summary>
    NotImplemented = 11,

    /// <summary>Something needed is not installed.</summary>
    NotInstalled = 12,

    /// <summary>Something does not exist.</summary>
    ObjectNotFound = 13,

    /// <summary>The operation was stopped.</summary>
    OperationStopped = 14,

    /// <summary>The operation took too long.</summary>
    OperationTimeout = 15,

    /// <summary>The text is not of the language.</summary>
    SyntaxError = 16,

    /// <summary>The parser failed.</summary>
    ParserError = 17,

    /// <summary>The user may not do this.</summary>
    PermissionDenied = 18,

    /// <summary>Something is in use.</summary>
    ResourceBusy = 19,

    /// <summary>Something exists already.</summary>
    ResourceExists = 20,

    /// <summary>Something cannot be reached.</summary>
    ResourceUnavailable = 21,

    /// <summary>Reading failed.</summary>
    ReadError = 22,

    /// <summary>Writing failed.</summary>
    WriteError = 23,

    /// <summary>A program wrote to its error stream.</summary>
    FromStdErr = 24,

    /// <summary>A security rule forbids it.</summary>
    SecurityError = 25,

    /// <summary>The other side does not keep the protocol.</summary>
    ProtocolError = 26,

    /// <summary>There is no connection.</summary>
    ConnectionError = 27,

    /// <summary>The user is not known.</summary>
    AuthenticationError = 28,

    /// <summary>A limit of the system is reached.</summary>
    LimitsExceeded = 29,

    /// <summary>A quota is used up.</summary>
    QuotaExceeded = 30,

    /// <summary>Something needed is turned off.</summary>
    NotEnabled = 31,
}
