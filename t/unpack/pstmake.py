"""Mailboxes of Outlook: what [MS-PST] §2.4 lays on the nodes of pstfile.

python3 pstmake.py PATH MB BYTES: a mailbox of about MB megabytes in messages of about BYTES.
"""
import hashlib
import random
import struct
import sys
import uuid

import pstfile
from pstfile import BINARY, BOOL, INT32, INT64, OBJECT, TIME, UNICODE

INTERNAL, FOLDER, MESSAGE, ATTACHMENT = 1, 2, 4, 5  # nidType (§2.2.2.1)
HIERARCHY, CONTENTS, ASSOCIATED = 0x0D, 0x0E, 0x0F
STORE, NAMES, ROOT, TOP, SEARCH, DELETED = 0x21, 0x61, 0x122, 0x8022, 0x8042, 0x8062
RECIPIENTS, ATTACHMENTS = 0x692, 0x671
TO, CC, BCC = 1, 2, 3


def tags(kind, *ids):
    return [i << 16 | kind for i in ids]


# Columns that the tables' templates must have (§2.4.4.4.1, .5.1, .6.1, §2.4.5.3.1, §2.4.6.1.1),
# and the address that Outlook adds to a recipient.
COLUMNS = {
    HIERARCHY: tags(INT32, 0x0E30, 0x0E38, 0x3602, 0x3603, 0x6635, 0x6636) + tags(INT64, 0x0E33) +
    tags(BINARY, 0x0E34) + tags(UNICODE, 0x3001, 0x3613) + tags(BOOL, 0x360A),
    CONTENTS: tags(INT32, 0x0017, 0x0036, 0x0E07, 0x0E08, 0x0E17, 0x0E30, 0x0E38, 0x1097, 0x65C6) +
    tags(UNICODE, 0x001A, 0x0037, 0x0042, 0x0070, 0x0E03, 0x0E04) + tags(BOOL, 0x0057, 0x0058) +
    tags(TIME, 0x0039, 0x0E06, 0x3008) + tags(INT64, 0x0E33) +
    tags(BINARY, 0x0071, 0x0E34, 0x0E3C, 0x0E3D),
    ASSOCIATED: tags(INT32, 0x0E07, 0x0E17, 0x7003, 0x7004, 0x7005) +
    tags(UNICODE, 0x001A, 0x3001, 0x7006, 0x7007) + tags(BINARY, 0x6800),
    RECIPIENTS: tags(INT32, 0x0C15, 0x0FFE, 0x3900) + tags(BOOL, 0x0E0F, 0x3A40) +
    tags(UNICODE, 0x3001, 0x3002, 0x3003, 0x39FE, 0x39FF) + tags(BINARY, 0x0FF9, 0x0FFF, 0x300B),
    ATTACHMENTS: tags(INT32, 0x0E20, 0x3705, 0x370B) + tags(UNICODE, 0x3704),
}


def filetime(unix):
    return int((unix + 11644473600) * 10**7)


class Mailbox:
    def __init__(self, path, **options):
        self.file = pstfile.File(path, **options)
        self.key = hashlib.sha256(b"store").digest()[:16]
        self.folders = {}  # nid: [parent, name, rows of contents, unread]
        self._templates()
        for nid, parent, name in ((ROOT, ROOT, ""), (TOP, ROOT, "Top of Personal Folders"),
                                  (SEARCH, ROOT, "Search Root"), (DELETED, TOP, "Deleted Items")):
            self.folders[nid] = [parent, name, []]
        self.file.next_nid[FOLDER] = 0x404

    def _templates(self):
        f = self.file
        for nid, columns in ((0x60D, HIERARCHY), (0x60E, CONTENTS), (0x60F, ASSOCIATED),
                             (0x610, CONTENTS), (ATTACHMENTS, ATTACHMENTS), (RECIPIENTS, RECIPIENTS)):
            f.node(nid, 0, pstfile.table(f, COLUMNS[columns], []))
        for nid in 0x1E1, 0x201, 0x261:  # queues, with nothing in them
            f.node(nid, 0)
        f.node(NAMES, 0, pstfile.properties(f, self._names()))

    def _names(self):
        """The map of named properties (§2.4.7), with one number and one name in it."""
        guid = uuid.UUID("00062008-0000-0000-c000-000000000046").bytes_le  # PSETID_Common
        name = "content-class".encode("utf-16-le")
        # Index 3 is the first GUID of the stream, 2 is PS_PUBLIC_STRINGS.
        entries = [(0x8554, 3 << 1, 0), (0, 2 << 1 | 1, 1)]
        hashed = [(0x8554, 3 << 1, 0), (pstfile.crc(name), 2 << 1 | 1, 1)]
        props = {0x0001 << 16 | INT32: 251, 0x0002 << 16 | BINARY: guid,
                 0x0003 << 16 | BINARY: b"".join(struct.pack("<IHH", *e) for e in entries),
                 0x0004 << 16 | BINARY: struct.pack("<I", len(name)) + name + bytes(-len(name) % 4)}
        for e in hashed:
            props[0x1000 + (e[0] ^ e[1]) % 251 << 16 | BINARY] = struct.pack("<IHH", *e)
        return props

    def entry_id(self, nid):  # §2.4.3.2
        return bytes(4) + self.key + struct.pack("<I", nid)

    def folder(self, parent, name):
        nid = self.file.new_nid(FOLDER)
        self.folders[nid] = [parent, name, []]
        return nid

    def message(self, folder, **mail):
        """Writes a message (see content); its NID."""
        nid = self.file.new_nid(MESSAGE)
        props, made = self.content(**mail)
        self.file.node(nid, folder, made)
        if folder in self.folders:
            self.folders[folder][2].append((nid, {t: props[t] for t in COLUMNS[CONTENTS] if t in props}))
        return nid

    def content(self, subject="", sender=None, to=(), headers="", text="", html=b"", rtf=b"", time=0,
                attachments=(), kind="IPM.Note", more=None):
        """
        sender: (name, address); to: [(TO, name, address)]; attachments: [(name, type, bytes)], or
        a dict, which is a message of its own.  Its properties, and (blocks, subnodes).
        """
        when = filetime(time)
        # §2.5.3.1.1.1: the prefix's length comes first, in two characters.
        props = {0x001A << 16 | UNICODE: kind, 0x0037 << 16 | UNICODE: "\x01\x01" + subject,
                 0x0E07 << 16 | INT32: 1, 0x0E08 << 16 | INT32: 1000, 0x0E17 << 16 | INT32: 0,
                 0x3007 << 16 | TIME: when, 0x3008 << 16 | TIME: when,
                 0x0E06 << 16 | TIME: when, 0x0039 << 16 | TIME: when,
                 0x300B << 16 | BINARY: hashlib.sha256(subject.encode("utf-8", "replace")).digest()[:16]}
        if sender:
            # Who sent it, and for whom.
            for ids in (0x0C1A, 0x0C1E, 0x0C1F, 0x5D01), (0x0042, 0x0064, 0x0065, 0x5D02):
                for i, v in zip(ids, (sender[0], "SMTP", sender[1], sender[1])):
                    props[i << 16 | UNICODE] = v
        for i, k, v in ((0x007D, UNICODE, headers), (0x1000, UNICODE, text), (0x1013, BINARY, html),
                        (0x1009, BINARY, rtf)):
            if v:
                props[i << 16 | k] = v
        if html:
            props[0x3FDE << 16 | INT32] = 65001
        for k, wanted in ((0x0E04, TO), (0x0E03, CC)):
            props[k << 16 | UNICODE] = "; ".join(n for t, n, _ in to if t == wanted)
        props[0x0E1B << 16 | BOOL] = bool(attachments)
        props.update(more or {})
        subs = {}
        if to:
            self._recipients(to, subs)
        if attachments:
            self._attachments(attachments, subs)
        return props, pstfile.properties(self.file, props, subs)

    def _sub(self, subs, nid, made):
        blocks, inner = made
        subs[nid] = (self.file.tree(blocks), self.file.subnodes(inner))

    def _recipients(self, to, subs):
        rows = [(n, {0x0C15 << 16 | INT32: t, 0x3001 << 16 | UNICODE: name,
                     0x3002 << 16 | UNICODE: "SMTP", 0x3003 << 16 | UNICODE: address,
                     0x39FE << 16 | UNICODE: address, 0x0FFE << 16 | INT32: 6})
                for n, (t, name, address) in enumerate(to)]
        self._sub(subs, RECIPIENTS, pstfile.table(self.file, COLUMNS[RECIPIENTS], rows))

    def _attachments(self, attachments, subs):
        rows = []
        for n, a in enumerate(attachments):
            nid, inner = 0x401 + n << 5 | ATTACHMENT, {}
            if isinstance(a, dict):
                name, how = a.get("subject", ""), 5
                message = 0x10000 << 5 | MESSAGE
                self._sub(inner, message, self.content(**a)[1])
                props = {0x3701 << 16 | OBJECT: (message, 1000)}
                size = 1000
            else:
                name, mime, data = a
                how, size = 1, len(data)
                props = {0x3701 << 16 | BINARY: data, 0x3704 << 16 | UNICODE: name,
                         0x3707 << 16 | UNICODE: name, 0x370E << 16 | UNICODE: mime}
            props.update({0x3705 << 16 | INT32: how, 0x0E20 << 16 | INT32: size,
                          0x370B << 16 | INT32: -1, 0x3001 << 16 | UNICODE: name})
            self._sub(subs, nid, pstfile.properties(self.file, props, inner))
            rows.append((nid, {t: v for t, v in props.items() if t in COLUMNS[ATTACHMENTS]}))
        self._sub(subs, ATTACHMENTS, pstfile.table(self.file, COLUMNS[ATTACHMENTS], rows))

    def delete(self, folder, nid):
        """Call checkpoint first, or no page says that it was there."""
        self.file.forget(nid)
        rows = self.folders[folder][2]
        rows[:] = [r for r in rows if r[0] != nid]

    def _folder_nodes(self):
        f = self.file
        for nid, (parent, name, rows) in self.folders.items():
            below = [n for n, (p, _, _) in self.folders.items() if p == nid != n]
            props = {0x3001 << 16 | UNICODE: name, 0x3602 << 16 | INT32: len(rows),
                     0x3603 << 16 | INT32: 0, 0x360A << 16 | BOOL: bool(below)}
            f.node(nid, parent, pstfile.properties(f, props))
            hierarchy = [(n, {0x3001 << 16 | UNICODE: self.folders[n][1],
                              0x3602 << 16 | INT32: len(self.folders[n][2]),
                              0x3603 << 16 | INT32: 0}) for n in below]
            for kind, some in ((HIERARCHY, hierarchy), (CONTENTS, rows), (ASSOCIATED, [])):
                f.node(nid & ~31 | kind, 0, pstfile.table(f, COLUMNS[kind], some))

    def checkpoint(self):
        self._folder_nodes()
        self.file.checkpoint()

    def close(self):
        f = self.file
        f.node(STORE, 0, pstfile.properties(f, {
            0x0FF9 << 16 | BINARY: self.key, 0x3001 << 16 | UNICODE: "Archive",
            0x35E0 << 16 | BINARY: self.entry_id(TOP), 0x35E3 << 16 | BINARY: self.entry_id(DELETED),
            0x35E7 << 16 | BINARY: self.entry_id(SEARCH), 0x67FF << 16 | INT32: 0}))
        self._folder_nodes()
        f.close()


def many(path, megabytes, size):
    """The same file for the same arguments; folders of 2,000 messages, as archives have them."""
    r = random.Random(1)
    box = Mailbox(path, stream=True)
    noise = r.randbytes(4 << 20)
    written = count = 0
    while written < megabytes * 10**6:
        if count % 2000 == 0:
            inbox = box.folder(TOP, "Year %d" % (count // 2000))
            box.checkpoint()
        n = int(size * r.uniform(0.2, 1.8))
        name = "u%d@example.org" % r.randrange(5000)
        text = ("Dear all,\r\n\r\nplease find number %d at https://example.org/n/%d .\r\n" % (count, count)) * 3
        at = r.randrange(len(noise))
        data = noise[at:at + n]
        while len(data) < n:
            data += noise[:n - len(data)]
        box.message(inbox, subject="Minutes %d" % count, sender=("Ada", name),
                    to=[(TO, "Committee", "committee@example.org")], text=text, time=1.6e9 + 60 * count,
                    headers="Message-ID: <%d@example.org>\r\n" % count,
                    attachments=[("minutes-%d.bin" % count, "application/octet-stream", data)] if n > 3000 else ())
        written, count = box.file.at, count + 1
    box.close()
    return count


if __name__ == "__main__":
    print(many(sys.argv[1], float(sys.argv[2]), int(sys.argv[3])))
