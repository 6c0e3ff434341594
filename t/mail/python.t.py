#!/usr/bin/env python3
"""Real mail, read by us and by Python's email package: the same message ids, parts and names of
attachments.  Where the two differ it says by which of Python's habits."""
import email, email.header, glob, json, os, re, subprocess, sys, tarfile, tempfile

root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
data = os.environ.get("SPOOR_DATA", "/nonexistent")
printer = os.path.join(root, os.environ.get("OUT", "build/debug"), "t/mail/facts.t")
ARCHIVES = ["mail-spamassassin/easy-ham", "mail-spamassassin/hard-ham", "mail-spamassassin/spam",
            "mail-phishing-pot/phish"]
if not all(os.path.exists(os.path.join(data, a + ".tar.gz")) for a in ARCHIVES) or not os.path.exists(printer):
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
    found = []
    for p in mail.get("parts", []):
        found.append((p["type"], p["size"]))
        if p["path"] in mails:
            found += ours_of(mails, mails[p["path"]])
    return found


n = bad = 0
for archive in ARCHIVES:
    with tempfile.TemporaryDirectory() as folder:
        tarfile.open(os.path.join(data, archive + ".tar.gz")).extractall(folder)
        paths = sorted(p for p in glob.glob(folder + "/**", recursive=True) if os.path.isfile(p))
        out = subprocess.run([printer] + paths, stdout=subprocess.PIPE, check=True).stdout
        wrong = {"id": [], "from": [], "types": [], "sizes": []}
        for path, line in zip(paths, out.decode("utf-8").split("\n")):
            facts, mail = json.loads(line.split("\t")[0]), email.message_from_bytes(read(path))
            name = os.path.basename(path)
            theirs = re.sub(r"\s+", " ", str(mail.get("message-id") or "")).strip()
            inside = re.search(r"<\s*([^>]*)", theirs)
            if (inside.group(1).strip() if inside else theirs) != re.sub(r"\s+", " ", facts.get("message_id") or ""):
                wrong["id"].append((name, theirs, facts.get("message_id")))
            raw = str(mail.get("from") or "")
            bare = re.findall(r"<([^<>\s]+@[^<>\s]+)>\s*$", raw)
            if bare and bare[-1] != facts["from"][-1].get("address"):
                wrong["from"].append((name, raw, facts["from"]))
            a, b = ours(facts), leaves(mail)
            if [t for t, _ in a] != [t for t, _ in b]:
                wrong["types"].append((name, [t for t, _ in a], [t for t, _ in b]))
                continue
            for (t, size), (_, content) in zip(a, b):
                if content is not None and size != len(content):
                    wrong["sizes"].append((name, t, size, len(content)))
        for what, list_ in wrong.items():
            new = [w for w in list_ if (what, w[0]) not in DIFFER]
            n += 1
            bad += bool(new)
            print("%sok %d - %s: %s of %d mails, %d differ as is known" % (
                "not " * bool(new), n, archive, what, len(paths), len(list_) - len(new)))
            for w in new[:8]:
                print("#", w)
print("1..%d" % n)
sys.exit(bad > 0)
