namespace AzureVmRole.Disks.Files;

/// <summary>Modification times as the children of a disk look at them: in whole seconds.</summary>
public static class ModificationTime
{
    /// <summary>
    /// The time that a disk gets whose content changed: now, but in a later second than before, so that every difference on
    /// the old content notices.
    /// </summary>
    public static DateTime After(DateTime beforeUtc, TimeProvider clock)
    {
        DateTime now = clock.GetUtcNow().UtcDateTime;
        DateTime next = beforeUtc.AddSeconds(1);
        return now > next ? now : next;
    }
}
