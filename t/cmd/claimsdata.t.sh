#!/bin/sh
# Opinions, notes and reports of other people's STIX: as many claims as Python counts.
. "$(dirname "$0")/lib.sh"
need_data stix-documentation stix-oasis misp-stix attack

# Which objects are about what names who did it, or about what somebody said; the newest version.
count() {
	python3 - "$1" <<'PY'
import gzip, json, sys
SUBJECTS = ("intrusion-set", "threat-actor", "campaign", "incident", "opinion", "note", "report",
            "relationship")
def objects(path):
    text = open(path, encoding="utf-8").read()
    try:
        d = json.loads(text)
    except ValueError:
        d = [json.loads(l) for l in text.splitlines() if l.strip()]
    d = d.get("objects", [d]) if isinstance(d, dict) else d
    return [o for o in d if isinstance(o, dict)]
n = 0
newest = {}
for o in objects(sys.argv[1]):
    if o.get("type") in ("opinion", "note", "report") and not o.get("revoked"):
        old = newest.get(o["id"])
        if not old or o.get("modified", "") > old.get("modified", ""):
            newest[o["id"]] = o
for o in newest.values():
    refs = o.get("object_refs", [])
    about = [r for r in refs if o["type"] == "opinion" or r.split("--")[0] in SUBJECTS]
    n += min(len(about), 64)
print(n)
PY
}

new_case data
total=0 files=0 bad=0 seen=
for f in $(find "$data/stix-documentation" "$data/stix-oasis" "$data/misp-stix" "$data/attack" \
	-name '*.json' ! -path '*schemas*' ! -name '*schema*' | sort); do
	# What the case has already isn't read again.
	hash=$(sha256sum <"$f")
	case $seen in *"$hash"*) continue ;; esac
	seen="$seen $hash"
	want=$(count "$f" 2>/dev/null) || continue
	got=$("$spoor" -C "$case" intel add --json "$f" 2>/dev/null | sed -n 's/.*"claims":\([0-9]*\).*/\1/p')
	files=$((files + 1)) total=$((total + want))
	if [ "$got" != "$want" ]; then
		echo "# $f: $got, want $want"
		bad=$((bad + 1))
	fi
done
eq "$files files say as many claims as counted" "$bad" 0
ok "and there are some" "$([ "$total" -gt 0 ]; echo $?)"
echo "# $total claims"
done_testing
