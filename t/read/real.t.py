#!/usr/bin/env python3
"""Other people's logs, read by us and by Python's csv and json: record for record the same ids,
times, addresses and outcomes, and each flaw explained by what Python sees."""
import collections, csv, datetime, gzip, json, os, re, subprocess, sys, tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.dont_write_bytecode = True
from tap import end, ok

csv.field_size_limit(1 << 30)
here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "..", "..")
data = os.environ.get("SPOOR_DATA") or os.path.join(root, "..", "shared", "data")
printer = os.path.join(root, os.environ.get("OUT", "build/debug"), "t/read/samples.t")
need = ["o365-ual", "aws-cloudtrail", "stratus-detonation", "otrf-mordor", "zeek-wrccdc",
        "zeek-baselines", "elastic-fixtures"]
if not all(os.path.isdir(os.path.join(data, d)) for d in need) or not os.path.exists(printer):
    print("1..0 # SKIP the real logs or the printer aren't here")
    sys.exit(0)

class Record:
    """A line of the printer."""

    def __init__(self, line):
        self.line = line
        self.values = collections.defaultdict(list)
        head = re.match(r'(\S+)(?: (\S+) (\w+)(?: id=(\S*))?(?: content=(\w+))?)?(?= |$)', line)
        self.shape, self.time, self.outcome, self.id, self.content = head.groups()
        if self.shape == "-":
            self.time = self.outcome = self.id = None
        rest = line[1 if self.shape == "-" else head.end():]
        for name, text in re.findall(r' ([~\w.-]+)=("(?:[^"\\]|\\.)*")', rest):
            self.values[name].append(json.loads(text))
        rest = re.sub(r' [~\w.-]+="(?:[^"\\]|\\.)*"', "", rest)
        self.flaws = re.findall(r"!([\w-]+)", rest)

    def one(self, name):
        return self.values[name][0] if self.values[name] else None


def ours(path):
    out = subprocess.run([printer, "-c", path], cwd=root, check=True, stdout=subprocess.PIPE).stdout
    return [Record(l) for l in out.decode("utf-8", "surrogateescape").split("\n")[:-1]]


def read(path):
    raw = open(path, "rb").read()
    return gzip.decompress(raw) if path.endswith(".gz") else raw


def files(*parts):
    for d, _, names in sorted(os.walk(os.path.join(data, *parts))):
        for name in sorted(names):
            if re.search(r"\.(json|log|csv)(\.gz)?$", name):
                yield os.path.join(d, name)


def utc(text):
    """RFC 3339 as the printer writes it, from ISO text or seconds."""
    if text is None:
        return "-"
    if isinstance(text, (int, float)) or re.fullmatch(r"-?\d+(\.\d+)?", text):
        whole, _, part = str(text).partition(".")
        us = int(whole) * 1000000 + int((part + "000000")[:6])
    else:
        text = text.rstrip("Z").split("+")[0]
        whole, _, part = text.partition(".")
        t = datetime.datetime.strptime(whole.replace(" ", "T"), "%Y-%m-%dT%H:%M:%S")
        us = int((t - datetime.datetime(1970, 1, 1)).total_seconds()) * 1000000
        us += int((part + "000000")[:6])
    t = datetime.datetime(1970, 1, 1) + datetime.timedelta(microseconds=us)
    part = "" if not t.microsecond else (".%06d" % t.microsecond)
    if part.endswith("000"):
        part = part[:-3]
    return t.strftime("%Y-%m-%dT%H:%M:%S") + part + "Z"


def same(what, got, want):
    wrong = [(i, g, w) for i, (g, w) in enumerate(zip(got, want)) if g != w]
    ok(len(got) == len(want) and not wrong, what, "%d got, %d wanted" % (len(got), len(want)),
       *wrong[:3])


def unified_audit_log():
    path = os.path.join(data, "o365-ual", "ual-2021-03_to_06.csv")
    rows = list(csv.DictReader(open(path, newline="", encoding="utf-8-sig")))
    got = ours(path)
    same("ual: ids", [r.id.split("/")[1] if r.id else None for r in got],
         [json.loads(r["AuditData"])["Id"] if r["AuditData"] else None for r in rows])
    same("ual: times", [r.time for r in got],
         [utc(json.loads(r["AuditData"])["CreationTime"]) if r["AuditData"] else
          utc(datetime.datetime.strptime(r["CreationDate"], "%m/%d/%Y %I:%M:%S %p").isoformat())
          for r in rows])
    same("ual: actions", [r.one("event.action") for r in got], [r["Operations"] for r in rows])
    ok(not any(r.flaws for r in got), "ual: no flaw")
    failed = [r for r in got if r.one("event.action") == "UserLoginFailed"]
    ok(failed and all(r.outcome == "failure" for r in failed), "ual: failed sign-ins are failures")
    first = {}
    for r in rows:
        d = json.loads(r["AuditData"]) if r["AuditData"] else None
        if d:
            first.setdefault(d["Id"], d)
    ids = {r.id for r in got if r.id}
    ok(len(ids) == len(first), "ual: distinct ids")
    ips = [re.sub(r"^\[?(.*?)\]?(:\d+)?$", r"\1", d["ClientIP"]) if "." in d.get("ClientIP", "") else None
           for d in (json.loads(r["AuditData"]) for r in rows if r["AuditData"])]
    same("ual: client addresses", [r.one("source.ip") for r, ip in
                                   zip((r for r in got if r.id), ips) if ip], [ip for ip in ips if ip])
    mails = [sorted(i["InternetMessageId"] for f in d.get("Folders", []) for i in f["FolderItems"])
             for d in first.values() if d["Operation"] == "MailItemsAccessed" and "Folders" in d]
    by_id = {r.id: r for r in got if r.id}
    ours_mails = [sorted(by_id["%s/%s" % (d["OrganizationId"], i)].values["email.message_id"])
                  for i, d in first.items() if d["Operation"] == "MailItemsAccessed" and "Folders" in d]
    same("ual: Message-IDs of read mail", ours_mails, mails)

    # The same records in another rendering: keys sorted, blanks, other escapes.
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as f:
        for r in rows:
            if r["AuditData"]:
                f.write(json.dumps(json.loads(r["AuditData"]), sort_keys=True) + "\n")
        f.flush()
        again = ours(f.name)
    same("ual: the same ids and content as JSON lines", [(r.id, r.content) for r in again],
         [(r.id, r.content) for r in got if r.id])
    ok(len({(r.id, r.content) for r in again}) == len(ids), "ual: one content an id")

    path = os.path.join(data, "o365-ual", "splunk-export-excerpt.csv")
    rows = list(csv.DictReader(open(path, newline="", encoding="utf-8-sig")))
    same("splunk: ids", [r.id.split("/")[1] if r.id else None for r in ours(path)],
         [json.loads(r["AuditData"])["Id"] if r["AuditData"] else None for r in rows])

    path = os.path.join(data, "elastic-fixtures", "o365", "test-ip-formats-events.json")
    got = ours(path)
    want = [json.loads(e["event"]["original"])["ClientIP"] for e in json.load(open(path))["events"]]
    bare = [re.sub(r":\d+$", "", w) if re.search(r"\]:\d+$|^[^:]*:\d+$", w) else w for w in want]
    same("elastic: addresses and names", [r.one("source.ip") or r.one("source.domain") for r in got],
         [b.strip("[]") for b in bare])


def cloudtrail():
    for path in list(files("aws-cloudtrail")) + list(files("stratus-detonation")) + \
            list(files("otrf-mordor", "datasets", "atomic", "aws")):
        text = read(path).decode("utf-8")
        name = os.path.basename(path)
        if path.endswith(".csv"):
            rows = list(csv.DictReader(text.splitlines(True)))
            want = [("/" + r["Event ID"], utc(r["Event DateTime"]), r["Event Name"]) for r in rows]
        else:
            try:
                rows = json.loads(text)
                rows = rows["Records"] if isinstance(rows, dict) else rows
            except ValueError:
                rows = [json.loads(l) for l in text.split("\n") if l.strip()]
            want = [("%s/%s" % (r["recipientAccountId"], r["eventID"]),
                     utc(r.get("eventTime") or r["@timestamp"]), r["eventName"]) for r in rows]
        got = ours(path)
        same("cloudtrail %s" % name, [(r.id, r.time, r.one("event.action")) for r in got], want)
        ok(not any(r.flaws for r in got), "cloudtrail %s: no flaw" % name)


def zeek_rows(text):
    """The records as dicts, by the '#' lines in effect; None for a line of no log."""
    sep, fields = "\t", None
    zeek = "#fields" in text
    for line in text.split("\n"):
        line = line.rstrip("\r")
        if zeek and line.startswith("#"):
            if line.startswith("#separator "):
                sep = line[11:].encode().decode("unicode_escape")
            elif line.startswith("#fields" + sep):
                fields = line.split(sep)[1:]
        elif line.strip():
            if line.startswith("{"):
                try:
                    yield json.loads(line, parse_float=str)
                except ValueError:
                    yield None
            elif fields:
                yield {k: v for k, v in zip(fields, line.split(sep)) if v not in ("-", "(empty)", "")}
            else:
                yield None


def get(row, *names):
    for name in names:
        if name in row:
            return str(row[name])
    return None


def zeek():
    kinds = collections.Counter()
    for path in list(files("zeek-wrccdc")) + list(files("otrf-mordor", "datasets", "compound")) + \
            list(files("zeek-baselines")):
        text = read(path).decode("utf-8")
        got, want = ours(path), list(zeek_rows(text))
        what = "zeek %s" % os.path.relpath(path, data)
        lines = text.split("\n")
        table = None
        if "#fields" not in text and not any(l.startswith("{") for l in lines):
            # zeek-cut's output: the first line that is no comment names the columns.
            rest = [l for l in lines if l.strip() and not l.startswith("#")]
            if len(rest) > 1 and "\t" in rest[0] and "ts" in rest[0].split("\t") + ["ts"]:
                table = rest[0].split("\t")
        wrong = []
        if table and got and len(got) == len([l for l in lines if l.strip() and l[0] != "#"]) - 1:
            want = [dict(zip(table, l.split("\t"))) for l in lines if l.strip() and l[0] != "#"][1:]
        elif "#fields" not in text:
            want = [None if l.startswith("#") else w for l, w in
                    zip([l for l in lines if l.strip()],
                        [None if l.startswith("#") else 0 for l in lines if l.strip()])]
            want = [None if w is None else "line" for w in want]
            rows = iter(zeek_rows(text))
            parsed = [next(rows) for _ in want] if len(list(zeek_rows(text))) == len(want) else want
            want = parsed
        if len(got) != len(want):
            ok(False, what, "%d records, Python has %d" % (len(got), len(want)))
            continue
        for g, w in zip(got, want):
            for flaw in g.flaws:
                kinds[flaw] += 1
            if g.shape == "-":
                if not (w is None or isinstance(w, str) or "unrecognised" in g.flaws and
                        not (w.get("id.orig_h") and w.get("uid") and w.get("id.resp_h"))):
                    wrong.append(g.line)
                continue
            if w is None or isinstance(w, str):
                continue
            ts = get(w, "ts")
            readable = ts is not None and re.fullmatch(r"-?\d+(\.\d+)?|\d{4}-\d\d-\d\dT[\d:.]+Z", ts)
            expect = [] if readable else ["no-time"] if ts is None else ["bad-time", "no-time"]
            pairs = [(g.time, utc(ts) if readable else "-"), (sorted(g.flaws), sorted(expect)),
                     (g.one("spoor.connection"), get(w, "uid") or g.one("spoor.connection"))]
            orig = get(w, "id.orig_h", "id_orig_h")
            resp = get(w, "id.resp_h", "id_resp_h")
            if orig:
                pairs.append((g.one("source.ip"), orig))
            if resp:
                pairs.append((g.one("destination.ip"), resp))
            wrong += [(p, g.line) for p in pairs if p[0] != p[1]]
        ok(not wrong, what, *wrong[:3])
    print("# flaws of all Zeek logs: %s" % dict(kinds))


unified_audit_log()
cloudtrail()
zeek()
end()
