using AzureVmRole.Fabric.Hosts;
using AzureVmRole.Fabric.Placement;
using AzureVmRole.Fabric.Resources;
using Xunit;

namespace AzureVmRole.Fabric.Tests.Placement;

public sealed class PlacementTests
{
    private static readonly PlacementRequest Small = new("local1", 1, 1024);

    [Fact]
    public void Reserve_EqualHosts_SpreadsOverFaultDomainsThenUpdateDomains()
    {
        var ledger = new HostLedger(Hosts(6, cores: 100));

        HostProfile[] chosen = [.. Enumerable.Range(0, 6).Select(index => ledger.Reserve(Machine(index), Small))];

        Assert.Equal([2, 2, 2], chosen.GroupBy(host => host.FaultDomain).Select(group => group.Count()));
        Assert.Equal(6, chosen.Select(host => host.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(3, chosen.Take(3).Select(host => host.FaultDomain).Distinct().Count());
    }

    [Fact]
    public void Reserve_SpreadGroup_SpreadsItsMembersWhateverElseThereIs()
    {
        var ledger = new HostLedger(Hosts(3, cores: 100));
        Assert.Equal("local1-host0", ledger.Reserve(Machine(0), Small).Id);
        Assert.Equal("local1-host1", ledger.Reserve(Machine(1), Small).Id);

        string[] members = [.. Enumerable.Range(10, 3).Select(index => ledger.Reserve(Machine(index), Small with { SpreadGroup = "set" }).Id)];

        Assert.Equal(["local1-host0", "local1-host1", "local1-host2"], members.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Fact]
    public void Reserve_NoRoom_SaysAllocationFailedWithWhatIsFree()
    {
        var ledger = new HostLedger(Hosts(2, cores: 4));
        ledger.Reserve(Machine(0), Small with { Cores = 3 });

        FabricException refusal = Assert.Throws<FabricException>(() => ledger.Reserve(Machine(1), Small with { Cores = 5 }));

        Assert.Equal(("AllocationFailed", ErrorCode.AllocationFailed), (refusal.AzureCode, refusal.Code));
        Assert.Contains("5 cores", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("up to 4 cores free", refusal.Message, StringComparison.Ordinal);
        Assert.Throws<FabricException>(() => ledger.Reserve(Machine(1), Small with { Location = "elsewhere" }));
    }

    [Fact]
    public void Reserve_Again_KeepsThePlaceAndChangesItsSize()
    {
        var ledger = new HostLedger(Hosts(2, cores: 4));
        HostProfile place = ledger.Reserve(Machine(0), Small with { Cores = 2 });

        Assert.Equal(place, ledger.Reserve(Machine(0), Small with { Cores = 4 }));
        Assert.Equal(4, ledger.Loads().Sum(load => load.CoresUsed));

        Assert.Throws<FabricException>(() => ledger.Reserve(Machine(0), Small with { Cores = 5 }));
        Assert.Equal(place.Id, ledger.HostOf(Machine(0)));
        Assert.Equal(4, ledger.Loads().Sum(load => load.CoresUsed));
    }

    [Fact]
    public void Restore_HostThatIsGone_IsSaid()
    {
        var ledger = new HostLedger(Hosts(1, cores: 1));

        Assert.False(ledger.Restore(Machine(0), "local9-host0", Small));
        Assert.True(ledger.Restore(Machine(1), "local1-host0", Small with { Cores = 7 }));
        Assert.Throws<FabricException>(() => ledger.Reserve(Machine(2), Small));
    }

    /// <summary>Whatever is reserved and released in whatever order, no host gives away more than it has, and nothing stays taken at the end.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Reserve_AnyOrder_NeverMoreThanAHostHas(int seed)
    {
        var random = new Random(seed);
        var ledger = new HostLedger(Hosts(5, cores: 16));
        var held = new HashSet<int>();
        int refused = 0;
        for (int step = 0; step < 3000; step++)
        {
            int machine = random.Next(60);
            if (random.Next(3) == 0)
            {
                ledger.Release(Machine(machine));
                held.Remove(machine);
            }
            else
            {
                try
                {
                    PlacementRequest request = Small with { Cores = random.Next(1, 9), MemoryInMiB = random.Next(1, 9) * 512, SpreadGroup = random.Next(2) == 0 ? "set" : null };
                    ledger.Reserve(Machine(machine), request);
                    held.Add(machine);
                }
                catch (FabricException)
                {
                    refused++;
                }
            }

            Assert.All(ledger.Loads(), load => Assert.True(load.CoresFree >= 0 && load.MemoryFreeInMiB >= 0));
            Assert.Equal(held.Count, ledger.Loads().Sum(load => load.Guests));
        }

        Assert.True(refused > 0);
        Assert.All(Enumerable.Range(0, 60), index => ledger.Release(Machine(index)));
        Assert.All(ledger.Loads(), load => Assert.Equal((0L, 0L, 0), (load.CoresUsed, load.MemoryUsedInMiB, load.Guests)));
    }

    [Fact]
    public async Task LedgerReader_MachinesWithAndWithoutHosts_TakesTheirRoom()
    {
        await using var fabric = new TestParts();
        Save("a", """{"host":"local1-host2","size":"Standard_D4s_v3"}""", "Standard_D8s_v3");
        Save("b", "{}", "Standard_D4s_v3");
        Save("c", """{"host":"gone"}""", "Standard_D4s_v3");

        IReadOnlyList<ResourceId> homeless = LedgerReader.Restore(fabric.Database, TestParts.SubscriptionId, fabric.Parts.Ledger).Homeless;

        Assert.Equal("c", Assert.Single(homeless).Name);
        HostLoad load = Assert.Single(fabric.Parts.Ledger.Loads(), load => load.Guests > 0);
        Assert.Equal(("local1-host2", 4L, 16384L), (load.Profile.Id, load.CoresUsed, load.MemoryUsedInMiB));

        void Save(string name, string observed, string size) => fabric.Save(TestParts.Resource(TestParts.Id(ResourceType.VirtualMachines, name)) with
        {
            Observed = TestParts.Json(observed),
            Desired = TestParts.Json("{\"properties\":{\"hardwareProfile\":{\"vmSize\":\"" + size + "\"}}}"),
        });
    }

    [Theory]
    [InlineData("standard_d2S_v3", 2, 8192, 4, 16384)]
    [InlineData("Standard_DS1_v2", 1, 3584, 4, 7168)]
    [InlineData("Standard_F2s_v2", 2, 4096, 4, 16384)]
    [InlineData("Standard_B1s", 1, 1024, 2, 4096)]
    [InlineData("Standard_A1_v2", 1, 2048, 2, 10240)]
    [InlineData("Standard_E2s_v3", 2, 16384, 4, 32768)]
    [InlineData("Standard_D2s_v5", 2, 8192, 4, 0)]
    [InlineData("Standard_E32s_v3", 32, 262144, 32, 524288)]
    [InlineData("Basic_A0", 1, 768, 1, 20480)]
    [InlineData("Small", 1, 1792, 2, 71680)]
    public void VmSizes_Find_HasAzuresNumbers(string name, int cores, int memoryInMB, int disks, int resourceDiskInMB)
    {
        VmSize? size = VmSizes.Find(name);

        Assert.NotNull(size);
        Assert.Equal((cores, memoryInMB, disks, resourceDiskInMB, 1047552), (size.Cores, size.MemoryInMB, size.MaxDataDiskCount, size.ResourceDiskSizeInMB, size.OSDiskSizeInMB));
    }

    [Fact]
    public void VmSizes_Find_UnknownName_IsNull() => Assert.Null(VmSizes.Find("Standard_None"));

    private static ResourceId Machine(int index) => TestParts.Id(ResourceType.VirtualMachines, $"m{index}");

    private static HostProfile[] Hosts(int count, int cores) =>
    [
        .. Enumerable.Range(0, count).Select(index => new HostProfile($"local1-host{index}", "Simulated", "local1", cores, cores * 1024L, index % 3, index % 5)),
    ];
}
