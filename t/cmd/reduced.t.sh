#!/bin/sh
# Mail that is kept reduced: its events are those of mail kept whole, and its text is in no file.
. "$(dirname "$0")/lib.sh"
cd "$scratch" || exit 2

mail() { # mail N TO WORD
	printf 'From ann@press.example Mon Jun  3 10:00:0%s 2024\n' "$1"
	printf 'Received: from out.press.example (out.press.example [198.51.100.%s]) by mx.parliament.example;\n' "$1"
	printf ' Mon, 3 Jun 2024 10:00:0%s +0000\nMessage-ID: <m%s@press.example>\n' "$1" "$1"
	printf 'From: Ann <ann@press.example>\nTo: %s@parliament.example\nSubject: Subject%s\n' "$2" "$1"
	printf 'Date: Mon, 3 Jun 2024 10:00:00 +0000\nMIME-Version: 1.0\n'
	printf 'Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n'
	printf '<p>%s, read <a href="https://site.example/%s">this</a>.</p>\n' "$3" "$1"
	printf '%s\nContent-Type: application/pdf; name=minutes.pdf\nContent-Transfer-Encoding: base64\n\n' --b
	printf 'JVBERi0xLjQK\n' # never closed: a flaw
	printf '\n'
}
{ mail 1 bob Sesquipedalian; mail 2 eve Antediluvian; } >box.mbox

for how in full reduced; do
	new_case $how
	printf 'domains: [parliament.example]\nretention: [{format: mail, keep: %s}]\n' $how >"$case/spoor.yaml"
	"$spoor" -C "$case" ingest -q --json box.mbox >$how.json
	"$spoor" -C "$case" events | sed 's/,"spoor.offset":[0-9]*//' >$how.events
	"$spoor" -C "$case" search --json site.example minutes.pdf m1@press.example 198.51.100.2 >$how.search
done
eq "two events" "$(wc -l <reduced.events)" 2
same "events are those of mail kept whole" full.events reduced.events
same "so is what is found" full.search reduced.search
eq "and what is counted" "$(jq -c '[.records,.events,.observables,.flaws]' reduced.json)" \
	"$(jq -c '[.records,.events,.observables,.flaws]' full.json)"
ok "a flaw of the mail is one of the event" "$(grep -c unclosed-multipart reduced.events | awk '{print $1 != 2}')"

# What a search of the evidence itself finds is what is kept.
holds() { # holds CASE WORD: how many records have it
	"$spoor" -C "$scratch/$1" erase --dry-run --json "$2" | jq .records
}
eq "kept whole, the text is there" "$(holds full Sesquipedalian)" 1
eq "reduced, it is not" "$(holds reduced Sesquipedalian)" 0
eq "its subject is" "$(holds reduced Subject1)" 1
new_case default
"$spoor" -C "$case" ingest -q box.mbox 2>/dev/null
eq "reduced is the default" "$("$spoor" -C "$case" events | grep -c spoor.flaws)" 2

for how in full reduced; do
	"$spoor" -C "$scratch/$how" reindex -q
	"$spoor" -C "$scratch/$how" events | sed 's/,"spoor.offset":[0-9]*//' >$how.again
	"$spoor" -C "$scratch/$how" fsck -q >/dev/null
	ok "$how: fsck" $?
done
same "reindexed from what was kept" full.events reduced.again

"$spoor" -C "$scratch/reduced" erase --yes m1@press.example >/dev/null 2>err
ok "erase" $?
"$spoor" -C "$scratch/reduced" events | sed 's/,"spoor.offset":[0-9]*//' >erased.events
sed -n 2p full.events >want.events
same "the other mail stays" want.events erased.events
"$spoor" -C "$scratch/reduced" ingest -q --json box.mbox >again.json
eq "the source given again is known" "$(jq -c .events again.json)" 0

# The same mail whole and reduced is one event.
new_case both
printf 'domains: [parliament.example]\nretention: [{format: mail, keep: full}]\n' >"$case/spoor.yaml"
"$spoor" -C "$case" ingest -q box.mbox
sed -i 's/keep: full/keep: reduced/' "$case/spoor.yaml"
mail 1 bob Sesquipedalian >one.mbox
"$spoor" -C "$case" ingest -q --json one.mbox >both.json
eq "a copy, and no conflict" "$(jq -c '[.events,.duplicates]' both.json)" "[0,1]"
eq "no conflict is said" "$("$spoor" -C "$case" events | grep -c id-conflict)" 0
done_testing
