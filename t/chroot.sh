#!/bin/sh
# t/chroot.sh [SUITE…]: makes a clean Debian (bookworm and trixie by default) with debootstrap and
# runs ./demo and ./check in it, each twice, with nothing installed beforehand but what debootstrap
# calls a minimal base.  Needs root, debootstrap, and the mirror that this machine's apt uses.
# DIR says where (default /var/tmp/spoor-chroot); KEEP=1 leaves the chroots there.
set -eu
cd "$(dirname "$0")/.."
dir=${DIR:-/var/tmp/spoor-chroot}
[ $# -gt 0 ] || set -- bookworm trixie

mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.sources /etc/apt/sources.list.d/*.list \
	2>/dev/null | sed -n 's/^URIs: *\([^ ]*\).*/\1/p; s/^deb  *\(\[[^]]*\] *\)*\([^ ]*\).*/\2/p' |
	grep -E '/debian/?$' | head -n 1)
[ -n "$mirror" ] || { echo "no Debian mirror in /etc/apt: this machine can't make a chroot" >&2; exit 1; }
mkdir -p "$dir"

make_base() {
	[ -e "$dir/$1.tar" ] && return 0
	rm -rf "$dir/$1"
	debootstrap --variant=minbase "$1" "$dir/$1" "$mirror" >"$dir/$1.debootstrap.log" 2>&1 || {
		tail -n 5 "$dir/$1.debootstrap.log" >&2
		return 1
	}
	tar -C "$dir/$1" -cf "$dir/$1.tar" .
	rm -rf "$dir/$1"
}

# A copy of what a checkout would have: no build, no history.
copy_checkout() {
	mkdir -p "$1"
	if [ -d .git ]; then
		git ls-files -z | tar --null -T - -cf - | tar -C "$1" -xf -
	else
		tar --exclude=./build --exclude=./.git -cf - . | tar -C "$1" -xf -
	fi
}

# inside SUITE COMMAND…: namespaces of its own, so that no mount and no process stays behind.
inside() {
	root=$dir/$1
	shift
	unshare --mount --pid --fork --kill-child sh -c '
		mount --make-rprivate / && mount -t proc proc "$1/proc" &&
		mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm" &&
		mount -t devpts -o newinstance,ptmxmode=0666 devpts "$1/dev/pts" &&
		root=$1 && shift && exec chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin \
			HOME=/root LC_ALL=C.UTF-8 ${http_proxy:+http_proxy="$http_proxy"} \
			${https_proxy:+https_proxy="$https_proxy"} ${CHECK_LONG:+CHECK_LONG=1} \
			sh -c "cd /spoor && $*" </dev/null' sh "$root" "$@"
}

failed=0
for suite; do
	echo "== $suite"
	make_base "$suite" || { echo "$suite: debootstrap failed"; failed=1; continue; }
	rm -rf "${dir:?}/$suite"
	mkdir -p "$dir/$suite"
	tar -C "$dir/$suite" -xf "$dir/$suite.tar"
	cp /etc/resolv.conf /etc/hosts "$dir/$suite/etc/"
	# Proxy and timeouts of this machine, where it has any.
	grep -lE '^ *Acquire::' /etc/apt/apt.conf.d/* 2>/dev/null | while read -r conf; do
		grep -E '^ *Acquire::(http|https|Check|Retries)' "$conf" || true
	done >"$dir/$suite/etc/apt/apt.conf.d/99machine"
	copy_checkout "$dir/$suite/spoor"
	for command in ./demo ./demo ./check ./check; do
		log=$dir/$suite.$(basename $command).log
		began=$(date +%s)
		if inside "$suite" "$command" >"$log" 2>&1; then
			result=passed
		else
			result=FAILED
			failed=1
			tail -n 40 "$log" | sed 's/^/    /'
		fi
		printf '%-9s %-8s %s in %d s: %s\n' "$suite" "$command" $result \
			$(($(date +%s) - began)) "$(tail -n 1 "$log")"
	done
	[ -n "${KEEP-}" ] || rm -rf "${dir:?}/$suite"
done
exit $failed
