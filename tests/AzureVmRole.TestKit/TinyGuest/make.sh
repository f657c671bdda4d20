#!/usr/bin/env bash
# Makes a raw disk image of about 64 MiB that boots in two or three seconds: make.sh FOLDER GENERATION MODE TARGET
# FOLDER keeps what is downloaded and unpacked (Debian's cloud kernel, once). GENERATION is 1 (BIOS) or 2 (UEFI). MODE is what the guest does, see init.
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin"
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
generation=$2 mode=$3 target=$4
# What was made of other sources is not used again.
folder=$1/$(cat "$here/init" "$here/make.sh" | sha256sum | cut -c1-16)
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)

if [ ! -e "$folder/initrd" ]; then
    rm -rf "$folder/unpacked" "$folder/root"
    package=$(apt-cache depends linux-image-cloud-amd64 | awk '/Depends:/ { print $2; exit }')
    (cd "$folder" && apt-get download -qq "$package" 2>/dev/null && dpkg-deb -x "$package"_*.deb unpacked)
    version=$(ls "$folder/unpacked/lib/modules")
    root=$folder/root
    mkdir -p "$root"/{bin,dev,proc,sys,tmp,etc/acpi/PWRF,lib/modules/"$version"}
    cp "$(command -v busybox)" "$root/bin/busybox"
    install -m 755 "$here/init" "$root/init"
    cat >"$root/etc/udhcpc.sh" <<'EOF'
#!/bin/busybox sh
[ "$1" = bound ] || exit 0
ifconfig "$interface" "$ip" netmask "$subnet"
route add default gw "$router"
EOF
    printf '#!/bin/busybox sh\necho "tiny: power button" >/dev/console\npoweroff -f\n' >"$root/etc/acpi/PWRF/00000080"
    chmod 755 "$root/etc/udhcpc.sh" "$root/etc/acpi/PWRF/00000080"
    for module in virtio_pci virtio_net virtio_scsi nvme sd_mod ata_piix sr_mod isofs af_packet evdev button; do echo "$module"; done >"$folder/wanted"
    busybox depmod -b "$folder/unpacked" "$version" 2>/dev/null
    # Each wanted module with everything that it depends on, and nothing else.
    (cd "$folder/unpacked/lib/modules/$version" && while read -r module; do
        grep -E "/$module\.ko:" modules.dep | tr -d ':' | tr ' ' '\n' || true
    done <"$folder/wanted" | sort -u | grep . | cpio -pdm --quiet "$root/lib/modules/$version")
    busybox depmod -b "$root" "$version" 2>/dev/null
    (cd "$root" && find . | cpio -o -H newc --quiet | gzip -9 >"$folder/initrd.new")
    mv "$folder/initrd.new" "$folder/initrd"
fi
initrd=$folder/initrd
if [ "$mode" = ssh ]; then
    # The same with an SSH server: Debian's dropbear, and the libraries that it is linked to.
    initrd=$folder/initrd-ssh
    if [ ! -e "$initrd" ]; then
        rm -rf "$folder/dropbear" "$folder/root-ssh"
        mkdir -p "$folder/dropbear" "$folder/root-ssh"
        (cd "$folder" && apt-get download -qq dropbear-bin libtomcrypt1 libtommath1 2>/dev/null \
            && for package in dropbear-bin_*.deb libtomcrypt1_*.deb libtommath1_*.deb; do dpkg-deb -x "$package" dropbear; done)
        cp -a "$folder/root/." "$folder/root-ssh"
        cp "$here/init" "$folder/root-ssh/init"
        cp "$folder/dropbear/usr/sbin/dropbear" "$folder/root-ssh/bin/dropbear"
        LD_LIBRARY_PATH=$folder/dropbear/usr/lib/x86_64-linux-gnu ldd "$folder/dropbear/usr/sbin/dropbear" | grep -o '/[^ ]*' | while read -r library; do
            case $library in "$folder"/*) target_folder=/lib/x86_64-linux-gnu ;; *) target_folder=$(dirname "$library") ;; esac
            mkdir -p "$folder/root-ssh$target_folder"
            cp -L "$library" "$folder/root-ssh$target_folder/"
        done
        mkdir -p "$folder/root-ssh/etc/dropbear" "$folder/root-ssh/home"
        (cd "$folder/root-ssh" && find . | cpio -o -H newc --quiet | gzip -9 >"$folder/initrd-ssh.new")
        mv "$folder/initrd-ssh.new" "$initrd"
    fi
fi
kernel=$(ls "$folder"/unpacked/boot/vmlinuz-*)
options="console=tty0 console=ttyS0,115200 quiet panic=-1 azv.mode=$mode"
[ "$mode" = panic ] && options="${options/panic=-1/panic=0}"

rm -f "$target"
truncate -s 64M "$target"
if [ "$generation" = 1 ]; then
    echo 'start=2048, type=c, bootable' | sfdisk -q "$target"
    mkfs.vfat -F 32 -s 1 --offset 2048 "$target" $((63 * 1024)) >/dev/null 2>&1
    printf 'DEFAULT linux\nPROMPT 0\nTIMEOUT 1\nSERIAL 0 115200\nLABEL linux\n KERNEL vmlinuz\n INITRD initrd\n APPEND %s\n' "$options" >"$folder/syslinux.cfg"
    mcopy -i "$target@@1M" "$kernel" ::vmlinuz
    mcopy -i "$target@@1M" "$initrd" ::initrd
    mcopy -i "$target@@1M" "$folder/syslinux.cfg" ::syslinux.cfg
    syslinux --install --offset $((1024 * 1024)) "$target"
    [ "$mode" = noloader ] || dd if=/usr/lib/syslinux/mbr/mbr.bin of="$target" bs=440 count=1 conv=notrunc status=none
else
    printf 'label: gpt\nstart=2048, size=126976, type=U\n' | sfdisk -q "$target"
    mkfs.vfat -F 32 -s 1 --offset 2048 "$target" $((62 * 1024)) >/dev/null 2>&1
    printf 'title tiny\nlinux /vmlinuz\ninitrd /initrd\noptions %s\n' "$options" >"$folder/entry.conf"
    printf 'timeout 0\ndefault tiny\n' >"$folder/loader.conf"
    mmd -i "$target@@1M" ::EFI ::EFI/BOOT ::loader ::loader/entries
    mcopy -i "$target@@1M" /usr/lib/systemd/boot/efi/systemd-bootx64.efi ::EFI/BOOT/BOOTX64.EFI
    mcopy -i "$target@@1M" "$folder/loader.conf" ::loader/loader.conf
    mcopy -i "$target@@1M" "$folder/entry.conf" ::loader/entries/tiny.conf
    mcopy -i "$target@@1M" "$kernel" ::vmlinuz
    mcopy -i "$target@@1M" "$initrd" ::initrd
fi
