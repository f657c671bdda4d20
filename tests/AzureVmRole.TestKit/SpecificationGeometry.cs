namespace AzureVmRole.TestKit;

/// <summary>"CHS Calculation" of the VHD specification's appendix, line by line as it is printed there.</summary>
public static class SpecificationGeometry
{
    public static (int Cylinders, int Heads, int SectorsPerTrack) Of(long lengthInBytes)
    {
        long totalSectors = lengthInBytes / 512;
        long sectorsPerTrack;
        long heads;
        long cylinderTimesHeads;
        if (totalSectors > 65535L * 16 * 255)
        {
            totalSectors = 65535L * 16 * 255;
        }

        if (totalSectors >= 65535L * 16 * 63)
        {
            sectorsPerTrack = 255;
            heads = 16;
            cylinderTimesHeads = totalSectors / sectorsPerTrack;
        }
        else
        {
            sectorsPerTrack = 17;
            cylinderTimesHeads = totalSectors / sectorsPerTrack;
            heads = (cylinderTimesHeads + 1023) / 1024;
            if (heads < 4)
            {
                heads = 4;
            }

            if (cylinderTimesHeads >= heads * 1024 || heads > 16)
            {
                sectorsPerTrack = 31;
                heads = 16;
                cylinderTimesHeads = totalSectors / sectorsPerTrack;
            }

            if (cylinderTimesHeads >= heads * 1024)
            {
                sectorsPerTrack = 63;
                heads = 16;
                cylinderTimesHeads = totalSectors / sectorsPerTrack;
            }
        }

        return ((int)(cylinderTimesHeads / heads), (int)heads, (int)sectorsPerTrack);
    }
}
