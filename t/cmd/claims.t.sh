#!/bin/sh
# spoor claims: what was said is listed as it was said, counted, and never merged.
. "$(dirname "$0")/lib.sh"

new_case pack
"$spoor" -C "$case" claims >"$scratch/none"
ok "a case without claims says what to do" "$(grep -q 'intel add --knowledge' "$scratch/none"; echo $?)"
"$spoor" -C "$case" intel add --knowledge --json >"$scratch/added" 2>&1
ok "the pack is added" $?
eq "its claims, actors, nothing skipped" "$(json '(d["claims"], d["actors"], d["skipped"])' "$scratch/added")" \
	"(51, 16, [])"
"$spoor" -C "$case" intel list --json >"$scratch/list"
eq "it is one source, by name, with its day" "$(json '(d["name"], d["files"], d["title"][-16:])' "$scratch/list")" \
	"('spoor-knowledge', 3, 'as of 2026-11-24')"
"$spoor" -C "$case" claims --json >"$scratch/all"
eq "all claims" "$(json 'len(d)' "$scratch/all")" 51
eq "each says which source it is of" "$(json 'sorted(set(c["source"] for c in d))' "$scratch/all")" "['spoor-knowledge']"
eq "every claim has speaker, day, citation" \
	"$(json 'all(c["by"] and c["said"] and c["reference"] and c["text"] for c in d)' "$scratch/all")" True
eq "a company, an agency, a state: never without who says it" \
	"$(json 'sum(1 for c in d if c["level"] in ("company", "agency", "state") and not c["by"])' "$scratch/all")" 0
eq "the denials" "$(json 'sorted(c["id"] for c in d if c["standing"] == "denial")' "$scratch/all")" \
	"['cn-ambassador-nz', 'cn-embassy-cz', 'cn-embassy-uk-electoral', 'cn-embassy-uk-parliament', 'cn-embassy-us', 'cn-mfa-2020', 'cn-mfa-2024-07', 'cn-mfa-uk', 'cn-mfa-us']"
eq "each denial answers a claim that is here" \
	"$(json 'all(c["of"] in [x["id"] for x in d] for c in d if c["standing"] == "denial")' "$scratch/all")" True
eq "and who is answered says so" \
	"$(json '[c["answered_by"] for c in d if c["id"] == "uk-ncsc-parliament"]' "$scratch/all")" "[['uk-fcdo-parliament', 'cn-mfa-uk']]"
eq "words, their scale and its range" \
	"$(json '[(c["words"], c["scale"], c["low"], c["high"]) for c in d if c["id"] == "uk-ncsc-parliament"]' "$scratch/all")" \
	"[('almost certainly', 'phia', 95, 100)]"
eq "no scale, no range" \
	"$(json '[(c["words"], c["scale"], c["low"], c["high"]) for c in d if c["id"] == "cz-2025-group"]' "$scratch/all")" \
	"[('high degree of certainty', 'none', None, None)]"
eq "nobody in the pack contradicts himself" "$(json 'sum(len(c["contradicts"]) for c in d)' "$scratch/all")" 0

"$spoor" -C "$case" claims uk-electoral-commission-2021 --json >"$scratch/register"
"$spoor" -C "$case" claims uk-parliament-2021 --json >"$scratch/mps"
eq "two British cases" "$(json 'len(d)' "$scratch/register") $(json 'len(d)' "$scratch/mps")" "9 8"
eq "the register's has no group" "$(json 'sum("APT" in c["about"] for c in d)' "$scratch/register")" 0
"$spoor" -C "$case" claims 'apt 31' --json >"$scratch/apt31"
eq "about a group: all of the incidents for which it is named, by other names, too" \
	"$(json 'sorted({c["incident"] for c in d})' "$scratch/apt31")" \
	"['czech-foreign-ministry-2022', 'finland-parliament-2020', 'france-routers-2021', 'jian-exploit', 'norway-administration-2018', 'uk-parliament-2021', 'us-critics-2010', 'us-election-2020']"
eq "the denials are among them" \
	"$(json 'sorted(c["id"] for c in d if c["standing"] == "denial")' "$scratch/apt31")" \
	"['cn-embassy-cz', 'cn-embassy-uk-parliament', 'cn-embassy-us', 'cn-mfa-2020', 'cn-mfa-uk', 'cn-mfa-us']"
"$spoor" -C "$case" claims 'Embassy of China in the Czech Republic' --json >"$scratch/speaker"
eq "of a speaker: and what that answers" "$(json 'sorted(c["id"] for c in d)' "$scratch/speaker")" \
	"['cn-embassy-cz', 'cz-2025-state']"
"$spoor" -C "$case" claims Zirconium --json >"$scratch/zirconium"
same "from either name" "$scratch/zirconium" "$scratch/apt31"
eq "what is known by no name" "$("$spoor" -C "$case" claims nobody --json | wc -l)" 0
"$spoor" -C "$case" claims uk-parliament-2021 >"$scratch/text"
eq "as text: how many of whom" "$(sed -n 2p "$scratch/text")" \
	"  8 claims by 6 speakers; 2 denials; evidence shown in 0"
ok "as text: name of the incident" "$(sed -n 1p "$scratch/text" | grep -q 'Reconnaissance'; echo $?)"

# Again, and a newer one.
"$spoor" -C "$case" intel add --knowledge >/dev/null
eq "again: nothing new" "$("$spoor" -C "$case" claims --json | wc -l)" 51

# Out again.
"$spoor" -C "$case" intel remove spoor-knowledge >/dev/null
ok "removed" $?
eq "and its claims with it" "$("$spoor" -C "$case" claims --json | wc -l)" 0

# The order in which files come is no matter.
case=$scratch/reverse
"$spoor" init "$case" >/dev/null
for f in cases-other cases-2024 actors; do
	"$spoor" -C "$case" intel add "$tree/knowledge/$f.yaml" >/dev/null || exit 1
done
"$spoor" -C "$case" claims --json | sed 's/"source":"[^"]*",//' >"$scratch/reverse.out"
sed 's/"source":"[^"]*",//' "$scratch/all" >"$scratch/all.out"
same "any order of files, the same answer but for their names" "$scratch/reverse.out" "$scratch/all.out"

# Contradictions.
cat >"$scratch/odd.yaml" <<'Y'
spoor-claims: 1
as-of: 2026-01-01
claims:
- {id: a, by: CERT, said: 2024-01-01, incident: i, about: APT1, level: intrusion-set, standing: assessment, scale: phia, words: likely, text: t}
- {id: b, by: CERT, said: 2024-01-02, incident: i, about: APT2, level: intrusion-set, standing: assessment, text: t}
- {id: c, by: Cert, said: 2024-01-03, incident: i, about: APT 1, level: intrusion-set, standing: denial, text: t}
- {id: d, by: CERT, said: 2024-01-04, incident: i, about: APT1, level: intrusion-set, standing: assessment, scale: phia, words: unlikely, text: t}
- {id: e, by: CERT, said: 2024-01-05, incident: j, about: APT2, level: intrusion-set, standing: assessment, text: t}
- {id: f, by: ACME, said: 2024-01-06, incident: i, about: APT2, level: intrusion-set, standing: assessment, text: t}
- {id: g, by: CERT, said: 2024-01-07, incident: i, about: X Ltd, level: company, standing: sanction, text: t}
- {id: h, by: CERT, said: 2024-01-08, incident: i, about: Y Ltd, level: company, standing: sanction, text: t}
- {id: k, by: CERT, said: 2099-01-01, incident: i, about: Y Ltd, level: company, standing: sanction, text: t}
Y
new_case odd
"$spoor" -C "$case" intel add "$scratch/odd.yaml" --json >"$scratch/odd.added"
eq "what can't be is skipped, with id and why" "$(json '[(s["what"], s["why"]) for s in d["skipped"]]' "$scratch/odd.added")" \
	"[('k', \"said on 2099-01-01, which is after the file's 'as-of'\")]"
"$spoor" -C "$case" claims --json >"$scratch/odd.out"
eq "who contradicts himself" "$(json '{c["id"]: c["contradicts"] for c in d if c["contradicts"]}' "$scratch/odd.out")" \
	"{'a': ['b', 'c', 'd'], 'b': ['a', 'd'], 'c': ['a', 'd'], 'd': ['a', 'b', 'c']}"
ok "and the text says so" "$("$spoor" -C "$case" claims | grep -q 'CONTRADICTS its own b, c, d'; echo $?)"

# A marking given for the source holds for what has none.
sed 's/standing: denial/marking: red, standing: denial/' "$scratch/odd.yaml" >"$scratch/marked.yaml"
new_case marked
"$spoor" -C "$case" intel add --tlp amber "$scratch/marked.yaml" >/dev/null
"$spoor" -C "$case" claims i --json >"$scratch/marked.out"
eq "markings" "$(json '[(c["id"], c["marking"]) for c in d[:3]]' "$scratch/marked.out")" \
	"[('a', 'TLP:AMBER'), ('b', 'TLP:AMBER'), ('c', 'TLP:RED')]"

# What a claim says can be erased.
sed -i 's/by: ACME/by: canary.person@example.org/' "$scratch/odd.yaml"
new_case erased
"$spoor" -C "$case" intel add "$scratch/odd.yaml" >/dev/null
"$spoor" -C "$case" erase --yes canary.person@example.org >/dev/null
ok "erase" $?
eq "the claim is gone, the others are not" "$("$spoor" -C "$case" claims --json >"$scratch/erased.out"; json '[c["id"] for c in d]' "$scratch/erased.out")" \
	"['a', 'b', 'c', 'd', 'g', 'h', 'e']"
rm "$scratch/odd.yaml"
eq "and in no byte" "$(grep -rlia 'canary' "$case" | wc -l)" 0
done_testing
