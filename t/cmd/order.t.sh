#!/bin/sh
# The same set of sources gives the same answers: whatever their order, the number of workers,
# one ingest or many at the same time, merged or not.
. "$(dirname "$0")/lib.sh"

python3 - "$scratch" <<'PY'
import json, random, sys
rnd = random.Random(7)
out = sys.argv[1]
ids = ["%08x-0000-4000-8000-%012x" % (rnd.getrandbits(32), i) for i in range(3000)]
def event(i, twist=0):
    r = random.Random(i)
    return {"CreationTime": "2022-%02d-%02dT%02d:%02d:%02d" % (r.randint(1, 12), r.randint(1, 28), r.randint(0, 23), r.randint(0, 59), r.randint(0, 59)),
            "Id": ids[i], "Operation": r.choice(["UserLoggedIn", "MailItemsAccessed", "New-InboxRule"]),
            "OrganizationId": "11111111-2222-4333-8444-55555555555%d" % (i % 3), "RecordType": 15, "Version": 1, "Workload": "AzureActiveDirectory",
            "UserId": "user%d@example.org" % r.randint(1, 40), "ClientIP": "198.51.100.%d" % r.randint(1, 200),
            "ResultStatus": "Success" if not twist else "Success %d" % twist}
# Ten files that share records, three of them with an altered copy of one.
for k in range(10):
    mine = rnd.sample(range(3000), 900)
    with open("%s/log%d.json" % (out, k), "w") as f:
        for i in mine:
            f.write(json.dumps(event(i, twist=k if k < 3 and i % 97 == 0 else 0)) + "\n")
PY
intel=$scratch/list.txt
printf '198.51.100.7\n198.51.100.0/28\nexample.org\n' >"$intel"

answers() { # answers NAME: everything that must not depend on the order
	"$spoor" -C "$case" events >"$scratch/$1.events"
	"$spoor" -C "$case" search --json 198.51.100.7 example.org user7@example.org 198.51.100.0/29 >"$scratch/$1.search"
	"$spoor" -C "$case" intel add "$intel" >/dev/null
	"$spoor" -C "$case" match --json >"$scratch/$1.match"
	"$spoor" -C "$case" coverage --json >"$scratch/$1.coverage"
	"$spoor" -C "$case" fsck >"$scratch/$1.fsck" 2>&1
	ok "$1: fsck" $?
}

compare() { # compare NAME
	for what in events search match coverage; do
		same "$1: the same $what" "$scratch/$1.$what" "$scratch/first.$what"
	done
}

new_case first
"$spoor" -C "$case" ingest -j1 --no-merge "$scratch"/log?.json >/dev/null
ok "in order, one worker, not merged" $?
answers first
ok "there are events" "$([ -s "$scratch/first.events" ]; echo $?)"
ok "there are conflicts" "$(grep -q id-conflict "$scratch/first.events"; echo $?)"

for jobs in 1 2 3 4; do
	new_case "jobs$jobs"
	"$spoor" -C "$case" ingest -j$jobs $(ls "$scratch"/log?.json | shuf --random-source="$scratch/log$jobs.json") >/dev/null
	ok "shuffled, $jobs workers" $?
	answers "jobs$jobs"
	compare "jobs$jobs"
done

new_case each
for f in $(ls "$scratch"/log?.json | sort -r); do
	"$spoor" -C "$case" ingest "$f" >/dev/null
done
answers each
compare each

new_case parallel
for k in 0 1 2 3; do
	"$spoor" -C "$case" ingest -j1 "$scratch"/log[$k$((k + 4))].json "$scratch/log8.json" >/dev/null 2>"$scratch/err$k" &
done
"$spoor" -C "$case" ingest -j1 "$scratch/log9.json" >/dev/null
wait
cat "$scratch"/err? | sed 's/^/# /'
answers parallel
compare parallel
done_testing
