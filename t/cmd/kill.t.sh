#!/bin/sh
# kill -9 at random moments of ingest, merge and erase: the case opens, fsck is clean, and
# ingesting again completes it, with nothing lost or doubled.  KILLS says how many (default 25).
. "$(dirname "$0")/lib.sh"
kills=${KILLS:-25}
[ -n "$CHECK_LONG" ] && kills=${KILLS:-1000}

python3 - "$scratch" <<'PY'
import json, random, sys
rnd = random.Random(11)
for k in range(12):
    with open("%s/log%02d.json" % (sys.argv[1], k), "w") as f:
        for i in range(400):
            f.write(json.dumps({"CreationTime": "2022-03-%02dT%02d:00:00" % (rnd.randint(1, 28), rnd.randint(0, 23)),
                "Id": "%08x-0000-4000-8000-%012x" % (k, i + (0 if k % 4 else 7)), "Operation": "UserLoggedIn", "OrganizationId": "o", "RecordType": 15,
                "Version": 1, "Workload": "AzureActiveDirectory", "UserId": "user%d@example.org" % rnd.randint(1, 40),
                "ClientIP": "198.51.100.%d" % rnd.randint(1, 200)}) + "\n")
PY

new_case whole
"$spoor" -C "$case" ingest "$scratch"/log*.json >/dev/null
"$spoor" -C "$case" events >"$scratch/want.events"
"$spoor" -C "$case" erase --yes user7@example.org >/dev/null
"$spoor" -C "$case" events >"$scratch/want.erased"
ok "something to compare with" "$([ -s "$scratch/want.events" ] && [ -s "$scratch/want.erased" ]; echo $?)"
ok "the erasure erases" "$(grep -q '"user7@example.org"' "$scratch/want.erased" && echo 1 || echo 0)"

bad=0 killed=0
check() { # check WHEN WANT: fsck is clean, and the answer is WANT
	if ! "$spoor" -C "$case" fsck >"$scratch/fsck" 2>&1; then
		echo "# $1: fsck:"
		sed 's/^/#   /' "$scratch/fsck"
		bad=$((bad + 1))
	fi
	"$spoor" -C "$case" events >"$scratch/got" 2>&1
	if ! cmp -s "$scratch/got" "$2"; then
		echo "# $1: $(grep -c . "$scratch/got") events, not $(grep -c . "$2")"
		bad=$((bad + 1))
	fi
}

i=0
while [ $i -lt "$kills" ]; do
	i=$((i + 1))
	case=$scratch/case
	rm -rf "$case"
	"$spoor" init "$case" >/dev/null
	# Ingest (merging in between), killed after 1 to 400 ms; again, killed; then left alone.
	for round in 1 2; do
		"$spoor" -C "$case" ingest "$scratch"/log*.json >/dev/null 2>&1 &
		pid=$!
		sleep "0.$(shuf -i 001-400 -n 1 | sed 's/^\(.\)$/00\1/; s/^\(..\)$/0\1/')"
		kill -9 $pid 2>/dev/null && killed=$((killed + 1))
		wait $pid 2>/dev/null
		"$spoor" -C "$case" fsck >"$scratch/fsck" 2>&1 || { bad=$((bad + 1)); sed "s/^/# kill $i.$round: /" "$scratch/fsck"; }
	done
	"$spoor" -C "$case" ingest "$scratch"/log*.json >"$scratch/out" 2>&1 || { bad=$((bad + 1)); sed 's/^/# /' "$scratch/out"; }
	check "after ingest, kill $i" "$scratch/want.events"
	"$spoor" -C "$case" erase --yes user7@example.org >/dev/null 2>&1 &
	pid=$!
	sleep "0.$(shuf -i 001-200 -n 1 | sed 's/^\(.\)$/00\1/; s/^\(..\)$/0\1/')"
	kill -9 $pid 2>/dev/null && killed=$((killed + 1))
	wait $pid 2>/dev/null
	"$spoor" -C "$case" fsck >"$scratch/fsck" 2>&1 || { bad=$((bad + 1)); sed "s/^/# kill $i of erase: /" "$scratch/fsck"; }
	"$spoor" -C "$case" erase --yes user7@example.org >/dev/null 2>&1 || bad=$((bad + 1))
	check "after erase, kill $i" "$scratch/want.erased"
done
echo "# $killed processes were killed in $kills rounds"
eq "no round lost, doubled or broke anything" $bad 0
done_testing
