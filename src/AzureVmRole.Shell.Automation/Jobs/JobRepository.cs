namespace System.Management.Automation;

/// <summary>The jobs of a session.</summary>
public sealed class JobRepository : Repository<Job>;
