#!/usr/bin/env bash
# Makes a raw disk image (2 GiB, sparse) of Debian 12 with Azure's agents as Debian packages them: make.sh FOLDER AGENT GENERATION TARGET [FLAW]
# FOLDER keeps the system's files, so that packages are downloaded once. AGENT is waagent, cloud-init, both or none. GENERATION is 1 (BIOS) or 2 (UEFI).
# FLAW: "useradd" (no user can be made), "driver" (the initial RAM disk lacks the one of the disk's controller), "network" (no address is asked for). Needs root, for chroot.
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin" DEBIAN_FRONTEND=noninteractive LC_ALL=C
folder=$1 agent=$2 generation=$3 target=$4 flaw=${5:-}
suite=bookworm
[ "$(id -u)" = 0 ] || { echo "debootstrap needs root." >&2; exit 1; }
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

# What every agent's system has in common, like the images that Debian publishes for Azure: systemd, its network by netplan, sshd, both drivers' sets in the initial RAM disk.
make_base() {
    rm -rf "$folder/base.new"
    debootstrap --variant=minbase \
        --include=systemd-sysv,dbus,udev,netplan.io,iproute2,openssh-server,sudo,ca-certificates,zstd,initramfs-tools,e2fsprogs,eject,kmod,procps,python3-minimal \
        "$suite" "$folder/base.new" >"$folder/base.log" 2>&1 || { tail -n 5 "$folder/base.log" >&2; exit 1; }
    printf 'path-exclude=/usr/share/doc/*\npath-exclude=/usr/share/man/*\npath-exclude=/usr/share/locale/*\n' >"$folder/base.new/etc/dpkg/dpkg.cfg.d/lean"
    rm -rf "$folder/base.new"/usr/share/{doc,man,locale}
    mkdir -p "$folder/base.new"/usr/share/man/man{1,5,7,8}
    install_into "$folder/base.new" linux-image-cloud-amd64
    mv "$folder/base.new" "$folder/base"
}

install_into() {
    local root=$1
    shift
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod 755 "$root/usr/sbin/policy-rc.d"
    chroot "$root" sh -c 'apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" && apt-get clean && rm -rf /var/lib/apt/lists/*' sh "$@" \
        >"$folder/install.log" 2>&1 || { tail -n 5 "$folder/install.log" >&2; exit 1; }
    rm "$root/usr/sbin/policy-rc.d"
}

# What differs from agent to agent. The system is generalised: no identity, no keys, no host name of its own.
make_root() {
    local root=$folder/root-$agent.new
    rm -rf "$root"
    cp -a "$folder/base" "$root"
    case $agent in
        waagent) install_into "$root" waagent ifupdown isc-dhcp-client ;;
        cloud-init) install_into "$root" cloud-init ;;
        both) install_into "$root" waagent cloud-init ;;
    esac
    if [ -e "$root/etc/waagent.conf" ]; then
        provisioner=waagent
        [ "$agent" = both ] && provisioner=auto
        sed -i -e "s/^Provisioning.Agent=.*/Provisioning.Agent=$provisioner/" -e 's/^ResourceDisk.Format=.*/ResourceDisk.Format=n/' "$root/etc/waagent.conf"
        grep -q '^Provisioning.Agent=' "$root/etc/waagent.conf" || echo "Provisioning.Agent=$provisioner" >>"$root/etc/waagent.conf"
    fi
    [ ! -d "$root/etc/cloud" ] || echo 'datasource_list: [Azure]' >"$root/etc/cloud/cloud.cfg.d/90-azure.cfg"
    if [ "$agent" = waagent ]; then
        # Debian's waagent restarts the network with ifdown and ifup.
        printf 'auto lo\niface lo inet loopback\nauto eth0\niface eth0 inet dhcp\n' >"$root/etc/network/interfaces"
    else
        mkdir -p "$root/etc/netplan"
        printf 'network:\n  version: 2\n  ethernets:\n    all:\n      match: {name: "e*"}\n      dhcp4: true\n      dhcp6: false\n' >"$root/etc/netplan/90-default.yaml"
        chmod 600 "$root/etc/netplan/90-default.yaml"
        chroot "$root" systemctl enable -q systemd-networkd
    fi
    chroot "$root" systemctl enable -q ssh
    chroot "$root" systemctl mask -q apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer
    rm -f "$root"/etc/ssh/ssh_host_* "$root/etc/hostname" "$root/var/lib/dbus/machine-id"
    echo uninitialized >"$root/etc/machine-id"
    echo debian >"$root/etc/hostname"
    printf '127.0.0.1 localhost\n' >"$root/etc/hosts"
    printf '[Unit]\nConditionPathExists=!/etc/ssh/ssh_host_ed25519_key\nBefore=ssh.service\n[Service]\nType=oneshot\nExecStart=/usr/bin/ssh-keygen -A\n[Install]\nWantedBy=ssh.service\n' \
        >"$root/etc/systemd/system/ssh-keys.service"
    chroot "$root" systemctl enable -q ssh-keys
    mv "$root" "$folder/root-$agent"
}

[ -e "$folder/base" ] || make_base
[ -e "$folder/root-$agent" ] || make_root

work=$(mktemp -d "$folder/work-XXXXXX")
trap 'rm -rf "$work"' EXIT
root=$folder/root-$agent
if [ -n "$flaw" ]; then
    cp -a "$root" "$work/root"
    root=$work/root
fi
case $flaw in
    useradd) printf '#!/bin/sh\necho "useradd: cannot lock /etc/passwd; try again later." >&2\nexit 1\n' >"$root/usr/sbin/useradd" ;;
    network) rm -f "$root"/etc/netplan/*.yaml "$root/etc/network/interfaces" ;;
    driver)
        printf 'MODULES=list\n' >"$root/etc/initramfs-tools/conf.d/modules"
        printf 'hv_storvsc\nhv_vmbus\nsd_mod\next4\n' >>"$root/etc/initramfs-tools/modules"
        chroot "$root" update-initramfs -u >/dev/null 2>&1
        ;;
    "") ;;
    *) echo "No such flaw: $flaw" >&2; exit 1 ;;
esac

uuid=6f1c0de0-a21e-4b5e-9d4e-000000000001
options="root=UUID=$uuid ro console=tty0 console=ttyS0,115200 earlyprintk=ttyS0,115200 net.ifnames=0"
kernel=$(ls "$root"/boot/vmlinuz-* | tail -n 1) initrd=$(ls "$root"/boot/initrd.img-* | tail -n 1)
fat() { mkfs.vfat -F 32 -s 1 --offset 2048 "$target" $((127 * 1024)) >/dev/null 2>&1; }
rm -f "$target"
truncate -s 2G "$target"
if [ "$generation" = 1 ]; then
    printf 'start=2048, size=260096, type=c, bootable\nstart=262144, type=83\n' | sfdisk -q "$target"
    fat
    printf 'DEFAULT linux\nPROMPT 0\nTIMEOUT 1\nSERIAL 0 115200\nLABEL linux\n KERNEL vmlinuz\n INITRD initrd\n APPEND %s\n' "$options" >"$work/syslinux.cfg"
    mcopy -i "$target@@1M" "$work/syslinux.cfg" ::syslinux.cfg
    syslinux --install --offset $((1024 * 1024)) "$target"
    dd if=/usr/lib/syslinux/mbr/mbr.bin of="$target" bs=440 count=1 conv=notrunc status=none
else
    printf 'label: gpt\nstart=2048, size=260096, type=U\nstart=262144, size=3930112, type=L\n' | sfdisk -q "$target"
    fat
    printf 'title Debian\nlinux /vmlinuz\ninitrd /initrd\noptions %s\n' "$options" >"$work/entry.conf"
    printf 'timeout 0\ndefault debian\n' >"$work/loader.conf"
    mmd -i "$target@@1M" ::EFI ::EFI/BOOT ::loader ::loader/entries
    mcopy -i "$target@@1M" /usr/lib/systemd/boot/efi/systemd-bootx64.efi ::EFI/BOOT/BOOTX64.EFI
    mcopy -i "$target@@1M" "$work/loader.conf" ::loader/loader.conf
    mcopy -i "$target@@1M" "$work/entry.conf" ::loader/entries/debian.conf
fi
mcopy -i "$target@@1M" "$kernel" ::vmlinuz
mcopy -i "$target@@1M" "$initrd" ::initrd
printf 'UUID=%s / ext4 errors=remount-ro 0 1\n' "$uuid" >"$root/etc/fstab"
mke2fs -q -F -t ext4 -U "$uuid" -L root -d "$root" -E offset=$((128 * 1024 * 1024)) "$target" 1900M
