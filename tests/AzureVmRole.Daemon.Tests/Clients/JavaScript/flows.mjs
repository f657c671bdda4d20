// The life of an image with Azure's clients for JavaScript, unmodified, against a local fabric.
// Usage: node flows.mjs FOLDER ENDPOINT SUBSCRIPTION VHD, the token in AZVMROLE_TOKEN, the certificate in NODE_EXTRA_CA_CERTS.
// Prints what is left as one line of JSON; any expectation that fails ends it with an error.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';

const [folder, endpoint, subscription, vhd] = process.argv.slice(2);
const require = createRequire(`${folder}/package.json`);
const { ComputeManagementClient } = require('@azure/arm-compute');
const { ResourceManagementClient } = require('@azure/arm-resources');

const credential = { getToken: async () => ({ token: process.env.AZVMROLE_TOKEN, expiresOnTimestamp: Date.now() + 3_600_000 }) };
const compute = new ComputeManagementClient(credential, subscription, { endpoint });
const resources = new ResourceManagementClient(credential, subscription, { endpoint });
const soon = { updateIntervalInMs: 20 };
const group = 'js';
const location = 'local1';

async function all(pages) {
    const found = [];
    for await (const item of pages) {
        found.push(item);
    }

    return found;
}

const names = async pages => (await all(pages)).map(item => item.name).sort();

async function refused(statusCode, code, promise) {
    await assert.rejects(promise, error => {
        assert.deepEqual([error.statusCode, error.code], [statusCode, code], error.message);
        return true;
    });
}

const view = async name => (await compute.virtualMachines.instanceView(group, name)).statuses.map(status => status.code);

// Groups and providers.
assert.equal(await resources.resourceGroups.checkExistence(group).then(result => result.body), false);
const made = await resources.resourceGroups.createOrUpdate(group, { location: 'Local 1', tags: { env: 'js' } });
assert.deepEqual([made.name, made.location, made.properties.provisioningState], [group, location, 'Succeeded']);
assert.equal(await resources.resourceGroups.checkExistence(group).then(result => result.body), true);
assert.equal((await resources.resourceGroups.update(group, { tags: { env: 'test' } })).tags.env, 'test');
assert.deepEqual(await names(resources.resourceGroups.list({ filter: "tagName eq 'env'", top: 1 })), [group]);
assert.equal((await resources.providers.get('Microsoft.Compute')).registrationState, 'Registered');
assert.equal((await all(resources.providers.list())).length, 2);
assert.ok((await all(compute.operations.list())).some(operation => operation.name === 'Microsoft.Compute/disks/write'));
assert.ok((await all(compute.resourceSkus.list({ filter: `location eq '${location}'` }))).some(sku => sku.name === 'Standard_A1'));
assert.ok((await all(compute.virtualMachineSizes.list(location))).some(size => size.name === 'Standard_A1'));

// An image from a VHD in storage, and a virtual machine from the image.
const image = await compute.images.beginCreateOrUpdateAndWait(
    group, 'base', { location, storageProfile: { osDisk: { osType: 'Linux', osState: 'Generalized', blobUri: vhd } } }, soon);
assert.deepEqual([image.name, image.provisioningState, image.storageProfile.osDisk.blobUri], ['base', 'Succeeded', vhd]);
const fromImage = id => ({
    location,
    hardwareProfile: { vmSize: 'Standard_A2' },
    osProfile: { computerName: 'guest', adminUsername: 'me', adminPassword: 'Not-To-Be-Kept-1' },
    storageProfile: { imageReference: { id }, osDisk: { createOption: 'FromImage' } },
});
await refused(400, 'InvalidParameter', compute.virtualMachines.beginCreateOrUpdateAndWait(group, 'vm1', { ...fromImage(image.id), osProfile: undefined }, soon));
const first = await compute.virtualMachines.beginCreateOrUpdateAndWait(group, 'vm1', fromImage(image.id), soon);
assert.deepEqual([first.provisioningState, first.storageProfile.osDisk.caching, first.osProfile.adminPassword], ['Succeeded', 'ReadWrite', undefined]);
assert.ok((await view('vm1')).includes('PowerState/running'));

// Disks: new, existing, from a snapshot; attached and detached while the guest runs.
const empty = { location, creationData: { createOption: 'Empty' }, diskSizeGB: 1 };
const existing = await compute.disks.beginCreateOrUpdateAndWait(group, 'existing', empty, soon);
assert.equal((await compute.disks.beginUpdateAndWait(group, 'existing', { diskSizeGB: 2, tags: { a: 'b' } }, soon)).diskSizeGB, 2);
const snapshot = await compute.snapshots.beginCreateOrUpdateAndWait(
    group, 'snap', { location, creationData: { createOption: 'Copy', sourceResourceId: existing.id } }, soon);
const restored = await compute.disks.beginCreateOrUpdateAndWait(
    group, 'restored', { location, creationData: { createOption: 'Copy', sourceResourceId: snapshot.id } }, soon);
let vm = await compute.virtualMachines.beginUpdateAndWait(group, 'vm1', {
    storageProfile: {
        dataDisks: [
            { lun: 0, createOption: 'Empty', diskSizeGB: 1, name: 'fresh' },
            { lun: 1, createOption: 'Attach', managedDisk: { id: existing.id }, caching: 'ReadOnly' },
            { lun: 2, createOption: 'Attach', managedDisk: { id: restored.id } },
        ],
    },
}, soon);
assert.deepEqual(vm.storageProfile.dataDisks.map(disk => [disk.lun, disk.name, disk.caching]), [[0, 'fresh', 'None'], [1, 'existing', 'ReadOnly'], [2, 'restored', 'None']]);
assert.equal((await compute.disks.get(group, 'existing')).managedBy, first.id);
await refused(409, 'OperationNotAllowed', compute.disks.beginDeleteAndWait(group, 'existing', soon));

// Caching of the OS disk and the data disk, and one disk less: read, change, put back.
vm.storageProfile.osDisk.caching = 'ReadOnly';
vm.storageProfile.dataDisks = vm.storageProfile.dataDisks.filter(disk => disk.lun !== 2);
vm.storageProfile.dataDisks[0].caching = 'ReadWrite';
vm = await compute.virtualMachines.beginCreateOrUpdateAndWait(group, 'vm1', vm, soon);
assert.deepEqual([vm.storageProfile.osDisk.caching, ...vm.storageProfile.dataDisks.map(disk => disk.caching)], ['ReadOnly', 'ReadWrite', 'ReadOnly']);
assert.equal((await compute.disks.get(group, 'restored')).diskState, 'Unattached');
const access = await compute.disks.beginGrantAccessAndWait(group, 'restored', { access: 'Read', durationInSeconds: 60 }, soon);
assert.match(access.accessSAS, /^file:/u);
await compute.disks.beginRevokeAccessAndWait(group, 'restored', soon);

// Every action; then stopped, generalized, captured.
await compute.virtualMachines.beginRestartAndWait(group, 'vm1', soon);
await compute.virtualMachines.beginRedeployAndWait(group, 'vm1', soon);
await compute.virtualMachines.beginReapplyAndWait(group, 'vm1', soon);
await compute.virtualMachines.beginPowerOffAndWait(group, 'vm1', soon);
assert.ok((await view('vm1')).includes('PowerState/stopped'));
await compute.virtualMachines.beginStartAndWait(group, 'vm1', soon);
await refused(409, 'OperationNotAllowed', compute.virtualMachines.generalize(group, 'vm1'));
await compute.virtualMachines.beginDeallocateAndWait(group, 'vm1', soon);
assert.ok((await view('vm1')).includes('PowerState/deallocated'));
await compute.virtualMachines.generalize(group, 'vm1');
const template = await compute.virtualMachines.beginCaptureAndWait(group, 'vm1', { vhdPrefix: 'pre', destinationContainerName: 'captures', overwriteVhds: true }, soon);
assert.equal(template.resources.length, 1);
const captured = await compute.images.beginCreateOrUpdateAndWait(group, 'captured', { location, sourceVirtualMachine: { id: first.id } }, soon);
assert.equal(captured.provisioningState, 'Succeeded');
const remembered = Object.keys(captured.tags).filter(name => name.startsWith('azvmrole-data-disks')).sort().flatMap(name => JSON.parse(captured.tags[name]));
assert.deepEqual(remembered.map(disk => [disk.lun, disk.caching]), [[0, 'ReadWrite'], [1, 'ReadOnly']]);

// The first one goes, its disks stay; a second one comes from the captured image, with a disk of the first.
await compute.virtualMachines.beginDeleteAndWait(group, 'vm1', soon);
await refused(404, 'ResourceNotFound', compute.virtualMachines.get(group, 'vm1'));
await compute.virtualMachines.beginDeleteAndWait(group, 'vm1', soon);
const again = fromImage(captured.id);
again.storageProfile.dataDisks = [{ lun: 1, createOption: 'Attach', managedDisk: { id: existing.id } }];
const second = await compute.virtualMachines.beginCreateOrUpdateAndWait(group, 'vm2', again, soon);
assert.equal(second.storageProfile.dataDisks[0].name, 'existing');
assert.deepEqual(await names(compute.virtualMachines.list(group)), ['vm2']);
assert.deepEqual(await names(compute.virtualMachines.listAll()), ['vm2']);
assert.deepEqual(await names(compute.virtualMachines.listByLocation(location)), ['vm2']);
assert.deepEqual(await names(compute.virtualMachines.listByLocation('local2')), []);
assert.ok((await compute.virtualMachines.get(group, 'vm2', { expand: 'instanceView' })).instanceView.statuses.length > 0);
assert.equal((await all(compute.virtualMachines.listAvailableSizes(group, 'vm2'))).some(size => size.name === 'Standard_A3'), true);

// Tags at a scope, resources of any type.
await resources.tagsOperations.beginUpdateAtScopeAndWait(second.id, { operation: 'Merge', properties: { tags: { k: 'v' } } }, soon);
assert.equal((await resources.tagsOperations.getAtScope(second.id)).properties.tags.k, 'v');
assert.equal((await resources.resources.getById(second.id, '2023-07-01')).tags.k, 'v');
assert.deepEqual(await names(resources.resources.listByResourceGroup(group, { filter: "resourceType eq 'Microsoft.Compute/virtualMachines'" })), ['vm2']);
assert.ok((await all(resources.resources.list({ top: 2 }))).length > 5);

// What is deleted takes nothing with it that somebody else has.
await compute.virtualMachines.beginDeleteAndWait(group, 'vm2', soon);
await compute.snapshots.beginDeleteAndWait(group, 'snap', soon);
await compute.images.beginDeleteAndWait(group, 'base', soon);
await compute.disks.beginDeleteAndWait(group, 'restored', soon);
console.log(JSON.stringify({ disks: await names(compute.disks.listByResourceGroup(group)), images: await names(compute.images.list()), snapshots: await names(compute.snapshots.list()) }));

// The group goes with everything in it; the VHDs stay.
await resources.resourceGroups.beginDeleteAndWait(group, soon);
await refused(404, 'ResourceGroupNotFound', resources.resourceGroups.get(group));
