#!/usr/bin/env python3
"""Mailboxes written by pstmake: what was put in comes out, also of files that are cut or damaged;
and readpst, another reader, finds the same in them."""
import email, email.policy, glob, hashlib, os, random, re, shutil, struct, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [here, os.path.join(here, "..")]
sys.dont_write_bytecode = True
import pstmake
from pstmake import BCC, CC, TO, TOP, Mailbox
from tap import end, ok

printer = os.path.join(here, "..", "..", os.environ.get("OUT", "build/debug"), "t/unpack/pst.t")
if not os.path.exists(printer):
    print("1..0 # SKIP no %s" % printer)
    sys.exit(0)
scratch = tempfile.mkdtemp()
ARCHIVE = "Top of Personal Folders"
noise = random.Random(1).randbytes(1 << 20)


def sha(data):
    return hashlib.sha256(data).hexdigest()


def facts(mail):
    """What a parsed mail says: parts that are mails have their own."""
    texts, files, inner = {}, [], []
    stack = [mail]
    while stack:
        part = stack.pop(0)
        if part.get_content_type() == "message/rfc822":
            inner.append(facts(part.get_payload(0)))
        elif part.is_multipart():
            stack = part.get_payload() + stack
        elif part.get_filename() or part.get("X-Spoor-Left-Out"):
            data = part.get_payload(decode=True)
            files.append((part.get_filename(), sha(data), len(data)))
        else:
            text = part.get_payload(decode=True).decode(part.get_content_charset("utf-8"), "replace")
            if text.strip():
                texts[part.get_content_type()] = text.replace("\r\n", "\n").strip()
    address = lambda field: [a.addr_spec for h in mail.get_all(field, []) for a in h.addresses]
    return {"subject": str(mail["subject"] or ""), "from": address("from"), "to": address("to"),
            "cc": address("cc"), "bcc": address("bcc"), "id": mail["message-id"], "texts": texts,
            "files": sorted(files), "inner": inner, "folder": str(mail["x-spoor-folder"] or ""),
            "source": str(mail["x-spoor-source"] or "")}


def read(path):
    """The mails of a mailbox in order, and the flaws: [(name, offset)]."""
    out = subprocess.run([printer, path], stdout=subprocess.PIPE, check=True).stdout
    body, flaws = out[:-1].rsplit(b"#", 1)
    mails = []
    for raw in re.split(rb"(?m)^From spoor@localhost.*\n", body)[1:]:
        raw = re.sub(rb"(?m)^>(>*From )", rb"\1", raw)
        mails.append(facts(email.message_from_bytes(raw, policy=email.policy.default)))
    return mails, [(f.split("@")[0], int(f.split("@")[1])) for f in flaws.decode().split()]


def wanted(folder="", source="pst", subject="", sender=None, to=(), headers="", text="", html=b"",
           attachments=(), **_):
    by = lambda kind: [a for t, _, a in to if t == kind]
    texts = {k: t.replace("\r\n", "\n").strip() for k, t in
             (("text/plain", text), ("text/html", html.decode())) if t}
    found = re.search("Message-ID: (.*)\r\n", headers)
    return {"subject": subject, "from": [sender[1]] if sender else [], "to": by(TO), "cc": by(CC),
            "bcc": by(BCC), "id": found and found.group(1), "texts": texts,
            "files": sorted((a[0], sha(a[2]), len(a[2])) for a in attachments if isinstance(a, tuple)),
            "inner": [wanted(**dict(a, folder="", source="")) for a in attachments if isinstance(a, dict)],
            "folder": folder, "source": source}


def differences(got, want):
    """For people: the keys in which the two differ, and how."""
    return [(k, got[k], want[k]) for k in want if got[k] != want[k]]


def same(what, mails, want):
    want = sorted(want, key=lambda w: w["subject"])
    mails = sorted(mails, key=lambda m: m["subject"])
    ok([m["subject"] for m in mails] == [w["subject"] for w in want], what + ": which mails",
       [m["subject"] for m in mails][:20])
    bad = [(w["subject"], differences(m, w)) for m, w in zip(mails, want) if differences(m, w)]
    ok(not bad, what + ": what is in them", *bad[:3])


MAILS = [
    (("Inbox",), dict(
        subject="Budget", sender=("Ada", "ada@example.org"), time=1714550400, text="See below.\r\n",
        to=[(TO, "Bob", "bob@example.net"), (CC, "Eve", "eve@example.net"), (BCC, "Mo", "mo@example.net")],
        headers="Received: from a by b; Wed, 1 May 2024 08:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n",
        html=b"<p>See <a href='https://example.com/x'>below</a></p>")),
    # The inner one's node has the id that the first message of the file has.
    (("Inbox",), dict(
        subject="Forwarded", sender=("Ada", "ada@example.org"), text="As attached.",
        attachments=[("notes.txt", "text/plain", b"small"), ("large.bin", "application/x", noise[:100000]),
                     dict(subject="Inside", sender=("In", "in@example.org"), text="inner text",
                          attachments=[("deep.txt", "text/plain", b"deep"),
                                       dict(subject="Innermost", text="core")])])),
    (("Inbox", "Ünïcödé ✓"), dict(
        subject="Grüße ✓ 𝄞", sender=("Ädä", "ada@example.org"), to=[(TO, "Zoë", "zoe@example.net")],
        text="Zażółć gęślą jaźń 𝄞\r\n" * 3000,
        attachments=[("Отчёт ✓.pdf", "application/pdf", b"%PDF-" + noise[:5000])])),
    (("Sent",), dict(subject="Nothing in it")),
    (("Sent",), dict(subject="Many", sender=("Ada", "ada@example.org"),
                     to=[(TO, "P%d" % i, "p%d@example.org" % i) for i in range(1200)])),
    # More than an XBLOCK's 1,021 blocks.
    (("Sent",), dict(subject="Huge", attachments=[("huge.bin", "application/x", (noise * 8)[:8360000])])),
]


def make(path, mails=MAILS, before_close=None, **options):
    box = Mailbox(path, **options)
    folders, nids = {(): TOP}, []
    for where, mail in mails:
        for n in range(len(where)):
            if where[:n + 1] not in folders:
                folders[where[:n + 1]] = box.folder(folders[where[:n]], where[n])
        nids.append(box.message(folders[where], **mail))
    if before_close:
        before_close(box, folders, nids)
    box.close()
    return path


def want_of(mails=MAILS, source="pst"):
    return [wanted(folder="/".join((ARCHIVE,) + where), source=source, **mail) for where, mail in mails]


def test_whole():
    for name, options in (("plain", {"permute": False}), ("permuted", {}), ("leaves first", {"stream": True})):
        mails, flaws = read(make(scratch + "/whole.pst", **options))
        same(name, mails, want_of())
        ok(flaws == [], name + ": no flaws", flaws)


def numbered(n, size=0):
    return [(("Folder %d" % (i // 250),), dict(
        subject="Number %05d" % i, sender=("Ada", "ada@example.org"), text="text %d " % i * 9,
        to=[(TO, "Bob", "bob%d@example.net" % i)],
        attachments=[("n%d.bin" % i, "application/x", noise[i:i + size])] if size else ()))
        for i in range(n)]


def test_many():
    """More than libpff gets at once, and trees of three levels."""
    mails, flaws = read(make(scratch + "/many.pst", numbered(700)))
    same("many", mails, want_of(numbered(700)))
    ok(flaws == [], "many: no flaws", flaws)


def test_deleted():
    def delete(box, folders, nids):
        box.message(0x9F22, subject="Adrift", text="in no folder")
        # What moves keeps its blocks and gets a new id: it isn't deleted.
        box.checkpoint()
        moved = box.file.entries[pstmake.pstfile.NBT].pop(nids[0])
        new = box.file.new_nid(pstmake.MESSAGE)
        box.file.entries[pstmake.pstfile.NBT][new] = struct.pack("<Q", new) + moved[8:]
        box.delete(folders["Sent",], nids[3])

    mails, flaws = read(make(scratch + "/deleted.pst", before_close=delete))
    want = want_of()
    want[3]["source"] += "; recovered"
    same("deleted", mails, want + [wanted(subject="Adrift", text="in no folder", source="pst; orphan")])
    ok(flaws == [], "deleted: no flaws", flaws)


def test_deep():
    where = tuple("F%d" % i for i in range(70))
    mails, flaws = read(make(scratch + "/deep.pst", [(where, dict(subject="Deep"))]))
    ok([m["subject"] for m in mails] == ["Deep"] and {f for f, _ in flaws} == {"nested-too-deep"},
       "folders nested deeper than the limit", flaws)


def test_cut():
    """Whatever a cut leaves whole is there; the rest is a flaw, and so is the cut."""
    some = numbered(300, 9000)
    whole = want_of(some)
    path = make(scratch + "/cut.pst", some, stream=True)
    size = os.path.getsize(path)
    counts = []
    for percent in 10, 33, 50, 75, 95:
        length = size * percent // 100
        os.truncate(shutil.copy(path, scratch + "/cut-off.pst"), length)
        mails, flaws = read(scratch + "/cut-off.pst")
        by_subject = {w["subject"]: w for w in whole}
        bad = [m["subject"] for m in mails
               for d in [differences(m, dict(by_subject[m["subject"]], folder="", source="pst; recovered"))] if d]
        # The last has lost blocks, if any; it is there with what is left of it.
        ok(len(bad) <= 1, "cut at %d%%: mails are whole" % percent, bad[:5])
        ok(("truncated", length) in flaws, "cut at %d%%: a flaw" % percent, flaws)
        counts.append(len(mails))
    # A leaf is written behind its 15 messages, so the last of them may be without one.
    ok(all(c >= 300 * p // 100 - 17 for c, p in zip(counts, (10, 33, 50, 75, 95))), "cut: how many", counts)
    os.truncate(path, 20000)
    ok(read(path)[0] == [], "cut before the first message")


def patched(path, to, *changes):
    data = bytearray(open(path, "rb").read())
    for at, new in changes:
        data[at:at + len(new)] = new
    with open(to, "wb") as f:
        f.write(data)
    return to


def test_damaged():
    path = make(scratch + "/good.pst", numbered(300))
    data = open(path, "rb").read()
    to = scratch + "/bad.pst"
    nbt, bbt = (struct.unpack_from("<Q", data, at)[0] for at in (224, 240))
    first = struct.unpack_from("<Q", data, nbt + 16)[0]
    for what, changes in (
            ("no roots", [(216, bytes(32))]),
            ("roots beyond the end", [(224, b"\xff" * 8), (240, b"\xff" * 7)]),
            ("the tree of nodes has no root", [(nbt, bytes(512))]),
            ("the tree of blocks has no root", [(bbt, bytes(512))]),
            ("a root that is its own child", [(nbt + 16, struct.pack("<Q", nbt))])):
        mails, flaws = read(patched(path, to, *changes))
        ok({m["subject"] for m in mails} == {"Number %05d" % i for i in range(300)} and
           "damaged" in {f for f, _ in flaws}, what, len(mails), flaws)
    mails, flaws = read(patched(path, to, (first + 500, b"\0\0\0\0")))
    ok(len(mails) == 300 and ("damaged", first) in flaws, "a page whose CRC is wrong", flaws)
    mails, flaws = read(patched(path, to, (0, b"!BDN" + bytes(4)), (528, b"\xff" * 30)))
    ok(len(mails) == 300 and flaws == [], "a header whose CRC is wrong", flaws)
    r = random.Random(int(os.environ.get("SEED", "1")))
    for _ in range(20):
        at = [(r.randrange(0x4400, len(data)), bytes([r.randrange(256)])) for _ in range(200)]
        mails, flaws = read(patched(path, to, *at))
        if not flaws or len(mails) < 100:
            break
    ok(flaws and len(mails) >= 100, "200 wrong bytes: most of it is read", len(mails), flaws)


def test_readpst():
    """libpst reads what we wrote: neither of the two readers is alone with its opinion."""
    if not shutil.which("readpst"):
        print("# no readpst here")
        return
    path, out = make(scratch + "/oracle.pst"), scratch + "/readpst"
    os.mkdir(out)
    subprocess.run(["readpst", "-q", "-e", "-o", out, path], check=True, stdout=subprocess.DEVNULL)
    got = []
    for name in glob.glob(out + "/*/**/*.eml", recursive=True):
        with open(name, "rb") as f:
            # Its mails in mails begin with a line that no mail has, and nobody is "MAILER-DAEMON".
            raw = re.sub(rb'(?m)^>From ".*\n', b"", f.read()).replace(b"<MAILER-DAEMON>", b"")
            m = facts(email.message_from_bytes(raw, policy=email.policy.default))
        folder = os.path.dirname(os.path.relpath(name, out)).split("/", 1)[1]
        got.append((folder, m["subject"], m["from"], m["id"], m["files"],
                    [(i["subject"], i["files"]) for i in m["inner"]], m["texts"].get("text/plain")))
    want = []
    for where, mail in MAILS:
        w = wanted(**mail)
        want.append(("/".join(where), w["subject"], w["from"], w["id"], w["files"],
                     [(i["subject"], i["files"]) for i in w["inner"]], w["texts"].get("text/plain")))
    key = lambda m: m[1]
    for g, w in zip(sorted(got, key=key), sorted(want, key=key)):
        ok(g == w, "readpst: " + w[1], *[(a, b) for a, b in zip(g, w) if a != b][:2])
    ok(len(got) == len(want), "readpst: as many", len(got))


try:
    for test in test_whole, test_many, test_deleted, test_deep, test_cut, test_damaged, test_readpst:
        test()
finally:
    shutil.rmtree(scratch)
end()
