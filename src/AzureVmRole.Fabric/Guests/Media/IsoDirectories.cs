using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace AzureVmRole.Fabric.Guests.Media;

/// <summary>The descriptors, path tables and directories of ISO 9660 and of Joliet.</summary>
internal sealed class IsoDirectories
{
    private const int FirstDescriptor = 16;
    private const int PathTableLength = 10;
    private const int RecordHead = 33;
    private const byte DirectoryFlag = 2;

    private readonly IsoLayout _layout;
    private readonly byte[] _primary;
    private readonly byte[] _joliet;
    private readonly int _primarySector = IsoLayout.DirectoriesSector + 4;
    private readonly int _jolietSector;

    public IsoDirectories(IsoLayout layout)
    {
        _layout = layout;
        IReadOnlyList<(string Name, string Extension)> names = IsoName.Make(layout.Files.Select(static file => file.Name));
        var plain = Enumerable.Range(0, names.Count)
            .OrderBy(index => names[index].Name, StringComparer.Ordinal)
            .ThenBy(index => names[index].Extension, StringComparer.Ordinal)
            .Select(index => (index, Encoding.ASCII.GetBytes($"{names[index].Name}.{names[index].Extension};1")))
            .ToList();
        var full = Enumerable.Range(0, names.Count)
            .OrderBy(index => layout.Files[index].Name, StringComparer.Ordinal)
            .Select(index => (index, Encoding.BigEndianUnicode.GetBytes($"{layout.Files[index].Name};1")))
            .ToList();
        _primary = Directory(_primarySector, plain);
        _jolietSector = _primarySector + IsoBytes.Sectors(_primary.Length);
        _joliet = Directory(_jolietSector, full);
    }

    public void WriteTo(Span<byte> image)
    {
        WriteDescriptor(Sector(image, FirstDescriptor), isJoliet: false, _primarySector, _primary.Length, IsoLayout.DirectoriesSector);
        WriteDescriptor(Sector(image, FirstDescriptor + 1), isJoliet: true, _jolietSector, _joliet.Length, IsoLayout.DirectoriesSector + 2);
        Span<byte> end = Sector(image, FirstDescriptor + 2);
        WriteHead(end, type: 255);
        WritePathTables(image, IsoLayout.DirectoriesSector, _primarySector);
        WritePathTables(image, IsoLayout.DirectoriesSector + 2, _jolietSector);
        _primary.CopyTo(image[(_primarySector * IsoBytes.SectorSize)..]);
        _joliet.CopyTo(image[(_jolietSector * IsoBytes.SectorSize)..]);
    }

    private static Span<byte> Sector(Span<byte> image, int sector) => image.Slice(sector * IsoBytes.SectorSize, IsoBytes.SectorSize);

    private static void WriteHead(Span<byte> sector, byte type)
    {
        sector[0] = type;
        "CD001"u8.CopyTo(sector[1..]);
        sector[6] = 1;
    }

    /// <summary>ECMA-119, 8.4 and 8.5; Joliet's differs in its escape sequence and in that its text is UCS-2.</summary>
    private void WriteDescriptor(Span<byte> sector, bool isJoliet, int rootSector, int rootLength, int pathTables)
    {
        WriteHead(sector, (byte)(isJoliet ? 2 : 1));
        WriteText(sector.Slice(8, 32), "", isJoliet);
        WriteText(sector.Slice(40, 32), _layout.Label, isJoliet);
        IsoBytes.WriteBoth32(sector[80..], (uint)_layout.SectorCount);
        if (isJoliet)
        {
            "%/E"u8.CopyTo(sector[88..]);
        }

        IsoBytes.WriteBoth16(sector[120..], 1);
        IsoBytes.WriteBoth16(sector[124..], 1);
        IsoBytes.WriteBoth16(sector[128..], IsoBytes.SectorSize);
        IsoBytes.WriteBoth32(sector[132..], PathTableLength);
        BinaryPrimitives.WriteUInt32LittleEndian(sector[140..], (uint)pathTables);
        BinaryPrimitives.WriteUInt32BigEndian(sector[148..], (uint)pathTables + 1);
        WriteRecord(sector[156..], rootSector, rootLength, DirectoryFlag, [0]);
        foreach ((int start, int length) in new[] { (190, 128), (318, 128), (446, 128), (574, 128), (702, 37), (739, 37), (776, 37) })
        {
            WriteText(sector.Slice(start, length), start == 574 ? "AZUREVMROLE" : "", isJoliet);
        }

        Encoding.ASCII.GetBytes(_layout.Time.ToString("yyyyMMddHHmmss00", CultureInfo.InvariantCulture), sector[813..]);
        Encoding.ASCII.GetBytes(_layout.Time.ToString("yyyyMMddHHmmss00", CultureInfo.InvariantCulture), sector[830..]);
        sector.Slice(847, 16).Fill((byte)'0');
        sector.Slice(864, 16).Fill((byte)'0');
        sector[881] = 1;
    }

    private static void WriteText(Span<byte> field, string text, bool isWide)
    {
        if (isWide)
        {
            string padded = text.PadRight(field.Length / 2);
            Encoding.BigEndianUnicode.GetBytes(padded, field);
        }
        else
        {
            Encoding.ASCII.GetBytes(text.PadRight(field.Length), field);
        }
    }

    /// <summary>ECMA-119, 9.4: the root is the only directory.</summary>
    private static void WritePathTables(Span<byte> image, int sector, int rootSector)
    {
        Span<byte> little = Sector(image, sector);
        little[0] = 1;
        BinaryPrimitives.WriteUInt32LittleEndian(little[2..], (uint)rootSector);
        BinaryPrimitives.WriteUInt16LittleEndian(little[6..], 1);
        Span<byte> big = Sector(image, sector + 1);
        big[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(big[2..], (uint)rootSector);
        BinaryPrimitives.WriteUInt16BigEndian(big[6..], 1);
    }

    /// <summary>A directory's content, whole sectors: no record crosses the end of one.</summary>
    private byte[] Directory(int sector, IReadOnlyList<(int Index, byte[] Name)> entries)
    {
        int length = 2 * RecordLength(1);
        foreach ((_, byte[] name) in entries)
        {
            length = Place(length, RecordLength(name.Length)) + RecordLength(name.Length);
        }

        byte[] content = new byte[IsoBytes.Sectors(length) * IsoBytes.SectorSize];
        int at = WriteRecord(content, sector, content.Length, DirectoryFlag, [0]);
        at += WriteRecord(content.AsSpan(at), sector, content.Length, DirectoryFlag, [1]);
        foreach ((int index, byte[] name) in entries)
        {
            at = Place(at, RecordLength(name.Length));
            at += WriteRecord(content.AsSpan(at), _layout.ContentSector(index), _layout.Files[index].Content.Length, 0, name);
        }

        return content;
    }

    private static int RecordLength(int nameLength) => (RecordHead + nameLength + 1) / 2 * 2;

    private static int Place(int at, int length)
    {
        int room = IsoBytes.SectorSize - (at % IsoBytes.SectorSize);
        return length <= room ? at : at + room;
    }

    /// <summary>ECMA-119, 9.1.</summary>
    private int WriteRecord(Span<byte> at, int sector, int length, byte flags, ReadOnlySpan<byte> name)
    {
        int recordLength = RecordLength(name.Length);
        at[0] = (byte)recordLength;
        IsoBytes.WriteBoth32(at[2..], (uint)sector);
        IsoBytes.WriteBoth32(at[10..], (uint)length);
        at[18] = (byte)(_layout.Time.Year - 1900);
        at[19] = (byte)_layout.Time.Month;
        at[20] = (byte)_layout.Time.Day;
        at[21] = (byte)_layout.Time.Hour;
        at[22] = (byte)_layout.Time.Minute;
        at[23] = (byte)_layout.Time.Second;
        at[25] = flags;
        IsoBytes.WriteBoth16(at[28..], 1);
        at[32] = (byte)name.Length;
        name.CopyTo(at[RecordHead..]);
        return recordLength;
    }
}
