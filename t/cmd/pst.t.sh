#!/bin/sh
# A mailbox of Outlook through the whole program: by itself, in an archive, cut in the middle.  What
# its mails hold is for t/unpack/pst.t.py.  CHECK_LONG=1: memory doesn't grow with the mailbox.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip "no python3 here"

python3 - "$scratch" <<'PY'
import sys, zipfile
sys.path.insert(0, "t/unpack")
sys.dont_write_bytecode = True
from pstmake import CC, TO, TOP, Mailbox
box = Mailbox(sys.argv[1] + "/archive.pst", stream=True)
inbox = box.folder(TOP, "Inbox")
for i in range(40):
    box.message(inbox, subject="Minutes %d" % i, sender=("Ada", "ada@example.org"), time=1714550400 + i,
                to=[(TO, "Bob", "bob@example.net"), (CC, "Eve", "eve@example.net")],
                headers="Message-ID: <%d@example.org>\r\n" % i,
                html=b"<p>See <a href='https://example.com/m/%d'>them</a></p>" % i,
                attachments=[("minutes.pdf", "application/pdf", b"%%PDF-%d" % i * 3000)])
box.close()
with zipfile.ZipFile(sys.argv[1] + "/export.zip", "w", zipfile.ZIP_DEFLATED) as z:
    z.write(sys.argv[1] + "/archive.pst", "export/archive.pst")
with open(sys.argv[1] + "/archive.pst", "rb") as f:
    data = f.read()
with open(sys.argv[1] + "/cut.pst", "wb") as f:
    f.write(data[:len(data) // 2])
PY

ingest() { # ingest NAME FILE
	new_case "$1"
	"$spoor" -C "$case" ingest --json "$2" >"$scratch/$1.json" 2>"$scratch/$1.err"
	ok "$1: read" $?
	"$spoor" -C "$case" status --json >"$scratch/status.json"
	"$spoor" -C "$case" events --json >"$scratch/events"
}

ingest whole "$scratch/archive.pst"
eq "whole: a record a mail" "$(json '[(s["format"], s["records"], s["events"]) for s in d["sources"]]' "$scratch/whole.json")" \
	"[('mail', 40, 40)]"
eq "whole: flaws" "$(json 'd["flaws_by_name"]' "$scratch/status.json")" "{'time-untrusted': 40}"
eq "whole: what a mail says" "$(json '[[e[k] for k in ("@timestamp", "email.message_id", "email.from.address", "email.to.address",
	"email.cc.address", "email.subject", "file.name", "url.full")] for e in d if e["email.subject"] == "Minutes 7"]' "$scratch/events")" \
	"[['2024-05-01T08:00:07Z', '7@example.org', 'ada@example.org', 'bob@example.net', 'eve@example.net', 'Minutes 7', 'minutes.pdf', 'https://example.com/m/7']]"
events=$("$spoor" -C "$case" events --json | sed 's/"spoor.source":"[^"]*"//' | sha256sum)

ingest zip "$scratch/export.zip"
eq "in an archive: the same" "$("$spoor" -C "$case" events --json | sed 's/"spoor.source":"[^"]*"//' | sha256sum)" "$events"

ingest cut "$scratch/cut.pst"
cut=$(json 'd["records"]' "$scratch/cut.json")
ok "cut: about half of it ($cut)" "$([ "$cut" -ge 10 ] && [ "$cut" -le 25 ]; echo $?)"
eq "cut: says so" "$(json 'd["flaws_by_name"].get("truncated")' "$scratch/status.json")" 1
eq "cut: its mails are whole" "$(json '[e["email.subject"] for e in d if e.get("file.name") != "minutes.pdf"]' "$scratch/events")" "[]"

# peak MEGABYTES: kilobytes of the largest process
peak() {
	python3 t/unpack/pstmake.py "$scratch/large.pst" "$1" 3000 >/dev/null
	new_case "large-$1"
	/usr/bin/time -f %M "$spoor" -C "$case" ingest -q -j 1 "$scratch/large.pst" 2>&1 >/dev/null | tail -n 1
}
if [ -n "${CHECK_LONG-}" ] && [ -x /usr/bin/time ]; then
	small=$(peak 50) large=$(peak 500)
	ok "memory: $small kB for 50 MB, $large kB for 500 MB" "$([ "$large" -lt $((small * 5 / 4)) ]; echo $?)"
fi
done_testing
