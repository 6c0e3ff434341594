#!/usr/bin/env python3
"""Events that others labelled for their own rules: how many of those that must alert give a finding,
and how many of those that must not.  Nothing here was written for these events but the table."""
import json, os, tempfile
import ruleset
import tap

ruleset.need("panther-labelled-events", "sigma")
rules = ruleset.Rules()

# A rule that matches more than a fifth of the events of a log that must not alert, and many, says
# nothing; a finding by such rules alone isn't counted.
NOISE, MANY = 0.2, 20

# Of each log: findings among the events that must alert (at least), and findings of the technique
# that the label names among those that must not (at most).
HELD = {
    "m365": (10, 7),
    "azure_signin": (13, 6),
    "gsuite": (39, 6),
    "azure_activity": (75, 7),
    "cloudtrail": (107, 33),
}


def techniques(event):
    return {t.split(":")[-1].split(".")[0] for t in event["mitre"] or []}


def run(name):
    path = os.path.join(ruleset.data, "panther-labelled-events", name + ".jsonl")
    events = [json.loads(l) for l in open(path, encoding="utf-8")]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as f:
        f.writelines(json.dumps(e["log"]) + "\n" for e in events)
        f.flush()
        found = rules.test(f.name)
    tap.ok(len(found) == len(events), "%s: an answer for each event" % name, len(found), len(events))
    quiet = [r for e, r in zip(events, found) if not e["expected"]]
    noisy = {x["name"] for r in quiet for x in r
             if sum(x in y for y in quiet) > max(MANY, NOISE * len(quiet))}
    return events, [[x for x in r if x["name"] not in noisy] for r in found], noisy


def report(name):
    events, found, noisy = run(name)
    must = [(e, r) for e, r in zip(events, found) if e["expected"]]
    not_ = [(e, r) for e, r in zip(events, found) if not e["expected"]]
    same = lambda e, r: any(techniques(e) & x["techniques"] for x in r)
    hits, same_hits = sum(bool(r) for e, r in must), sum(same(e, r) for e, r in must)
    own = sum(any(x["own"] for x in r) for e, r in must)
    false_any, false = sum(bool(r) for e, r in not_), sum(same(e, r) for e, r in not_)
    print("# %-14s must alert %3d: found %3d (%3d%%), by our own rules %3d, of its technique %3d" %
          (name, len(must), hits, round(100 * hits / len(must)), own, same_hits))
    print("# %-14s must not   %3d: found %3d, of its technique %3d" % ("", len(not_), false_any, false))
    if noisy:
        print("# not counted, since they match more than a fifth of what must not alert: %s" %
              ", ".join(sorted(noisy)))
    missed = [e["rule_id"] for e, r in must if not r]
    for m in sorted(set(missed)):
        print("#   missed %d of %s" % (missed.count(m), m))
    least, most = HELD[name]
    tap.ok(hits >= least, "%s: at least %d of %d found" % (name, least, len(must)), hits)
    tap.ok(false <= most, "%s: at most %d of %d found that must not" % (name, most, len(not_)), false)
    return len(must), hits


sums = [report(name) for name in HELD]
must, hits = sum(s[0] for s in sums), sum(s[1] for s in sums)
tap.ok(hits >= 0.7 * must, "of all: %d of %d (%d%%), at least 70%%" % (hits, must, 100 * hits / must))
tap.end()
