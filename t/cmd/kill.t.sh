#!/bin/sh
# kill -9 at random moments of ingest, merge and erase: the case opens, fsck is clean, and doing it
# again completes it, with nothing lost or doubled.  KILLS says how many processes must have died
# (default 60); what was over before the blow fell does not count.  SEED repeats the moments, as
# parts of how long each takes.
. "$(dirname "$0")/lib.sh"
[ -n "$CHECK_LONG" ] && kills=${KILLS:-1000} || kills=${KILLS:-60}
seed=${SEED:-$(date +%s)}
echo "# SEED=$seed"

python3 - "$scratch" "$seed" "$kills" <<'PY'
import json, random, sys
rnd = random.Random(11)
for k in range(12):
    with open("%s/log%02d.json" % (sys.argv[1], k), "w") as f:
        for i in range(400):
            f.write(json.dumps({"CreationTime": "2022-03-%02dT%02d:00:00" % (rnd.randint(1, 28), rnd.randint(0, 23)),
                "Id": "%08x-0000-4000-8000-%012x" % (k, i + (0 if k % 4 else 7)), "Operation": "UserLoggedIn", "OrganizationId": "o", "RecordType": 15,
                "Version": 1, "Workload": "AzureActiveDirectory", "UserId": "user%d@example.org" % rnd.randint(1, 40),
                "ClientIP": "198.51.100.%d" % rnd.randint(1, 200)}) + "\n")
rnd = random.Random(int(sys.argv[2]))
with open(sys.argv[1] + "/moments", "w") as f:
    for _ in range(12 * int(sys.argv[3])):
        f.write("%d\n" % rnd.randrange(1000))
PY

new_case whole
"$spoor" -C "$case" ingest "$scratch"/log*.json >/dev/null
"$spoor" -C "$case" events >"$scratch/want.events"
"$spoor" -C "$case" erase --yes user7@example.org >/dev/null
"$spoor" -C "$case" events >"$scratch/want.erased"
ok "something to compare with" "$([ -s "$scratch/want.events" ] && [ -s "$scratch/want.erased" ]; echo $?)"
ok "the erasure erases" "$(grep -q '"user7@example.org"' "$scratch/want.erased" && echo 1 || echo 0)"

bad=0 round=0
complain() { # complain WHAT [FILE]
	bad=$((bad + 1))
	echo "# round $round, $1"
	[ -z "$2" ] || sed 's/^/#   /' "$2"
}

# The moment is a part of $phase.us, microseconds, which follows how long that takes here: it
# grows with each kill and shrinks where the blow came too late.
for phase in ingest merge erase; do
	echo 200000 >"$scratch/$phase.us"
	: >"$scratch/$phase.killed"
done
exec 3<"$scratch/moments"
strike() { # strike PHASE WORD...: kills spoor WORD... at the next moment; fsck is clean then
	phase=$1
	shift
	read -r part <&3
	us=$(cat "$scratch/$phase.us")
	moment=$((us * part / 1000))
	"$spoor" -C "$case" "$@" >"$scratch/out" 2>&1 3<&- &
	pid=$!
	sleep "$(printf '%d.%06d' $((moment / 1000000)) $((moment % 1000000)))"
	kill -9 $pid 2>/dev/null
	wait $pid 2>/dev/null
	case $? in
	137)
		echo "$moment" >>"$scratch/$phase.killed"
		us=$((us + us / 20)) ;;
	0) us=$((us - us / 10)) ;;
	*) complain "$phase, not killed in $moment us:" "$scratch/out" ;;
	esac
	echo "$us" >"$scratch/$phase.us"
	"$spoor" -C "$case" fsck >"$scratch/out" 2>&1 ||
		complain "$phase killed after $moment us: fsck:" "$scratch/out"
}
finish() { # finish WANT WORD...: spoor WORD... completes it, fsck is clean, the answer is WANT
	want=$scratch/want.$1
	shift
	"$spoor" -C "$case" "$@" >"$scratch/out" 2>&1 || complain "$1 again:" "$scratch/out"
	"$spoor" -C "$case" fsck >"$scratch/out" 2>&1 || complain "$1 completed: fsck:" "$scratch/out"
	"$spoor" -C "$case" events >"$scratch/got" 2>&1
	cmp -s "$scratch/got" "$want" ||
		complain "$1: $(grep -c . "$scratch/got") events, not $(grep -c . "$want")"
}
killed() {
	cat "$scratch"/*.killed | grep -c .
}

case=$scratch/case
while [ "$(killed)" -lt "$kills" ] && [ $round -lt $((3 * kills)) ]; do
	round=$((round + 1))
	rm -rf "$case"
	"$spoor" init "$case" >/dev/null
	strike ingest ingest "$scratch"/log*.json
	strike ingest ingest "$scratch"/log*.json
	finish events ingest --no-merge "$scratch"/log*.json
	strike merge ingest "$scratch"/log*.json
	finish events ingest "$scratch"/log*.json
	strike erase erase --yes user7@example.org
	finish erased erase --yes user7@example.org
done
for phase in ingest merge erase; do
	echo "# $phase: $(grep -c . "$scratch/$phase.killed") killed, the moments within $(cat "$scratch/$phase.us") us"
done
ok "$kills processes died in $round rounds" "$([ "$(killed)" -ge "$kills" ]; echo $?)"
eq "no round lost, doubled or broke anything" $bad 0
done_testing
