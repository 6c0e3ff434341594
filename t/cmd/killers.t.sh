#!/bin/sh
# A record that crashes the parser, one that loops and one that eats memory: each costs that record
# only, and is a flaw.  The worker with the hooks for it is a test's own program.
. "$(dirname "$0")/lib.sh"
worker=$PWD/$OUT/spoor-worker-test
[ -x "$worker" ] || skip "no $OUT/spoor-worker-test"
# AddressSanitizer's own handling of crashes and memory is in the way of what is tested here.
case $OUT in *asan*|*tsan*) skip "not under a sanitizer" ;; esac
SPOOR_WORKER=$worker
export SPOOR_WORKER

record() { # record N USER
	printf '{"CreationTime":"2022-03-01T00:00:%02d","Id":"00000000-0000-4000-8000-0000000000%02d","Operation":"UserLoggedIn","OrganizationId":"o","RecordType":15,"Version":1,"Workload":"w","UserId":"%s"}\n' "$1" "$1" "$2"
}
kill_by() { # kill_by NAME FLAW
	new_case "$1"
	{
		record 1 a@example.org
		record 2 "spoor-test-$1"
		record 3 b@example.org
		record 4 "spoor-test-$1"
		record 5 c@example.org
	} >"$scratch/$1.json"
	"$spoor" -C "$case" ingest -j1 --json "$scratch/$1.json" >"$scratch/out" 2>"$scratch/err"
	ok "$1: ingest" $?
	eq "$1: records" "$(json 'd["records"]' "$scratch/out")" 5
	eq "$1: the others are events" "$(json 'd["events"]' "$scratch/out")" 3
	"$spoor" -C "$case" status --json >"$scratch/status"
	eq "$1: flaw $2" "$(json "d['flaws_by_name'].get('$2', 0)" "$scratch/status")" 2
	"$spoor" -C "$case" fsck >"$scratch/fsck" 2>&1
	ok "$1: fsck" $?
}
kill_by crash killed-parser
kill_by eat starved-parser
[ -z "$CHECK_LONG" ] || kill_by loop looped-parser

# A worker that was taken over answers with a valid segment that claims what no such batch can hold.
lie_by() { # lie_by NAME
	new_case "$1"
	{
		record 1 a@example.org
		echo '{"broken":'
		echo '{"broken":'
		record 2 "spoor-test-$1"
	} >"$scratch/$1.json"
	"$spoor" -C "$case" ingest -j1 --json "$scratch/$1.json" >"$scratch/out" 2>"$scratch/err"
	ok "$1: ingest" $?
	eq "$1: the bytes are kept" "$(json 'd["records"]' "$scratch/out")" 4
	eq "$1: nothing it claimed is believed" \
		"$(json 'd["events"], d["observables"]' "$scratch/out")" "(0, 0)"
	"$spoor" -C "$case" status --json >"$scratch/status"
	eq "$1: flaw" "$(json "d['flaws_by_name'].get('killed-parser', 0)" "$scratch/status")" 4
	"$spoor" -C "$case" fsck >"$scratch/fsck" 2>&1
	ok "$1: fsck" $?
}
lie_by rows
lie_by uses
done_testing
