#!/bin/sh
# Published indicators against honest mail: what is met is listed with its warnings, and a person can
# see why it is harmless.  Looked at by hand: ESET's page on Linux/Cdorked shows what an infected
# server answers, with http://google.com/ in it; nothing else of 117,000 values is in these mails.
. "$(dirname "$0")/lib.sh"
need_data mail-spamassassin ioc-eset ioc-maltrail misp-warninglists

new_case ham
"$spoor" -C "$case" ingest -q --json "$data/mail-spamassassin/easy-ham.tar.gz" \
	"$data/mail-spamassassin/hard-ham.tar.gz" >"$scratch/in"
eq "the honest mails" "$(json 'd["events"]' "$scratch/in")" 820
for f in amnesty eset maltrail sekoia signature-base volexity; do
	"$spoor" -C "$case" intel add --json --name "$f" "$data/ioc-$f" >>"$scratch/added"
done
"$spoor" -C "$case" intel add --json "$data/misp-warninglists" >"$scratch/lists"
eq "the warning lists" "$(json 'd["warninglists"]' "$scratch/lists")" 128
ok "more than 100,000 indicators" \
	"$(json '0 if sum(x["indicators"] for x in d) > 100000 else 1' "$scratch/added")"
"$spoor" -C "$case" match --json >"$scratch/all"
eq "what is met" "$(json 'sorted((m["indicator"], m["source"], m["value"].split("?")[0], m["how"]) for m in d)' "$scratch/all")" \
	"[('http://google.com/', 'eset', 'groups.google.com', 'subdomain'), ('http://google.com/', 'eset', 'http://groups.google.com/groups', 'url-host-subdomain'), ('http://google.com/', 'eset', 'http://www.google.com/search', 'url-host-subdomain'), ('http://google.com/', 'eset', 'http://www.google.com/search', 'url-host-subdomain'), ('http://google.com/', 'eset', 'www.google.com', 'subdomain')]"
eq "each is on a list that says whose it is" \
	"$(json 'all(any(w["list"] == "List of known google domains" for w in m["warning"]) for m in d)' "$scratch/all")" True
ok "the context says where it was read" "$(json '0 if all("infected server" in m["context"] for m in d) else 1' "$scratch/all")"
"$spoor" -C "$case" match >"$scratch/text"
eq "in words, for each" "$(grep -c "harmless as a rule: .*google.com is on the list 'List of known google domains'" "$scratch/text")" 8
done_testing
