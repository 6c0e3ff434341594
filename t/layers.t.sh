#!/bin/sh
# tools/check-layers passes on the tree, and fails when an arrow points up or a cycle is written.
cd "$(dirname "$0")/.." || exit 2
tmp=$(mktemp -d) || exit 2
trap 'rm -rf "$tmp"' EXIT
n=0 bad=0

# expect STATUS NAME [PATTERN]: runs the checker on the copy.
expect() {
	n=$((n + 1))
	said=$(cd "$tmp" && sh tools/check-layers 2>&1)
	status=$?
	if [ $status = "$1" ] && printf '%s\n' "$said" | grep -q -- "$3"; then
		echo "ok $n - $2"
	else
		bad=1
		echo "not ok $n - $2"
		printf '%s\n' "exit status $status" "$said" | sed 's/^/# /'
	fi
	rm -rf "$tmp/src"
	cp -R src "$tmp/src"
}

cp -R src tools "$tmp"
expect 0 "the tree as it is" ""

echo '#include "text/json.h"' >>"$tmp/src/base/str.c"
expect 1 "base may not include text" "src/base/str.c:.*base may not include text"

echo '#include "engine/folder.h"' >>"$tmp/src/store/batch.h"
expect 1 "store may not include engine" "src/store/batch.h:.*store may not include engine"

mkdir -p "$tmp/src/casedb"
echo '#include "store/segment.h"' >"$tmp/src/casedb/sibling.c"
expect 1 "siblings may not include one another" "casedb may not include store"

mkdir -p "$tmp/src/nowhere"
echo '#include "base/str.h"' >"$tmp/src/nowhere/new.c"
expect 1 "a folder that LAYERS does not list" "nowhere may not include base"

sed 's/^base:/base: text/' src/LAYERS >"$tmp/src/LAYERS"
expect 1 "LAYERS itself may not write a cycle" "base names text before it is listed"

printf '\t#  include "engine/folder.h"\n' >>"$tmp/src/base/str.c"
expect 1 "spelling an include with spaces does not hide it" "base may not include engine"

echo '#include <engine/folder.h>' >>"$tmp/src/base/str.c"
expect 1 "nor do angle brackets" "base may not include engine"

echo '#include "../engine/folder.h"' >>"$tmp/src/base/str.c"
expect 1 "nor does a path that climbs" "includes are written from the root"

echo "1..$n"
exit $bad
