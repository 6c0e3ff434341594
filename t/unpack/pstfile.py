"""Writes files after [MS-PST] (Unicode form): the node database, and what lies on its nodes.

No free program writes a PST, so the tests have this one.  It only appends: what it wrote and then
wrote anew stays behind, as Outlook leaves old pages and blocks.  Sections (§) are [MS-PST]'s.
"""
import struct
import zlib

DATA = 8192 - 16  # a block without its trailer (§2.2.2.8)
ALLOCATION = 3580  # what a heap takes at once (§2.3.1)
FIRST_AMAP, AMAP = 0x4400, 496 * 8 * 64  # the first allocation map, and what each covers (§2.2.2.7.2)
BBT, NBT, FMAP, PMAP, AMAP_PAGE, FPMAP, DLIST = range(0x80, 0x87)  # ptype (§2.2.2.7.1)
LTP = 0x1F  # NID_TYPE_LTP (§2.2.2.1)
INT32, BOOL, OBJECT, INT64, UNICODE, TIME, BINARY = 0x03, 0x0B, 0x0D, 0x14, 0x1F, 0x40, 0x102

# mpbbR (§5.1): what "permute" writes in place of each byte.
PERMUTE = bytes.fromhex(
    "41361362a8216ebbf416cc047f64e85d1ef2cb2a74c55e35d295479e962d9a884c7d843fdbac31b6485ff6c4"
    "d8398be7233b388ec8c1df25b120a546604e9cfbaad35651457c550007c92b9d859b09a08fadb30f63ab894b"
    "d7a7155a716642bf264a6b98faea7753b270052cfd593a867ece06eb827857c78d43afb41cd45bcde2e9274f"
    "c3087280cfb0eff5286dbe304d3492d50e3c2232e5e4f99fc2d10a8112e1ee918376e397e6618a1779a4b7dc"
    "907a5c8c02a6ca69de501a1193b9528758fced1d37491b6ae0293399bd6cd994f340546ff0c673b8d63e6518"
    "441fdd6710f10c19ecae03a1147ba90bfff8a3c0a201f72ebc2468750dfeba2fb5d0da3d")


def crc(data):
    """§5.3: CRC-32 that begins with 0 and isn't inverted."""
    return zlib.crc32(data, 0xFFFFFFFF) ^ 0xFFFFFFFF


def signature(at, bid):
    """§5.5"""
    x = at ^ bid
    return (x >> 16 ^ x) & 0xFFFF


class File:
    """The node database (§2.2): blocks, nodes, their two B-trees, and the maps of what is free.

    permute: bCryptMethod 1.  stream: leaves of the trees are written as soon as they are full, so
    that they lie among what they index; otherwise all of them at the end.
    """

    def __init__(self, path, permute=True, stream=False):
        self.f = open(path, "wb")
        self.permute, self.stream = permute, stream
        self.next_block, self.next_page = 4, 1
        self.free = []  # for each allocation map the (from, to) that is free
        self.at = FIRST_AMAP
        self.f.write(bytes(FIRST_AMAP))
        self._grow()
        self.entries = {BBT: {}, NBT: {}}  # key to entry, of what is in no leaf yet
        self.leaves = {BBT: [], NBT: []}  # (key, bid, offset)
        self.next_nid = {}

    # Where things go

    def _grow(self):
        n = len(self.free)
        if n:
            end = FIRST_AMAP + n * AMAP
            self.free[-1].append((self.at, end))
            self.f.write(bytes(end - self.at))
            self.at = end
        maps = len(map_pages(n)) * 512
        self.free.append([])
        self.f.write(bytes(maps))
        self.at += maps

    def _take(self, size, align):
        at = -(-self.at // align) * align
        if at + size > FIRST_AMAP + len(self.free) * AMAP:
            self._grow()
            at = self.at
        if at > self.at:
            self.free[-1].append((self.at, at))
            self.f.write(bytes(at - self.at))
        self.at = at + size
        return at

    def _release(self, at, size):
        self.free[(at - FIRST_AMAP) // AMAP].append((at, at + size))

    # Blocks (§2.2.2.8)

    def block(self, data, internal=False):
        bid = self.next_block | (2 if internal else 0)
        self.next_block += 4
        if self.permute and not internal:
            data = data.translate(PERMUTE)
        size = -(-(len(data) + 16) // 64) * 64
        at = self._take(size, 64)
        self.f.write(b"".join((data, bytes(size - 16 - len(data)),
                               struct.pack("<HHIQ", len(data), signature(at, bid), crc(data), bid))))
        self._enter(BBT, bid, struct.pack("<QQHHI", bid, at, len(data), 2, 0))
        return bid

    def tree(self, blocks):
        """A node's data: one block, or an XBLOCK or XXBLOCK of several (§2.2.2.8.3.2); its bid."""
        total, bids = sum(map(len, blocks)), [self.block(b) for b in blocks]
        level = 1
        while len(bids) > 1:
            bids = [self.block(struct.pack("<BBHI", 1, level, len(some), total if level > 1 else
                                           sum(map(len, blocks[i:i + 1021]))) +
                               struct.pack("<%dQ" % len(some), *some), True)
                    for i in range(0, len(bids), 1021) for some in [bids[i:i + 1021]]]
            level += 1
        return bids[0] if bids else 0

    def data(self, data):
        return self.tree([data[i:i + DATA] for i in range(0, len(data), DATA)])

    def subnodes(self, subs):
        """subs: {nid: (bid of data, bid of subnodes)} (§2.2.2.8.3.3)."""
        if not subs:
            return 0
        all_of = sorted(subs.items())
        lists = []
        for i in range(0, len(all_of), 340):
            some = all_of[i:i + 340]
            lists.append((some[0][0], self.block(
                struct.pack("<BBHI", 2, 0, len(some), 0) +
                b"".join(struct.pack("<QQQ", n, *bids) for n, bids in some), True)))
        if len(lists) == 1:
            return lists[0][1]
        return self.block(struct.pack("<BBHI", 2, 1, len(lists), 0) +
                          b"".join(struct.pack("<QQ", *l) for l in lists), True)

    # Nodes

    def new_nid(self, kind):
        """§2.2.2.6, rgnid: where each type's numbers begin."""
        index = self.next_nid.get(kind, {3: 0x4000, 4: 0x10000, 8: 0x8000}.get(kind, 0x400))
        self.next_nid[kind] = index + 1
        return index << 5 | kind

    def node(self, nid, parent, made=((), None)):
        """made: (blocks, subnodes)"""
        blocks, subs = made
        self._enter(NBT, nid, struct.pack("<QQQII", nid, self.tree(blocks), self.subnodes(subs),
                                          parent, 0))

    def forget(self, nid):
        """The node goes from the indexes, and so do its block and its list of subnodes; their bytes
        stay (a deletion).  Not with stream."""
        assert not self.stream
        for bid in struct.unpack("<QQ", self.entries[NBT].pop(nid)[8:24]):
            entry = self.entries[BBT].pop(bid, None)
            if entry:
                _, at, size, _, _ = struct.unpack("<QQHHI", entry)
                self._release(at, -(-(size + 16) // 64) * 64)

    # B-trees (§2.2.2.7.7)

    def _enter(self, kind, key, entry):
        entries = self.entries[kind]
        entries[key] = entry
        full = 488 // len(entry)
        # Numbers of messages and blocks only grow, so a leaf of theirs is done when it is full.
        if self.stream and (kind == BBT or key & 31 == 4):
            done = [k for k in entries if kind == BBT or k & 31 == 4][:full]
            if len(done) == full:
                self._leaf(kind, [(k, entries.pop(k)) for k in done])

    def _leaf(self, kind, some):
        self.leaves[kind].append(self._tree_page(kind, 0, some))

    def _tree_page(self, kind, level, some):
        size = len(some[0][1])
        body = b"".join(e for _, e in some).ljust(488, b"\0")
        body += struct.pack("<BBBBI", len(some), 488 // size, size, level, 0)
        bid, self.next_page = self.next_page, self.next_page + 1
        at = self._take(512, 512)
        self._page(at, kind, body, bid, signature(at, bid))
        return some[0][0], bid, at

    def _page(self, at, kind, body, bid, sig):
        self.f.write(body + struct.pack("<BBHIQ", kind, kind, sig, crc(body), bid))

    def checkpoint(self):
        """Writes leaves as they are now, which others replace later (Outlook does so all the time)."""
        for kind in BBT, NBT:
            some = sorted(self.entries[kind].items())
            full = 488 // len(some[0][1]) if some else 1
            for i in range(0, len(some), full):
                self._release(self._tree_page(kind, 0, some[i:i + full])[2], 512)

    def _root(self, kind):
        entries = sorted(self.entries[kind].items())
        full = 488 // len(entries[0][1]) if entries else 1
        # Keys of two leaves never overlap: what comes after the leaves that there are is apart.
        last = max((key for key, _, _ in self.leaves[kind]), default=0)
        for some in [e for e in entries if e[0] < last], [e for e in entries if e[0] >= last]:
            for i in range(0, len(some), full):
                self._leaf(kind, some[i:i + full])
        pages, level = sorted(self.leaves[kind]), 1
        while len(pages) > 1:
            pages = [self._tree_page(kind, level, [(k, struct.pack("<QQQ", k, b, a))
                                                   for k, b, a in pages[i:i + 20]])
                     for i in range(0, len(pages), 20)]
            level += 1
        return pages[0][1:]

    # The end: maps and header

    def close(self):
        # Pages of the trees aren't in the tree of blocks, so the order doesn't matter.
        nbt, bbt = self._root(NBT), self._root(BBT)
        end = FIRST_AMAP + len(self.free) * AMAP
        self.free[-1].append((self.at, end))
        self.f.truncate(end)
        free_bytes = 0
        for n, free in enumerate(self.free):
            start = FIRST_AMAP + n * AMAP
            bits = (1 << 496 * 8) - 1
            for a, b in free:
                slots = (b - a) // 64
                bits &= ~(((1 << slots) - 1) << 496 * 8 - (b - start) // 64)
                free_bytes += slots * 64
            self.f.seek(start)
            for i, kind in enumerate(map_pages(n)):
                body = bits.to_bytes(496, "big") if kind == AMAP_PAGE else b"\xff" * 496
                self._page(start + 512 * i, kind, body, start + 512 * i, 0)
        self.f.seek(0x4200)
        self._page(0x4200, DLIST, bytes(496), 0x4200, signature(0x4200, 0x4200))
        root = struct.pack("<IQQQQQQQQBBH", 0, end, end - AMAP, free_bytes, 0, *nbt, *bbt, 2, 0, 0)
        nids = [self.next_nid.get(k, {3: 0x4000, 4: 0x10000, 8: 0x8000}.get(k, 0x400)) for k in range(32)]
        head = struct.pack("<HHHBBIIQQI", 0x4D53, 23, 19, 1, 1, 0, 0, 0, self.next_page, 1)
        head += struct.pack("<32I", *nids) + bytes(8) + root + bytes(4) + b"\xff" * 256
        head += struct.pack("<BBHQ", 0x80, int(self.permute), 0, self.next_block)
        self.f.seek(0)
        self.f.write(b"!BDN" + struct.pack("<I", crc(head[:471])) + head + struct.pack("<I", crc(head)))
        self.f.close()


def map_pages(n):
    """The maps that the n-th section begins with (§2.2.2.7.2 to .6): kinds of page."""
    return ([AMAP_PAGE] + [PMAP] * (n % 8 == 0) + [FMAP] * (n >= 128 and (n - 128) % 496 == 0) +
            [FPMAP] * (n >= 8192 and (n - 8192) % (496 * 64) == 0))


class Heap:
    """A heap on a node (§2.3.1)."""

    def __init__(self, client):
        self.client = client
        self.blocks = [[]]
        self.used = 12

    def add(self, data):
        assert len(data) <= ALLOCATION
        n = len(self.blocks[-1])
        if self.used + len(data) + 2 * n + 10 > DATA or n == 0x7FF:
            self.blocks.append([])
            self.used = 66 if len(self.blocks) % 128 == 9 else 2
        self.blocks[-1].append(data)
        self.used += len(data)
        return len(self.blocks) - 1 << 16 | len(self.blocks[-1]) << 5

    def set(self, hid, data):
        assert len(self.blocks[hid >> 16][(hid >> 5 & 0x7FF) - 1]) == len(data)
        self.blocks[hid >> 16][(hid >> 5 & 0x7FF) - 1] = data

    def finish(self, root):
        """The blocks; root: hidUserRoot."""
        sizes, out = [], []
        for n, some in enumerate(self.blocks):
            head = 12 if n == 0 else 66 if n % 128 == 8 else 2
            offsets, body = [head], b"".join(some)
            for s in some:
                offsets.append(offsets[-1] + len(s))
            pad = len(body) & 1
            pages = struct.pack("<HH%dH" % len(offsets), len(some), 0, *offsets)
            out.append((head + len(body) + pad, body + bytes(pad) + pages))
            sizes.append(DATA - head - len(body) - pad - len(pages))
        for n, (map_at, rest) in enumerate(out):
            head = struct.pack("<H", map_at)
            if n == 0:
                head += struct.pack("<BBI", 0xEC, self.client, root) + fill_levels(sizes[:8], 4)
            elif n % 128 == 8:
                head += fill_levels(sizes[n:n + 128], 64)
            out[n] = head + rest
        return out


def fill_levels(free, size):
    """rgbFillLevel (§2.3.1.2): four bits a block."""
    steps = (3584, 2560, 2048, 1792, 1536, 1280, 1024, 768, 512, 256, 128, 64, 32, 16, 8)
    levels = [next((i for i, s in enumerate(steps) if f >= s), 15) for f in free]
    levels += [0] * (2 * size - len(levels))
    return bytes(a | b << 4 for a, b in zip(levels[::2], levels[1::2]))


def bth(heap, key, entry, records):
    """A B-tree on a heap (§2.3.2); records sorted, each key and entry.  Its HID."""
    head = heap.add(bytes(8))
    level, hids = -1, []
    while len(records) > 1 or level < 0:
        size = len(records[0]) if records else 1
        step = ALLOCATION // size
        hids = [(records[i][:key], heap.add(b"".join(records[i:i + step])))
                for i in range(0, len(records), step)]
        records = [k + struct.pack("<I", h) for k, h in hids]
        level += 1
        if len(hids) <= 1:
            break
    heap.set(head, struct.pack("<BBBBI", 0xB5, key, entry, max(level, 0), hids[0][1] if hids else 0))
    return head


class Values:
    """Where values of any size go: the heap, or a subnode (HNID, §2.3.3.2)."""

    def __init__(self, file, heap, subs):
        self.file, self.heap, self.subs = file, heap, subs
        self.n = 0

    def put(self, data):
        if not data:
            return 0
        if len(data) <= ALLOCATION:
            return self.heap.add(data)
        return self.apart(self.file.data(data))

    def apart(self, bid):
        self.n += 1
        nid = 0x400 + self.n << 5 | LTP
        self.subs[nid] = (bid, 0)
        return nid


def encode(kind, value):
    if kind == UNICODE:
        return value.encode("utf-16-le", "surrogatepass")
    if kind in (TIME, INT64):
        return struct.pack("<Q", value)
    if kind == INT32:
        return struct.pack("<I", value & 0xFFFFFFFF)
    if kind == BOOL:
        return bytes([value])
    return value


def properties(file, props, subs=None):
    """A property context (§2.3.3): {tag: value}, tag = id << 16 | type.  OBJECT: (nid, size)."""
    subs = {} if subs is None else subs
    heap = Heap(0xBC)
    values = Values(file, heap, subs)
    records, head = [], heap.add(bytes(8))
    for tag, value in sorted(props.items()):
        kind = tag & 0xFFFF
        if kind in (INT32, BOOL):
            raw = encode(kind, value).ljust(4, b"\0")
        elif kind == OBJECT:
            raw = struct.pack("<I", heap.add(struct.pack("<II", *value)))
        else:
            raw = struct.pack("<I", values.put(encode(kind, value)))
        records.append(struct.pack("<HH", tag >> 16, kind) + raw)
    assert len(records) * 8 <= ALLOCATION
    leaf = heap.add(b"".join(records)) if records else 0
    heap.set(head, struct.pack("<BBBBI", 0xB5, 2, 6, 0, leaf))
    return heap.finish(head), subs


def table(file, columns, rows):
    """A table context (§2.3.4): columns are tags, rows (row id, {tag: value})."""
    subs, heap = {}, Heap(0x7C)
    values = Values(file, heap, subs)
    sizes = {INT32: 4, UNICODE: 4, BINARY: 4, TIME: 8, INT64: 8, BOOL: 1}
    layout = [0x67F20003, 0x67F30003] + [c for c in sorted(columns, key=lambda c: -sizes[c & 0xFFFF])]
    info, at = [], 0
    for bit, tag in enumerate(layout):
        size = sizes[tag & 0xFFFF]
        info.append((tag, at, size, bit))
        at += size
    four = sum(s for _, _, s, _ in info if s >= 4)
    width = at + (len(info) + 7) // 8
    matrix = []
    for number, (row_id, row) in enumerate(rows):
        cells, bits = bytearray(width), 0
        for tag, offset, size, bit in info:
            value = row_id if tag == 0x67F20003 else number + 1 if tag == 0x67F30003 else row.get(tag)
            if value is None:
                continue
            raw = encode(tag & 0xFFFF, value)
            if tag & 0xFFFF in (UNICODE, BINARY):
                raw = struct.pack("<I", values.put(raw))
            cells[offset:offset + size] = raw
            cells[at + bit // 8] |= 0x80 >> bit % 8
        matrix.append(bytes(cells))
    head = heap.add(bytes(22 + 8 * len(info)))
    index = bth(heap, 4, 4, [struct.pack("<II", r, n)
                             for r, n in sorted((r, n) for n, (r, _) in enumerate(rows))])
    hnid = 0
    if len(matrix) * width > ALLOCATION:
        per = DATA // width
        blocks = [b"".join(matrix[i:i + per]) for i in range(0, len(matrix), per)]
        hnid = values.apart(file.tree([b.ljust(DATA, b"\0") for b in blocks[:-1]] + blocks[-1:]))
    elif matrix:
        hnid = heap.add(b"".join(matrix))
    heap.set(head, struct.pack("<BBHHHHIII", 0x7C, len(info), four, four, at, width, index, hnid, 0) +
             b"".join(struct.pack("<IHBB", *i) for i in sorted(info)))
    return heap.finish(head), subs
