#!/bin/sh
# spoor(1) has the limits of base/limits.h, and every command and option that --help has.
cd "$(dirname "$0")/.." || exit 2
n=0 bad=0
say() {
	n=$((n + 1))
	if [ "$1" = "$2" ]; then
		echo "ok $n - $3"
	else
		bad=1
		printf 'not ok %d - %s\n# got  %s\n# want %s\n' $n "$3" "$1" "$2"
	fi
}

# value "32 MiB": what the page says, as a number
value() {
	echo "$1" | awk '{ f["KiB"] = 1024; f["MiB"] = 2^20; f["GiB"] = 2^30
		printf "%.0f\n", $1 * ($2 in f ? f[$2] : 1) }'
}

names=$(sed -n 's/^#define \(LIMIT_[A-Z_0-9]*\) .*/\1/p' src/base/limits.h | grep -vx LIMIT_SLICE_BYTES)
for name in $names; do
	said=$(grep -A 1 "^\.\\\\\" $name\$" man/spoor.1 | sed -n 's/.* Ta //p')
	real=$(printf '#include "base/limits.h"\n#include <stdio.h>\nint main(void) { printf("%%llu\\n", (unsigned long long)(%s)); }\n' \
		$name | gcc -Isrc -x c -o build/man-limit - 2>&1 && build/man-limit)
	say "$(value "$said")" "$real" "$name"
done
rm -f build/man-limit

# Bold and underlined letters are overstruck.
page=$(mandoc -Tascii man/spoor.1 | sed 's/.\x08//g')
spoor=${SPOOR_BUILD:-build/debug}/spoor
if [ ! -x "$spoor" ]; then
	n=$((n + 1))
	echo "ok $n - commands and options # SKIP $spoor is not built"
else
	for command in $($spoor --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\)  *.*/\1/p'); do
		case $page in *"$command"*) said=$command ;; *) said= ;; esac
		say "$said" "$command" "command $command"
		for option in $($spoor $command --help |
			sed -n 's/^  \(-[a-zA-Z],\|   \) \(--[a-z-]*\).*/\2/p'); do
			case $page in *"$option"*) said=$option ;; *) said= ;; esac
			say "$said" "$option" "$command $option"
		done
	done
fi
echo "1..$n"
exit $bad
