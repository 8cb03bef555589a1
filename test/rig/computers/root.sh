#!/bin/sh
# Gives a machine of the rig a root of its own, then stays as its first process.
#
# Run by `unshare --fork --pid --mount --net --uts --ipc` with two arguments: the machine's folder on the host (which
# holds disk/{etc,var,home,root,tmp} and an empty root/) and its host name. Programs come from the host, read-only;
# everything that a program may write is the machine's own. Prints "ready <pid of this process on the host>".
#
# It ends, and with it everything in its process namespace, when its standard input closes: that is when the
# process that made it goes away, however that happens.
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
machine=$1
name=$2
root=$machine/root
# The host's /proc is still here, so this is the process's number on the host.
read -r pid _ < /proc/self/stat
echo "$name" > /proc/sys/kernel/hostname

share() {
    mkdir -p "$root$1"
    mount --rbind "$1" "$root$1"
    mount -o remount,bind,ro "$root$1"
}

mount -t tmpfs -o mode=0755,nodev tmpfs "$root"
share /usr
if [ -d /opt ]; then
    share /opt
fi
for folder in bin lib lib32 lib64 libx32 sbin; do
    if [ -L "/$folder" ]; then
        cp -a "/$folder" "$root/$folder"
    elif [ -d "/$folder" ]; then
        share "/$folder"
    fi
done
for folder in etc var home root tmp; do
    mkdir "$root/$folder"
    mount --bind "$machine/disk/$folder" "$root/$folder"
done

mkdir "$root/run" "$root/proc" "$root/sys" "$root/dev"
mount -t tmpfs -o mode=0755,nosuid,nodev tmpfs "$root/run"
mkdir -m 1777 "$root/run/lock"
mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys"

mount -t tmpfs -o mode=0755,nosuid tmpfs "$root/dev"
for device in null zero full random urandom tty; do
    : > "$root/dev/$device"
    mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts"
mkdir -m 1777 "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin"
ln -s /proc/self/fd/1 "$root/dev/stdout"
ln -s /proc/self/fd/2 "$root/dev/stderr"

# The host's files stay within reach of root alone: what is shared later is bound from there.
mkdir -p -m 0700 "$root/.rig"
mkdir "$root/.rig/host"
cd "$root"
pivot_root . .rig/host
cd /

echo "ready $pid"
# Orphans come to this process: ignoring the signal of their end reaps them without anybody waiting.
exec perl -e '$SIG{CHLD} = "IGNORE"; 1 while sysread(STDIN, $_, 4096)' > /dev/null
