#!/bin/sh
# spoor look on 50 mails of a phishing collection and 50 of the ham of another: each is answered in
# less than two seconds; the table of what it says is printed.
. "$(dirname "$0")/lib.sh"
need_data mail-phishing-pot/phish.tar.gz mail-spamassassin/easy-ham.tar.gz

# fifty NAME ARCHIVE: every nth of its files, in order of name
fifty() {
	mkdir "$scratch/$1" && tar -xzf "$data/$2" -C "$scratch/$1"
	find "$scratch/$1" -type f | LC_ALL=C sort >"$scratch/$1.all"
	n=$(wc -l <"$scratch/$1.all")
	awk -v step=$((n / 50)) 'NR % step == 1 && ++k <= 50' "$scratch/$1.all" >"$scratch/$1.files"
	eq "$1: fifty mails" "$(wc -l <"$scratch/$1.files")" 50
	bad=0 slow=0
	while read -r mail; do
		began=$(date +%s%N)
		"$spoor" look --json "$mail" >>"$scratch/$1.json" 2>>"$scratch/$1.err" || bad=$((bad + 1))
		[ $(($(date +%s%N) - began)) -lt 2000000000 ] || slow=$((slow + 1))
	done <"$scratch/$1.files"
	eq "$1: all are answered" "$bad" 0
	eq "$1: nothing on stderr" "$(cat "$scratch/$1.err")" ""
	# A machine that is busy with other things may hold up one.
	[ $slow -le 5 ]
	ok "$1: below two seconds" $?
}
fifty phish mail-phishing-pot/phish.tar.gz
fifty ham mail-spamassassin/easy-ham.tar.gz

python3 - "$scratch/phish.json" "$scratch/ham.json" <<'PY'
import collections, json, sys
says, levels = {}, {}
for path in sys.argv[1:]:
    for line in open(path, encoding="utf-8"):
        d = json.loads(line)
        kind = path.split("/")[-1].split(".")[0]
        levels.setdefault(kind, collections.Counter())[
            "bad" if d["bad"] else "odd" if d["odd"] else "nothing odd"] += 1
        for key in {(s["level"], s["what"]) for s in d["says"]}:
            says.setdefault(key, collections.Counter())[kind] += 1
print("# of 50 each:                         phish   ham")
for level in ("bad", "odd", "nothing odd"):
    print(f"# {level:35} {levels['phish'][level]:6} {levels['ham'][level]:5}")
for (level, what), n in sorted(says.items()):
    print(f"#   {level:5} {what:27} {n['phish']:6} {n['ham']:5}")
PY
ok "the table" $?
done_testing
