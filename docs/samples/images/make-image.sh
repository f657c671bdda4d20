#!/bin/sh
# Makes server.qcow2, the sample image: a 256 MiB disk with a GPT and three file systems that hold files.
#
#   partition 1   EFI system partition, FAT32
#   partition 2   Linux root, ext4
#   partition 3   data, NTFS
#
# No root rights and no loop devices are needed. On Debian or Ubuntu:
#   apt-get install gdisk dosfstools mtools e2fsprogs ntfs-3g qemu-utils faketime
# All ids are written down below and the clock stands still, so the same versions of the programs make the same bytes.
#
# Usage: make-image.sh [output file; default: server.qcow2 beside this script]
set -eu
export LC_ALL=C TZ=UTC
umask 022

here=$(cd "$(dirname "$0")" && pwd)
output=${1:-$here/server.qcow2}
PATH=$PATH:/usr/sbin:/sbin

clock='2024-06-01 12:00:00'
epoch=1717243200
export SOURCE_DATE_EPOCH=$epoch E2FSPROGS_FAKE_TIME=$epoch
still() { faketime -f "$clock" "$@"; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# --- what the file systems hold ------------------------------------------------------------------------------------
root=$work/root
mkdir -p "$root/etc/server" "$root/srv/www" "$root/var/lib/server" "$root/var/log" "$root/boot/efi" "$root/mnt/data"
cat > "$root/etc/os-release" <<'END'
NAME="Sample Server"
ID=sample
VERSION_ID="1.0"
PRETTY_NAME="Sample Server 1.0 (a disk to try things on; it has no kernel)"
END
echo sample-server > "$root/etc/hostname"
cat > "$root/etc/fstab" <<'END'
UUID=5a3c1d2e-0b4f-4c6a-8d7e-9f0a1b2c3d4e  /          ext4  defaults  0 1
UUID=5A3C-1D2E                             /boot/efi  vfat  umask=077 0 1
UUID=5A3C1D2E0B4F4C6A                      /mnt/data  ntfs  defaults  0 0
END
cat > "$root/etc/server/server.conf" <<'END'
# The service this image is for.
listen = 0.0.0.0:8080
content = /srv/www
data = /mnt/data
END
ln -s ../server/server.conf "$root/etc/server.conf"
cat > "$root/srv/www/index.html" <<'END'
<!doctype html>
<title>Sample server</title>
<p>Served from the base disk.</p>
END
seq -f 'record %06.0f' 1 20000 > "$root/var/lib/server/records.txt"
: > "$root/var/log/server.log"
find "$root" -exec touch -h -d "$clock" {} +

esp=$work/esp
mkdir -p "$esp/EFI/BOOT" "$esp/loader"
printf 'echo Sample Server 1.0: this disk has no kernel.\r\n' > "$esp/startup.nsh"
printf 'timeout 3\ndefault sample.conf\n' > "$esp/loader/loader.conf"
printf 'No boot loader here: this image is for trying disk commands.\r\n' > "$esp/EFI/BOOT/README.TXT"
find "$esp" -exec touch -d "$clock" {} +

data=$work/data
mkdir "$data"
printf 'Data partition of the sample server.\r\n' > "$data/readme.txt"
seq -f '%05.0f;12;in stock' 1 20000 > "$data/stock.csv"
printf '[server]\r\nname=sample\r\nregion=west\r\n' > "$data/settings.ini"

# --- the file systems ----------------------------------------------------------------------------------------------
mib=1048576                   # sizes and starts below in MiB
esp_start=1    esp_size=40
root_start=41  root_size=128
data_start=169 data_size=86

truncate -s $((esp_size * mib)) "$work/esp.img"
still mkfs.vfat -F 32 -s 1 -n ESP -i 5A3C1D2E -h $((esp_start * 2048)) "$work/esp.img" > "$work/log"
still mcopy -s -m -i "$work/esp.img" "$esp/EFI" "$esp/loader" "$esp/startup.nsh" ::

truncate -s $((root_size * mib)) "$work/root.img"
still mkfs.ext4 -q -b 4096 -L root -U 5a3c1d2e-0b4f-4c6a-8d7e-9f0a1b2c3d4e \
  -E hash_seed=5a3c1d2e-0b4f-4c6a-8d7e-000000000000,root_owner=0:0,lazy_itable_init=0,nodiscard \
  -d "$root" "$work/root.img"
# mkfs.ext4 copies the owner and the change time of the source files; both belong to the machine that ran it.
(cd "$root" && find . -mindepth 1 | sed 's|^\.||' | sort) | while read -r path; do
  echo "set_inode_field \"$path\" uid 0"
  echo "set_inode_field \"$path\" gid 0"
  echo "set_inode_field \"$path\" ctime @$epoch"
  echo "set_inode_field \"$path\" ctime_extra 0"
  echo "set_inode_field \"$path\" atime @$epoch"
done > "$work/debugfs"
still debugfs -w -f "$work/debugfs" "$work/root.img" > "$work/log" 2>&1

truncate -s $((data_size * mib)) "$work/data.img"
still mkntfs -q -F -Q -L Data -s 512 -c 4096 -p $((data_start * 2048)) -H 255 -S 63 "$work/data.img" > "$work/log" 2>&1
still ntfslabel -q --new-serial=5A3C1D2E0B4F4C6A "$work/data.img" > "$work/log"
for file in readme.txt stock.csv settings.ini; do
  still ntfscp -q "$work/data.img" "$data/$file" "$file" > "$work/log"
done

# --- the disk ------------------------------------------------------------------------------------------------------
disk=$work/disk.raw
truncate -s $((256 * mib)) "$disk"
sgdisk --disk-guid=5A3C1D2E-0B4F-4C6A-8D7E-000000000001 \
  --new=1:$((esp_start * 2048)):+${esp_size}M --typecode=1:EF00 --change-name=1:'EFI system partition' \
  --partition-guid=1:5A3C1D2E-0B4F-4C6A-8D7E-000000000011 \
  --new=2:$((root_start * 2048)):+${root_size}M --typecode=2:8304 --change-name=2:root \
  --partition-guid=2:5A3C1D2E-0B4F-4C6A-8D7E-000000000012 \
  --new=3:$((data_start * 2048)):+${data_size}M --typecode=3:0700 --change-name=3:data \
  --partition-guid=3:5A3C1D2E-0B4F-4C6A-8D7E-000000000013 \
  "$disk" > "$work/log"
place() { dd if="$1" of="$disk" bs=1M seek="$2" conv=notrunc,sparse status=none; }
place "$work/esp.img" $esp_start
place "$work/root.img" $root_start
place "$work/data.img" $data_start

# Nothing leaves this script that its own checkers do not accept.
sgdisk --verify "$disk" > "$work/log"
fsck.vfat -n "$work/esp.img" > "$work/log"
e2fsck -fn "$work/root.img" > "$work/log" 2>&1
ntfsfix -n "$work/data.img" > "$work/log"

rm -f "$output"
qemu-img convert -q -c -f raw -O qcow2 -o cluster_size=4096 "$disk" "$output"
sha256sum < "$disk" | sed 's/ .*/  the disk (raw)/'
wc -c < "$output" | sed 's/$/ bytes of qcow2/'
