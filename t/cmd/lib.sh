# Sourced by the tests of the whole program: a TAP harness in shell, a scratch folder, and where
# the program and the data of others are.  $OUT is the build folder.
cd "$(dirname "$0")/../.." || exit 2
OUT=${OUT:-build/debug}
spoor=$PWD/$OUT/spoor
tree=$PWD
data=${SPOOR_DATA:-/nonexistent}
unset SPOOR_CASE SPOOR_PURPOSE
scratch=$(mktemp -d "${TMPDIR:-/tmp}/spoor-test.XXXXXX") || exit 2
trap 'chmod -R u+rwx "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT
trap 'exit 1' INT TERM
tap_n=0 tap_bad=0

ok() { # ok WHAT STATUS: passes if STATUS is 0
	tap_n=$((tap_n + 1))
	if [ "$2" -eq 0 ]; then
		echo "ok $tap_n - $1"
	else
		echo "not ok $tap_n - $1"
		tap_bad=1
	fi
}

eq() { # eq WHAT GOT WANT
	[ "$2" = "$3" ]
	ok "$1" $?
	[ "$2" = "$3" ] || printf '#  got: %s\n# want: %s\n' "$2" "$3" | head -40
}

same() { # same WHAT FILE FILE
	cmp -s "$2" "$3"
	ok "$1" $?
	cmp -s "$2" "$3" || diff "$2" "$3" | head -20 | sed 's/^/# /'
}

skip() { # skip WHY: the whole test
	echo "1..0 # SKIP $1"
	exit 0
}

done_testing() {
	echo "1..$tap_n"
	exit $tap_bad
}

need_data() { # need_data FOLDER…: skips where the data of others is not there
	for d; do
		[ -e "$data/$d" ] || skip "no $d in \$SPOOR_DATA"
	done
}

# json EXPRESSION FILE: evaluates a Python expression with d = the JSON object of FILE, or the
# list of objects where it has JSON lines (lines(), below).
json() {
	python3 -c '
import json, sys
text = open(sys.argv[2], encoding="utf-8", errors="surrogateescape").read()
try:
    d = json.loads(text)
except ValueError:
    d = [json.loads(l) for l in text.splitlines()]
print(eval(sys.argv[1]))' "$1" "$2"
}

new_case() { # new_case NAME: makes it and names it in $case
	case=$scratch/$1
	"$spoor" init "$case" >/dev/null || exit 2
}
