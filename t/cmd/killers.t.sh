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
	erase_beside "$1"
}

# What kills the search of an erasure may hold the value: it goes too, and that is said.
erase_beside() { # erase_beside NAME: in the case of kill_by
	"$spoor" -C "$case" erase --dry-run --json b@example.org >"$scratch/out" 2>"$scratch/err"
	ok "$1: erase, dry run" $?
	eq "$1: says what would go" "$(json 'd["records"], d["unread"]' "$scratch/out")" "(3, 2)"
	"$spoor" -C "$case" erase --yes b@example.org >"$scratch/out" 2>"$scratch/err"
	status=$?
	ok "$1: erase" $status
	[ $status = 0 ] || sed "s/^/# $status: /" "$scratch/out" "$scratch/err"
	grep -q '^2 of the records could not be looked into' "$scratch/out"
	ok "$1: says what could not be searched" $?
	eq "$1: the others stay" "$("$spoor" -C "$case" events --json |
		grep -o '"user.email":"[^"]*"' | sort -u | tr '\n' ' ')" \
		'"user.email":"a@example.org" "user.email":"c@example.org" '
	"$spoor" -C "$case" fsck >"$scratch/fsck" 2>&1
	ok "$1: fsck after erasing" $?
	"$spoor" -C "$case" erase --dry-run --json b@example.org >"$scratch/out"
	eq "$1: nothing is left to erase" "$(json 'd["records"], d["unread"]' "$scratch/out")" "(0, 0)"
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
# More of them than a batch is started again for: all of it could hold the value.
new_case many
{
	record 1 a@example.org
	for i in $(seq 80); do record 2 spoor-test-crash; done
} >"$scratch/many.json"
"$spoor" -C "$case" ingest -j1 "$scratch/many.json" >/dev/null 2>&1
"$spoor" -C "$case" erase --yes --json b@example.org >"$scratch/out" 2>"$scratch/err"
ok "many: erase" $?
eq "many: the whole batch went" "$(json 'd["records"], d["unread"]' "$scratch/out")" "(81, 81)"
"$spoor" -C "$case" fsck >"$scratch/fsck" 2>&1
ok "many: fsck" $?

lie_by rows
lie_by uses
done_testing
