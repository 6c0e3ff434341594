#!/bin/sh
# docs/getting-data.md and `coverage` name formats that there are.
. "$(dirname "$0")/lib.sh"
ls formats | sed 's/\.yaml$//' | LC_ALL=C sort >"$scratch/formats"
# The last column of its tables: names in `…`, "-urls" being short for the one before with another end.
python3 - docs/getting-data.md >"$scratch/named" <<'PY'
import re, sys
for line in open(sys.argv[1]):
    cells = line.strip().strip("|").split("|")
    if not line.startswith("| ") or len(cells) < 5 or "---" in line:
        continue
    first = ""
    for name in re.findall(r"`([a-z0-9-]+)`", cells[-1]):
        if name.startswith("-"):
            name = first.rsplit("-", 1)[0] + name
        else:
            first = name
        print(name)
PY
LC_ALL=C sort -u -o "$scratch/named" "$scratch/named"
eq "getting-data.md: formats that don't exist" "$(LC_ALL=C comm -23 "$scratch/named" "$scratch/formats" | tr '\n' ' ')" ""
# Made by a tool, of which the page speaks as a whole.
eq "getting-data.md: formats that it leaves out" "$(LC_ALL=C comm -13 "$scratch/named" "$scratch/formats" | tr '\n' ' ')" "extractor "
sed -n '/^} pairs/,/^};/p' src/engine/advice.c | grep -o '{"[^"]*", "[^"]*"' | tr -d '{",' | sed 's,/[A-Za-z]*,,' |
	tr ' ' '\n' | grep . | LC_ALL=C sort -u >"$scratch/advised"
ok "advice: names formats" "$([ "$(grep -c . "$scratch/advised")" -gt 15 ]; echo $?)"
eq "advice: formats that don't exist" "$(LC_ALL=C comm -23 "$scratch/advised" "$scratch/formats" | tr '\n' ' ')" ""
done_testing
