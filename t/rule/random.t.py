#!/usr/bin/env python3
"""Random rules against random events: which match, as the oracle says.  SEED=N repeats a run."""
import json, os, random, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, ".."))
sys.path.insert(0, here)
import tap

root = os.path.join(here, "..", "..")
printer = os.path.join(root, os.environ.get("OUT", "build/debug"), "t/rule/sigma.t")
if not os.path.exists(printer):
    print("1..0 # SKIP the printer isn't built")
    sys.exit(0)
try:
    import oracle
except ImportError:
    print("1..0 # SKIP the oracle wants python3-yaml")
    sys.exit(0)

seed = int(os.environ.get("SEED", random.SystemRandom().randrange(1 << 30)))
print("# SEED=%d" % seed)
rnd = random.Random(seed)
RULES, EVENTS = 600, 80

WORDS = ["", "x", "X", "ab", "a*", "*b", "a?", "?", "*", r"a\*", r"a\\*", r"a\b", r"\\", "\\", "a b", " -a", " /b", "-a",
         "–b", "é", "cmd", "a.b", "5", "true", "null", "10.1.2.3", "2024-12-30T05:07:00Z", "foo", "foobar"]
TEXTS = ["", "x", "X", "ab", "aB", "a*", "abb", "a", "b", "a\\b", "\\", "a\\", "\\\\", "a b", "c -a", "c /a", "c —b", "c–b",
         "é", "É", "cmd", "c\0m\0d\0", "Y21k", "YwBtAGQA", "Zm9v", "xZm9vYmFyy", "eGZvb2Jhcg==", "5", "5.0", "True", "null",
         "10.1.2.3", "10.200.0.1", "::1", "2001:db8::5", "2024-12-30T05:07:00Z", "2020-01-01 23:59:59", "x\nx"]
FIELDS = ["f", "g", "h", "f.g", "a.b", "P.f", "h.g.f", "none"]


def scalar():
    return rnd.choice([rnd.choice(TEXTS)] * 6 + [None, True, False, 5, 6, -1, 5.5, 0])


def value(depth):
    kind = rnd.random()
    if depth == 0 or kind < 0.6:
        return scalar()
    if kind < 0.7:
        return [value(depth - 1) for _ in range(rnd.randrange(4))]
    if kind < 0.8:
        return [{"Name": rnd.choice("fgh"), "Value": value(depth - 1)} for _ in range(rnd.randrange(3))]
    if kind < 0.88:
        return json.dumps(members(depth - 1))
    return members(depth - 1)


def members(depth):
    return {rnd.choice(["f", "g", "h", "a", "b", "P", "a.b", "f.g"]): value(depth) for _ in range(rnd.randrange(5))}


def item():
    field = rnd.choice(FIELDS)
    how = rnd.randrange(16)
    if how < 3:
        return field, rnd.choice([rnd.choice(WORDS), 5, 5.5, -1, True, False, None, ""])
    if how < 5:
        return field, [rnd.choice([rnd.choice(WORDS), 5, None]) for _ in range(rnd.randrange(1, 4))]
    if how < 8:
        chain = rnd.choice(["contains", "startswith", "endswith", "cased", "contains|cased", "cased|endswith",
                            "windash", "contains|windash", "windash|contains", "neq", "contains|neq"])
        return field + "|" + chain, rnd.choice(WORDS)
    if how == 8:
        return field + "|contains|all", [rnd.choice(WORDS) for _ in range(rnd.randrange(1, 4))]
    if how == 9:
        chain = rnd.choice(["base64", "base64|contains", "base64offset|contains", "wide|base64offset|contains",
                            "utf16le", "utf16le|base64", "utf16be|base64", "wide|contains"])
        return field + "|" + chain, rnd.choice(["cmd", "foo", "foobar", "ab", "a b"])
    if how == 10:
        return field + "|" + rnd.choice(["lt", "lte", "gt", "gte"]), rnd.choice([5, 5.5, -1, 0])
    if how == 11:
        return field + "|re" + rnd.choice(["", "|i", "|m", "|s", "|i|m"]), rnd.choice(
            ["a.?b", "^x$", "x.x", "^(a|b)+$", "[^a]b", "c{1,2}m", "B"])
    if how == 12:
        return field + "|cidr", rnd.choice(["10.0.0.0/8", "10.1.0.0/16", "2001:db8::/32", "::1/128", "0.0.0.0/0"])
    if how == 13:
        return field + "|exists", rnd.choice([True, False])
    if how == 14:
        return (field + "|fieldref" + rnd.choice(["", "|startswith", "|endswith", "|contains", "|neq"]),
                rnd.choice(FIELDS))
    return (field + "|" + rnd.choice(["minute", "hour", "day", "week", "month", "year"]) +
            rnd.choice(["", "|lt", "|gte"]), rnd.choice([1, 5, 7, 12, 30, 2020, 2024, 59]))


def selection():
    kind = rnd.random()
    if kind < 0.15:
        return [rnd.choice([w for w in WORDS if w]) for _ in range(rnd.randrange(1, 3))]
    if kind < 0.2:
        return {"|all": [rnd.choice(["a", "x", "5", "*b"]) for _ in range(2)]}
    if kind < 0.35:
        return [dict([item()]) for _ in range(rnd.randrange(1, 3))]
    return dict(item() for _ in range(rnd.randrange(1, 3)))


def condition(names, depth):
    kind = rnd.random()
    if depth == 0 or kind < 0.4:
        return rnd.choice(list(names) + ["1 of them", "all of them", "1 of s*", "all of s*", "any of them", "1 of them"])
    if kind < 0.6:
        return "not " + condition(names, 0)
    if kind < 0.7:
        return "(" + condition(names, depth - 1) + ")"
    return condition(names, depth - 1) + rnd.choice([" and ", " or "]) + condition(names, depth - 1)


def rule():
    names = ["s1", "s2", "t", "_u"][:rnd.randrange(1, 5)]
    detection = {n: selection() for n in names}
    detection["condition"] = condition(names, 3) if rnd.random() < 0.9 else [condition(names, 1), condition(names, 1)]
    return {"title": "t", "detection": detection}


with tempfile.TemporaryDirectory() as tmp:
    paths, rules = [], {}
    for i in range(RULES):
        path = os.path.join(tmp, "%d.yml" % i)
        rules[path] = rule()
        # JSON is YAML, but for what it says of characters beyond the BMP: there are none here.
        open(path, "w").write(json.dumps(rules[path], ensure_ascii=False))
        paths.append(path)
    logsources, log = os.path.join(tmp, "logsources.yaml"), os.path.join(tmp, "events.json")
    open(logsources, "w").write("[]\n")
    events = [json.dumps(members(3), ensure_ascii=rnd.random() < 0.5) for _ in range(EVENTS)]
    open(log, "w").write("\n".join(events) + "\n")
    out = subprocess.run([printer, logsources] + paths + [log], capture_output=True, text=True, check=True).stdout
    lines = out.splitlines()
    tap.ok(not [x for x in lines if x.startswith("refused")], "all rules load", *[x for x in lines if x[0] == "r"][:5])
    matched = [set(x.split("\t")[2:]) - {""} for x in lines if x.startswith("event")]
    tap.ok(len(matched) == EVENTS, "all events are read")
    sources, pairs = oracle.Sources([]), 0
    for text, got in zip(events, matched):
        e = oracle.Event(text, json.loads(text), sources)
        want = {p for p, r in rules.items() if oracle.matches(r, e)}
        pairs += len(want)
        tap.ok(got == want, "%d rules" % len(want), text,
               *["%s: ours %s: %s" % (os.path.basename(p), p in got, json.dumps(rules[p], ensure_ascii=False))
                 for p in sorted(got ^ want)][:3])
print("# %d of %d pairs match" % (pairs, RULES * EVENTS))
tap.ok(RULES * EVENTS / 20 < pairs < RULES * EVENTS * 19 / 20, "some match and some don't")
tap.end()
