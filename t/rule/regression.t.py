#!/usr/bin/env python3
"""SigmaHQ's rules and their regression events: each event matches its own rule, and of all the other
rules exactly those that the oracle says."""
import glob, json, os, subprocess, sys

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, ".."))
sys.path.insert(0, here)
import tap

root = os.path.join(here, "..", "..")
data = os.path.join(os.environ.get("SPOOR_DATA", "/nonexistent"), "sigma")
printer = os.path.join(root, os.environ.get("OUT", "build/debug"), "t/rule/sigma.t")
if not os.path.isdir(data):
    print("1..0 # SKIP no rules of SigmaHQ in $SPOOR_DATA")
    sys.exit(0)
if not os.path.exists(printer):
    print("1..0 # SKIP the printer isn't built")
    sys.exit(0)
try:
    import oracle
except ImportError:
    print("1..0 # SKIP the oracle wants python3-yaml")
    sys.exit(0)

logsources = os.path.join(root, "rules/logsources.yaml")
rules = sorted(glob.glob(os.path.join(data, "rules*/**/*.yml"), recursive=True))
events = sorted(glob.glob(os.path.join(data, "regression_data/**/*.json"), recursive=True))


def ours():
    """What doesn't load, with why; and of each event which rules match it."""
    out = subprocess.run([printer, logsources] + rules + events, capture_output=True, check=True, text=True).stdout
    refused, matched = {}, {}
    for line in out.splitlines():
        what, path, rest = line.split("\t", 2)
        if what == "refused":
            refused[path] = rest
        else:
            matched.setdefault(path, []).append(set(rest.split("\t")) - {""})
    return refused, matched


def events_of(text, sources):
    at, decoder = 0, json.JSONDecoder()
    while text[at:].strip():
        at += len(text[at:]) - len(text[at:].lstrip())
        one, end = decoder.raw_decode(text, at)
        yield oracle.Event(text[at:end], one, sources)
        at = end


refused, matched = ours()
read = {p: oracle.documents(open(p).read())[0] for p in rules}
placeholders = {p for p in rules if "|expand" in open(p).read()}
tap.ok(set(refused) == placeholders, "all rules load but those that want placeholders",
       *["%s: %s" % r for r in refused.items()])
tap.ok(all("has no values" in why for why in refused.values()), "and that is why")

sources = oracle.Sources(oracle.documents(open(logsources).read())[0])
loaded = {p: r for p, r in read.items() if p not in refused}
by_id, by_file = {r["id"]: p for p, r in read.items()}, {os.path.basename(p)[:-4]: p for p in rules}
program = os.path.join(root, os.environ.get("OUT", "build/debug"), "spoor")
own = others = 0


def as_read(rule, path):
    """Does the whole program, which reads the events as logs, say so too, and that the rule is for them?"""
    out = subprocess.run([program, "rule", "test", "--json", rule, path], capture_output=True, text=True).stdout
    return any(one["match"] and one["routed"] for one in map(json.loads, out.splitlines()))


for path in events:
    folder = os.path.dirname(path)
    rule = by_id.get(os.path.basename(path)[:-5]) or by_file.get(os.path.basename(folder))
    theirs = [{p for p, r in loaded.items() if oracle.matches(r, e)}
              for e in events_of(open(path, encoding="utf-8-sig").read(), sources)]
    got = matched.get(path, [])
    name = os.path.basename(folder)
    if rule:
        tap.ok(any(rule in m for m in got), name + ": its rule matches", path)
        if os.path.exists(program):
            tap.ok(as_read(rule, path), name + ": and of what is read as a log, too", path)
    else:
        print("# the collection has no rule of " + name)
    tap.ok(got == theirs, name + ": the other rules as the oracle says",
           *["event %d: ours alone %s, the oracle's alone %s" % (i, sorted(a - b), sorted(b - a))
             for i, (a, b) in enumerate(zip(got, theirs)) if a != b])
    own += sum(rule in m for m in got)
    others += sum(len(m - {rule}) for m in got)
print("# %d rules, %d files, %d events that match their own rule, %d matches of others"
      % (len(rules), len(events), own, others))
tap.ok(own > 100 and others > 0, "there is something to compare")
tap.end()
