#!/usr/bin/env python3
"""What other people publish, all of it: our reading of each file held against a small one that
shares no code with it, shape by shape.  For each folder there is a table of what its files hold."""
import collections, csv, glob, io, ipaddress, json, os, re, subprocess, sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, ".."))
import tap

root = os.path.join(here, "..", "..")
data = os.environ.get("SPOOR_DATA", "/nonexistent")
printer = os.path.join(root, os.environ.get("OUT", "build/debug"), "t/intel/read.t")
if not os.path.isdir(os.path.join(data, "ioc-maltrail")):
    print("1..0 # SKIP no other people's lists in $SPOOR_DATA")
    sys.exit(0)
if not os.path.exists(printer):
    print("1..0 # SKIP the printer isn't built")
    sys.exit(0)

HEX = re.compile(r"^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$", re.I)
HOST = re.compile(r"^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)$", re.I)


def read_all(files):
    """Ours: path to what the printer says of it."""
    found = {}
    for i in range(0, len(files), 100):
        out = subprocess.run([printer] + files[i:i + 100], capture_output=True, check=True).stdout
        for line in out.splitlines():
            one = json.loads(line)
            found[one["path"]] = one
    return found


def text_of(path):
    raw = open(path, "rb").read()
    return raw.decode("utf-8-sig", "replace")


def refang(s):
    s = s.strip().strip("`'\"")
    s = re.sub(r"\[(\.|:|@|/)\]|\((\.)\)", lambda m: m.group(1) or m.group(2), s)
    s = re.sub(r"\[(?:dot)\]|\(dot\)", ".", s, flags=re.I).replace("[at]", "@")
    s = re.sub(r"^hxxp(s?)://", r"http\1://", s, flags=re.I)
    return s


def kind_of(s):
    """(kind, value) of one value as a list has it, or None.  URLs and paths are only counted."""
    s = refang(s)
    if HEX.match(s):
        return ("hash", s.lower())
    m = re.match(r"^(\d+\.\d+\.\d+\.\d+)(?::\d+)*$", s)
    if m:
        try:
            return ("ip", str(ipaddress.ip_address(m.group(1))))
        except ValueError:
            return None
    try:
        if "/" in s:
            net = ipaddress.ip_network(s, strict=False)
            return ("network", str(net)) if net.num_addresses > 1 else ("ip", str(net[0]))
        return ("ip", str(ipaddress.ip_address(s)))
    except ValueError:
        pass
    if s.startswith("/"):
        return ("path", s)
    m = re.match(r"^([a-z][a-z0-9+.-]*)://([^/?#]*)(.*)$", s, re.I)
    if m:
        rest = m.group(3)
        if rest in ("", "/") and "@" not in m.group(2):
            return kind_of(m.group(2))
        return ("url", s)
    m = re.match(r"^([^/?#\s]+)([/?].*)$", s)
    if m and kind_of(m.group(1)):
        return kind_of(m.group(1)) if m.group(2) == "/" else ("url", s)
    if re.match(r"^[^@\s]+@[^@\s]+\.[a-z]+$", s, re.I):
        return ("email", s.lower())
    host = re.sub(r":\d+$", "", s).rstrip(".").lower()
    host = re.sub(r"^\*?\.", "", host)
    if HOST.match(host):
        return ("domain", host)
    return None


def ours_of(one):
    """Ours in the same words."""
    found = collections.Counter()
    for i in one["indicators"]:
        kind, value = i["kind"], i.get("value", "")
        if kind in ("url", "url-path"):
            found[("url", "")] += 1
        elif kind == "pending":
            found[("pending", i["why"])] += 1
        else:
            found[(kind, value.lower())] += 1
    return found


def values_of(found):
    return {k for k in found if k[0] in ("hash", "ip", "domain", "email")}


def words_of(s):
    return [k for k in (kind_of(w) for w in re.split(r"[,;\s]+", s.strip())) if k]


def list_of(path):
    """Lines of one value, or of several, with remarks behind # and ;"""
    found = collections.Counter()
    for line in text_of(path).split("\n"):
        line = re.sub(r"\s+#.*$", "", line.strip())
        if not line or line[0] in "#;":
            continue
        one = kind_of(line)
        if not one and ";" in line and not all(map(kind_of, line.split(";"))):
            one = kind_of(line.split(";")[0])
        found.update([one] if one else words_of(line))
    return found


VALUES = ("ioc", "value", "indicator", "domain_name", "ip_address", "sha256")


def table_of(path):
    found = collections.Counter()
    rows = list(csv.reader(io.StringIO(text_of(path))))
    head = [h.strip().lower() for h in rows[0]]
    for i, name in enumerate(head):
        if name in VALUES or name.startswith("observable"):
            for row in rows[1:]:
                # A file's name with blanks is one; a pattern is no list.
                cell = row[i].strip() if i < len(row) else ""
                if not cell.startswith("[") and not re.search(r"\.(doc|zip|xls)\w?$", cell):
                    found.update(words_of(cell))
    return found


def report_of(path):
    """All hashes of a report, and all names and addresses that are written with [.]"""
    text = text_of(path)
    found = collections.Counter()
    edge = r"0-9A-Za-z/=_-"
    for m in re.findall(r"(?<![%s])(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{40}|[0-9a-fA-F]{32})(?![.%s])"
                        % (edge, edge), text):
        found[("hash", m.lower())] += 1
    for word in re.findall(r"[^\s`|,;<>\"()*]*\[\.\][^\s`|,;<>\"()*]*", text):
        one = kind_of(word.strip("+.:"))
        if one:
            found[one] += 1
    return found


def without_comments(text):
    """YARA's; what looks like one in a string is none."""
    def keep(m):
        return m.group(0) if m.group(0)[0] == '"' else "\n" * m.group(0).count("\n")
    return re.sub(r'"(?:\\.|[^"\\\n])*"|(?<!\S)/\*.*?\*/|^\s*//[^\n]*', keep, text, flags=re.S | re.M)


def yara_of(path):
    found = collections.Counter()
    text = without_comments(text_of(path))
    found["rules"] = len(re.findall(r"(?m)^\s*(?:(?:private|global)\s+)*rule\s+\w+", text))
    for meta in re.findall(r"(?ms)^\s*meta\s*:(.*?)(?:strings|condition)\s*:", text):
        for key, value in re.findall(r'(?m)^\s*(\w+)\s*=\s*"([^"]*)"', meta):
            if re.search("hash|md5|sha|sample", key, re.I) and "imphash" not in key.lower():
                found.update(w for w in words_of(value) if w[0] == "hash")
    return found


files = sorted(f for f in glob.glob(data + "/ioc-*/**/*", recursive=True)
               if os.path.isfile(f) and "LICENSE" not in f and not f.endswith(".json"))
got = read_all(files)


def compare(what, paths, theirs, known=()):
    """The same values in each file, but for those listed, each with its reason."""
    known, wrong, n = dict(known), [], 0
    for path in paths:
        expected, ours = theirs(path), ours_of(got[path])
        n += 1
        for one in sorted(values_of(expected) ^ values_of(ours)):
            if known.pop(one, None) is None:
                side = "we lack" if one in expected else "only we have"
                wrong.append("%s: %s %s" % (os.path.relpath(path, data), side, one))
    tap.ok(n and not wrong, "%s: %d files" % (what, n), *wrong[:20])
    tap.ok(not known, "%s: each listed difference is still there" % what, known)


def of(folder, *ends):
    return [f for f in files if f.startswith(os.path.join(data, folder)) and f.endswith(ends)]


compare("trails", of("ioc-maltrail", ".txt"), list_of, [
    (("domain", "xn--supportforum-tqa.org"), "the other reading knows no IDNA")])
compare("lists of hashes", of("ioc-eset", ".md5", ".sha1", ".sha256"), list_of)
compare("lists with remarks",
        of("ioc-signature-base", "c2-iocs.txt", "hash-iocs.txt"), list_of)
compare("tables", [f for f in of("ioc-volexity", ".csv") + of("ioc-sekoia", ".csv") +
                   of("ioc-amnesty", "indicators.csv", "sha256.csv")
                   if "APT31" not in f and "SSL" not in f], table_of)
compare("plain lists", [f for f in of("ioc-amnesty", ".txt") + of("ioc-sekoia", ".txt") +
                        of("ioc-sekoia/calisto", "SHA1, emails and IPs.csv", "22", "05")
                        if "scripts" not in f], list_of, [
    (("domain", "roleaccountd.plist"), "a file"),
    (("domain", "sys.brand.doc"), "a file by its ending"),
    (("domain", "com.apple.mappit.snapshotservice"), "the name of a process"),
    (("domain", "com.accesibilityservice"), "a package: no top-level domain"),
    (("domain", "com.li.activity"), "a package"),
    (("domain", "com.gu.activity"), "a package"),
    (("email", "google.com@localhost"), "the other reading wants a dot"),
    (("email", "google@script"), "the other reading wants a dot")])

# Reports have more than the other reading sees: names without [.], hashes in other brackets.
reports = of("ioc-eset", ".adoc") + of("ioc-amnesty", ".md") + of("ioc-sekoia", ".md")
lacking, seen = [], collections.Counter()
for path in reports:
    expected, ours = values_of(report_of(path)), values_of(ours_of(got[path]))
    raw = [i.get("original", "") for i in got[path]["indicators"]]
    seen.update(k[0] for k in expected)
    for one in expected - ours:
        text = text_of(path)
        # Where it stands below a heading of victims, or the pending text has it, it is said there.
        said = [i for i in got[path]["indicators"] if i["kind"] == "pending"] + got[path]["skipped"]
        if not any(one[1] in refang(s.get("original", s.get("what", ""))).lower().replace("[.]", ".")
                   for s in said):
            lacking.append("%s: %s" % (os.path.relpath(path, data), one))
tap.ok(len(reports) > 90 and sum(seen.values()) > 3500 and not lacking,
       "reports: all hashes and all that is defanged, %s" % dict(seen), *lacking)

rules = of("ioc-", ".yar", ".yara")
for path in rules:
    if got[path]["kind"] != "yara":  # all of it stands in a comment, and is read as text
        tap.ok(yara_of(path)["rules"] == 0, "no rules in " + os.path.relpath(path, data))
        continue
    expected, ours = yara_of(path), ours_of(got[path])
    n = expected.pop("rules")
    pending = sum(v for k, v in ours.items() if k[0] == "pending")
    hashes = {k for k in ours if k[0] == "hash"}
    if pending != n or hashes != set(expected):
        tap.ok(False, os.path.relpath(path, data), (n, pending), sorted(hashes ^ set(expected))[:5])
tap.ok(len(rules) > 250, "YARA: %d files, each rule pending, each sample taken" % len(rules))

for ends, pattern in ((".rules", r"(?m)^(?:alert|drop|reject|pass|log)\s"), (".yml", r"(?m)^title:")):
    bad = [f for f in of("ioc-", ends)
           if len(re.findall(pattern, text_of(f))) != len(got[f]["indicators"])]
    tap.ok(not bad and of("ioc-", ends), "%s: each rule pending" % ends, *bad)

# What each folder holds, as counted here after the comparisons above: kinds of files, of
# indicators, and why something is pending or skipped.
TABLE = json.load(open(os.path.join(here, "lists.table.json")))
table = {}
for path in files:
    one = got[path]
    t = table.setdefault(os.path.relpath(path, data).split("/")[0], {
        "files": collections.Counter(), "indicators": collections.Counter(),
        "pending": collections.Counter(), "skipped": collections.Counter()})
    t["files"][one["kind"]] += 1
    if one["kind"].startswith(("stix", "json")):
        continue  # t/intel/stix.t.c and data.t.c have those
    for i in one["indicators"]:
        t["pending" if i["kind"] == "pending" else "indicators"][
            re.sub("'[^']*'", "N", i["why"]) if i["kind"] == "pending" else i["kind"]] += 1
    for s in one["skipped"]:
        t["skipped"][re.sub(r"\d+|'[^']*'", "N", s["why"])] += 1
if os.environ.get("UPDATE"):
    with open(os.path.join(here, "lists.table.json"), "w") as f:
        json.dump(table, f, indent=1, sort_keys=True)
        f.write("\n")
for folder in sorted(table):
    wrong = ["%s %s: %s, want %s" % (part, k, table[folder][part].get(k), want.get(k))
             for part, want in TABLE.get(folder, {}).items()
             for k in set(want) | set(table[folder][part])
             if table[folder][part].get(k) != want.get(k)]
    tap.ok(folder in TABLE and not wrong, "the table of " + folder, *wrong)
tap.end()
