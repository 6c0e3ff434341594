#!/bin/sh
# Each header compiles alone: what it uses, it includes.
set -- $(cd "$(dirname "$0")/.." && find src t -name '*.h' | LC_ALL=C sort)
cd "$(dirname "$0")/.." || exit 2
echo "1..$#"
n=0 bad=0
for header; do
	n=$((n + 1))
	if said=$(printf '#include "%s"\n' "$PWD/$header" |
		gcc -std=c17 -D_GNU_SOURCE -Isrc -I. -Wall -Wextra -Wno-unused-function \
			-fsyntax-only -x c - 2>&1); then
		echo "ok $n - $header"
	else
		bad=1
		echo "not ok $n - $header"
		printf '%s\n' "$said" | sed 's/^/# /'
	fi
done
exit $bad
