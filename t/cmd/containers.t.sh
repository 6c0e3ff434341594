#!/bin/sh
# Containers through the whole program: archives and what is in them, from files and from a pipe.
. "$(dirname "$0")/lib.sh"
command -v python3 >/dev/null || skip "no python3 here"

ns="xmlns='http://schemas.microsoft.com/win/2004/08/events/event'"
event() { # event NUMBER
	printf '<Event %s><System><Provider Name="P"/><EventID>4624</EventID>' "$ns"
	printf '<TimeCreated SystemTime="2024-05-01T00:00:%02dZ"/><EventRecordID>%d</EventRecordID>' "$1" "$1"
	printf '<Channel>Security</Channel><Computer>dc1.example.org</Computer></System><EventData>'
	printf '<Data Name="TargetUserName">ada</Data><Data Name="IpAddress">192.0.2.%d</Data>' "$1"
	printf '</EventData></Event>\n'
}

cd "$scratch" || exit 2
mkdir in
{ echo '<?xml version="1.0"?><Events>'; event 1; event 2; echo '</Events>'; } >in/security.xml
event 3 >in/qe.xml
{ printf '\377\376'; event 4 | iconv -f UTF-8 -t UTF-16LE; } >in/redirected.xml
event 5 | gzip -n >in/five.xml.gz
cp "$tree/t/fuzz/corpus/msg/whole" in/minutes.msg
cp "$tree/t/fuzz/corpus/tnef/whole" in/winmail.dat
python3 - <<'PY'
import io, tarfile, zipfile
def text(n):
    return open("in/" + n, "rb").read()
inner = io.BytesIO()
with tarfile.open(fileobj=inner, mode="w:gz") as t:
    for n in ("security.xml", "five.xml.gz"):
        t.add("in/" + n, "deep/" + n)
with zipfile.ZipFile("takeout.zip", "w", zipfile.ZIP_DEFLATED) as z:
    z.writestr("Takeout/", "")
    z.writestr("Takeout/Mail/All mail.mbox", "From a@example.org Wed May  1 00:00:00 2024\n"
        "From: a@example.org\nTo: b@example.org\nDate: Wed, 01 May 2024 00:00:00 +0000\n"
        "Message-ID: <1@example.org>\n\nbody\n\n")
    z.writestr("../../../outside.xml", text("qe.xml"))
    z.writestr("bell\a.xml", text("redirected.xml"))
    z.writestr("inner.tgz", inner.getvalue())
    z.writestr("minutes.msg", text("minutes.msg"))
# An archive in an archive in …, and one that is larger than its bytes allow.
deep = text("security.xml")
for i in range(9):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w") as z:
        z.writestr("x", deep)
    deep = b.getvalue()
open("deep.zip", "wb").write(deep)
def bomb(bytes_in, copies):
    b = io.BytesIO()
    with zipfile.ZipFile(b, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as z:
        for i in range(copies):
            z.writestr("%d" % i, bytes_in)
    return b.getvalue()
open("bomb.zip", "wb").write(bomb(bomb(bytes(64 << 20), 2), 6))
whole = open("takeout.zip", "rb").read()
open("cut.zip", "wb").write(whole[:len(whole) * 2 // 3])
PY

new_case one
"$spoor" -C "$case" ingest --json takeout.zip in/winmail.dat >one.json
ok "an archive is read" $?
eq "each member is a source below it" \
	"$(json '[(s["path"], s["format"], s["records"]) for s in d["sources"]]' one.json)" \
	"[('takeout.zip', '', 0), ('takeout.zip/Takeout/Mail/All mail.mbox', 'mail', 1), ('takeout.zip/../../../outside.xml', 'windows-event', 1), ('takeout.zip/bell?.xml', 'windows-event', 1), ('takeout.zip/inner.tgz', '', 0), ('takeout.zip/inner.tgz/deep/security.xml', 'windows-event', 2), ('takeout.zip/inner.tgz/deep/five.xml.gz', 'windows-event', 1), ('takeout.zip/minutes.msg', 'mail', 1), ('in/winmail.dat', 'mail', 1)]"
eq "a member's hash is that of its own bytes" \
	"$(json 'd["sources"][2]["sha256"]' one.json)" "$(sha256sum in/qe.xml | cut -d' ' -f1)"
eq "the archive has its own" \
	"$(json 'd["sources"][0]["sha256"]' one.json)" "$(sha256sum takeout.zip | cut -d' ' -f1)"
eq "bytes given are counted once" "$(json 'd["bytes"]' one.json)" \
	"$(cat takeout.zip in/winmail.dat | wc -c | tr -d ' ')"
[ ! -e ../outside.xml ] && [ ! -e outside.xml ]
ok "a name is never a path" $?
"$spoor" -C "$case" search --json 192.0.2.4 ben@example.org >search.json
eq "what was in it is found" "$(json '[(x["kind"], x["count"]) for x in d]' search.json)" \
	"[('ip', 1), ('email', 1)]"
"$spoor" -C "$case" fsck >/dev/null
ok "the case is whole" $?

new_case two
"$spoor" -C "$case" ingest --json - <takeout.zip >file.json
new_case three
cat takeout.zip | "$spoor" -C "$case" ingest --json - >pipe.json
eq "a pipe gives what a file gives" \
	"$(json '[(s["path"], s["sha256"], s["events"]) for s in d["sources"]]' pipe.json)" \
	"$(json '[(s["path"], s["sha256"], s["events"]) for s in d["sources"]]' file.json)"

new_case four
"$spoor" -C "$case" ingest --json in deep.zip bomb.zip cut.zip >four.json
ok "hostile archives are read" $?
"$spoor" -C "$case" status --json >status.json
eq "nesting has an end" "$(json 'd["flaws_by_name"].get("nested-too-deep")' status.json)" 1
ok "so have bombs" "$(json 'int(not d["flaws_by_name"].get("bomb"))' status.json)"
ok "a cut archive says so" "$(json 'int(not d["flaws_by_name"].get("truncated"))' status.json)"
eq "and gives what is in front of the cut" \
	"$(json '[s["records"] for s in d["sources"] if "All mail" in s["path"]]' four.json)" "[1]"

# What Outlook puts into a mail in the place of MIME is read as the mail's own parts.
{
	printf 'From: ann@press.example\nTo: bob@parliament.example\nSubject: x\nMIME-Version: 1.0\n'
	printf 'Content-Type: application/ms-tnef; name=winmail.dat\n'
	printf 'Content-Transfer-Encoding: base64\n\n'
	base64 in/winmail.dat
} >inside.eml
"$spoor" look --facts inside.eml >inside.json
eq "winmail.dat inside a mail" "$(json '[(p["path"], p["type"]) for p in d["parts"]][:3]' inside.json)" \
	"[('1', 'application/ms-tnef'), ('1.1.1', 'text/html'), ('1.1.2', 'application/octet-stream')]"
eq "the mail stays who it is" "$(json 'd["from"][0]["address"]' inside.json)" ann@press.example
done_testing
