using AzureVmRole.Engine.Storage.Content;

namespace AzureVmRole.Engine.Storage.Publishing;

/// <summary>
/// Decides which gaps between data are sent as zeros to save a request: short ones, and in all less than a hundredth of the data.
/// </summary>
internal sealed class GapBudget
{
    private const int DataPerFilledByte = 112;
    private const int SharePerGap = 8;

    private long _available;

    /// <summary>Data was sent, which allows for more.</summary>
    public void NoteData(int length) => _available += length;

    /// <summary>Whether a gap may be filled; if so it has been paid for.</summary>
    public bool TryFill(long gap)
    {
        long allowed = _available / DataPerFilledByte;
        if (gap > allowed || (gap > ContentHasher.LeafSize && gap > allowed / SharePerGap))
        {
            return false;
        }

        _available -= gap * DataPerFilledByte;
        return true;
    }
}
