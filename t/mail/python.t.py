#!/usr/bin/env python3
"""Real mail, read by us and by Python's email package: the same message ids, parts and names of
attachments.  Where the two differ it says by which of Python's habits."""
import email, glob, hashlib, json, os, re, subprocess, sys, tarfile, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.dont_write_bytecode = True
from tap import end, ok

root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
data = os.environ.get("SPOOR_DATA", "/nonexistent")
printer = os.path.join(root, os.environ.get("OUT", "build/debug"), "t/mail/facts.t")
FOLDERS = ["mail-rspamd", "mail-parse-zbateson", "mail-auth/spamassassin-dkim"]
ARCHIVES = ["mail-spamassassin/easy-ham", "mail-spamassassin/hard-ham", "mail-spamassassin/spam",
            "mail-phishing-pot/phish"]
there = [os.path.exists(os.path.join(data, a)) for a in FOLDERS + [a + ".tar.gz" for a in ARCHIVES]]
if not all(there) or not os.path.exists(printer):
    print("1..0 # SKIP the real mails or the printer aren't here")
    sys.exit(0)

# By file, why the two differ.
DIFFER = {
    ("sizes", "00005.34bcaad58ad5f598f5d6af8cfa0c0465.txt"): "Python reads == in quoted-printable as =",
    ("sizes", "00021.1707ccb203e1a39f5167f1c0d65cc235.txt"): "no closing boundary: Python drops the last line end",
    ("sizes", "00038.8d93819b95ff90bf2e2b141c2909bfc9.txt"):
        "a closing boundary with text behind it, which RFC 2046 section 5.1.1 allows for",
    ("sizes", "00260.c75ce8b8d8bfc55723426979d260bf61.txt"): "base64 cut short: Python decodes none of it",
    ("sizes", "00313.fab744bfd5a128fca39b69df9811c086.txt"): "base64 cut short: Python decodes none of it",
    ("id", "mid_eai_utf8.eml"): "raw UTF-8 in a header: Python doesn't decode it",
    ("id", "phish_sender2.eml"): "a field whose colon stands on the next line ends the header for Python",
    ("id", "phish_sender4.eml"): "the same",
    ("types", "phish_sender2.eml"): "the same",
    ("types", "phish_sender4.eml"): "the same",
    ("types", "badboundary.eml"): "a boundary at the very end begins nothing",
    ("types", "m0021.txt"): "a boundary that is folded",
    ("sizes", "alternative-empty-related.eml"): "no closing boundary: Python drops the last line end",
    ("sizes", "fname.eml"): "base64 cut short: Python decodes none of it",
    ("sizes", "m1014.txt"): "uuencode: Python loses a byte; the pictures themselves are there, see below",
    ("sizes", "m2010.txt"): "the same",
    ("sizes", "m2013.txt"): "the same",
    ("sizes", "m3007.txt"): "the same",
    ("from", "sample-4313.eml"): "the name is an address as well, and there is one that is none",
}


def leaves(part):
    """(type, size of what is in it) of the parts, mails inside included."""
    kind = part.get_content_type()
    if part.is_multipart() and kind != "message/rfc822" and part.get_payload():
        return [leaf for p in part.get_payload() for leaf in leaves(p)]
    if kind == "message/rfc822" and part.is_multipart():
        return [(kind, None)] + leaves(part.get_payload(0))
    content = part.get_payload(decode=True)
    if str(part.get("content-transfer-encoding")).strip().lower() != "base64":
        content = content.replace(b"\r\n", b"\n")
    return [(kind, content)]


def read(path):
    """Without the blank line that ends a mail in an mbox."""
    raw = open(path, "rb").read()
    return raw[:-1] if raw.startswith(b"From ") and raw.endswith(b"\n\n") else raw


def ours(facts):
    mails = facts.get("attached", []) + [facts[k] for k in ["inner"] if k in facts]
    return ours_of({m["path"]: m for m in mails}, facts)


def ours_of(mails, mail):
    found, undone = [], "-"
    for p in mail.get("parts", []):
        # Python doesn't undo a winmail.dat.
        if p["path"].startswith(undone):
            continue
        if p["type"] == "application/ms-tnef":
            undone = p["path"] + "."
        found.append((p["type"], p["size"]))
        if p["path"] in mails:
            found += ours_of(mails, mails[p["path"]])
    return found


def compare(name, facts, mail, wrong):
    theirs = re.sub(r"\s+", " ", str(mail.get("message-id") or "")).strip()
    inside = re.search(r"<\s*([^>]*)", theirs)
    if (inside.group(1).strip() if inside else theirs) != re.sub(r"\s+", " ", facts.get("message_id") or ""):
        wrong["id"].append((name, theirs, facts.get("message_id")))
    bare = re.findall(r"<([^<>\s]+@[^<>\s]+)>\s*$", str(mail.get("from") or ""))
    if bare and bare[-1] not in [a.get("address") for a in facts["from"]]:
        wrong["from"].append((name, bare, facts["from"]))
    a, b = ours(facts), leaves(mail)
    if [t for t, _ in a] != [t for t, _ in b]:
        wrong["types"].append((name, [t for t, _ in a], [t for t, _ in b]))
        return
    for (t, size), (_, content) in zip(a, b):
        if content is not None and size != len(content):
            wrong["sizes"].append((name, t, size, len(content)))


def read_folder(what, folder):
    paths = sorted(p for p in glob.glob(folder + "/**", recursive=True)
                   if os.path.isfile(p) and not re.search(r"LICENSE|README|\.(png|doc|dat)$|^[a-z]+\.txt$", os.path.basename(p)))
    if what == "mail-parse-zbateson":
        paths = [p for p in paths if re.search(r"/(m\d+|github[-0-9]+|invalid-charset)\.txt$", p)]
    out = subprocess.run([printer] + paths, stdout=subprocess.PIPE, check=True).stdout
    all_facts = [json.loads(line.split("\t")[0]) for line in out.decode("utf-8").split("\n")[:-1]]
    wrong = {"id": [], "from": [], "types": [], "sizes": []}
    for path, facts in zip(paths, all_facts):
        compare(os.path.basename(path), facts, email.message_from_bytes(read(path)), wrong)
    for key, list_ in wrong.items():
        new = [w for w in list_ if (key, w[0]) not in DIFFER]
        ok(not new, "%s: %s of %d mails, %d differ as is known" % (what, key, len(paths), len(list_) - len(new)), *new[:8])
    return {os.path.basename(p): f for p, f in zip(paths, all_facts)}


for archive in ARCHIVES:
    with tempfile.TemporaryDirectory() as folder:
        tarfile.open(os.path.join(data, archive + ".tar.gz")).extractall(folder)
        read_folder(archive, folder)
for folder in FOLDERS:
    found = read_folder(folder, os.path.join(data, folder))
    if folder != "mail-parse-zbateson":
        continue
    # The pictures that are attached in all manners (but BinHex) stand there by themselves.
    known = {p: hashlib.sha256(open(os.path.join(data, folder, p), "rb").read()).hexdigest()
             for p in ("redball.png", "greenball.png", "blueball.png")}
    attached = [(f, p["name"], p.get("sha256")) for f in found for p in found[f].get("parts", []) if p.get("name") in known and p["type"].startswith("image/")]
    wrong = [a for a in attached if a[2] != known[a[1]]]
    ok(len(attached) > 50 and not wrong, "%s: %d pictures are what they are" % (folder, len(attached)), *wrong)
    # What its README says of who wrote which.
    for prefix, mailer in [("m0", "Outlook"), ("m1", "Mozilla 4.7"), ("m2", "Eudora")]:
        # The last one was added later, and is from a mailing list.
        names = [f for f in found if f.startswith(prefix) and f != "m0024.txt"]
        wrong = [(f, found[f].get("mailer")) for f in names if mailer not in (found[f].get("mailer") or "")]
        ok(names and not wrong, "%s: %d mails by %s" % (folder, len(names), mailer), *wrong)
end()
