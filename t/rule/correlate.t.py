#!/usr/bin/env python3
"""Random correlations over random hits: what is found, as the oracle says.  SEED=N repeats a run, N=…
says how many."""
import json, os, random, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, ".."))
sys.path.insert(0, here)
import correlations as oracle
import tap

root = os.path.join(here, "..", "..")
printer = os.path.join(root, os.environ.get("OUT", "build/debug"), "t/rule/correlate.t")
if not os.path.exists(printer):
    print("1..0 # SKIP the printer isn't built")
    sys.exit(0)

seed = int(os.environ.get("SEED", random.SystemRandom().randrange(1 << 30)))
worlds = int(os.environ.get("N", 150))
print("# SEED=%d" % seed)
rnd = random.Random(seed)
BASE, FIELDS = ["a", "b", "c", "d"], ["u", "h", "n"]
VALUES = {"u": ["x", "X", "y", "z", ""], "h": ["1", "2"],
          "n": ["0", "1", "2", "2.5", "-1", "0.25", "7", "many", "100", "1e2"]}


def bounds(most):
    ops = rnd.sample(["gt", "gte", "lt", "lte", "eq", "neq"], rnd.choice([1, 1, 1, 2]))
    return {op: rnd.randrange(1, most + 1) for op in ops}


def tree(names):
    """A condition with each of the names, and perhaps some of them again."""
    if rnd.random() < 0.2:
        names = names + [rnd.choice(names)]
    nodes = [["not", n] if rnd.random() < 0.3 else n for n in rnd.sample(names, len(names))]
    while len(nodes) > 1:
        some = [nodes.pop() for _ in range(min(len(nodes), rnd.choice([2, 2, 3])))]
        node = [rnd.choice(["and", "and", "or"])] + some
        nodes.insert(0, ["not", node] if rnd.random() < 0.15 else node)
    return nodes[0]


def written(node):
    if isinstance(node, str):
        return node
    if node[0] == "not":
        return "not (%s)" % written(node[1])
    return (" %s " % node[0]).join("(%s)" % written(x) if isinstance(x, list) else x for x in node[1:])


def correlation(name, names):
    kind = rnd.choice(["event_count", "event_count", "value_count", "temporal", "temporal", "temporal_ordered",
                       "temporal_ordered", "value_sum", "value_avg", "value_percentile", "value_median"])
    rules = rnd.sample(names, rnd.randrange(1, min(4, len(names)) + 1))
    doc = {"type": kind, "rules": rules, "timespan": rnd.choice(["1s", "3s", "7s", "10s", "30s", "1m"])}
    group = rnd.sample(["u", "h", "w"], rnd.choice([0, 0, 1, 1, 2]))
    if group:
        doc["group-by"] = group
    if rnd.random() < 0.4:
        doc["aliases"] = {"w": {r: rnd.choice(FIELDS) for r in rules if rnd.random() < 0.8}}
        if not doc["aliases"]["w"]:
            del doc["aliases"]
    parsed = None
    if kind in oracle.TEMPORAL:
        how = rnd.random()
        if how < 0.3:
            doc["condition"] = bounds(len(rules))
        elif how < 0.8:
            parsed = tree(rules)
            doc["condition"] = written(parsed)
    elif kind == "event_count":
        doc["condition"] = bounds(6)
    elif kind == "value_count":
        doc["condition"] = dict(bounds(4), field=rnd.choice(["u", "h", "w", ["u", "h"], ["n"]]))
    else:
        doc["condition"] = dict({op: rnd.choice([n, n + 0.5]) for op, n in bounds(9).items()},
                                field=rnd.choice(["n", "n", "n", "w", "h"]))
        if kind == "value_percentile":
            doc["condition"]["percentile"] = rnd.choice([0, 1, 10, 25, 33, 50, 75, 90, 99, 100])
    return oracle.Correlation(name, doc, parsed)


def hits(n):
    """Lines, and the events by rule."""
    lines, base, t = [], {r: [] for r in BASE}, 0
    for i in range(1, n + 1):
        t += rnd.choice([0, 0, 1, 500000, 999999, 1000000, 1000000, 2500000, 3000000, 7000000, 30000001])
        values = {f: rnd.choice(VALUES[f]) for f in FIELDS if rnd.random() < (0.9 if f == "n" else 0.7)}
        rules = sorted({rnd.choice(BASE) for _ in range(rnd.choice([1, 1, 1, 2]))})
        lines.append("%d.%06d %s %s" % (t // 1000000, t % 1000000, "+".join(rules),
                                        " ".join("%s=%s" % v for v in values.items())))
        event = oracle.Event(i, t, values)
        for r in rules:
            base[r].append(event)
    return lines, base


def world(tmp, number):
    rules = [{"title": r, "name": r, "detection": {"s": {"k": r}, "condition": "s"}} for r in BASE]
    names, all_of_them = list(BASE), []
    for i in range(rnd.randrange(1, 6)):
        c = correlation("x%d" % i, names)
        all_of_them.append(c)
        if c.makes_sense():
            names.append(c.name)
    docs = rules + [{"title": c.name, "name": c.name, "correlation": dict(c.doc, generate=True)} for c in all_of_them]
    rnd.shuffle(docs)
    lines, base = hits(rnd.randrange(1, 60))
    path, log = os.path.join(tmp, "r.yml"), os.path.join(tmp, "hits")
    open(path, "w").write("\n---\n".join(json.dumps(d) for d in docs))
    open(log, "w").write("\n".join(lines) + "\n")
    run = subprocess.run([printer, path, log], capture_output=True, text=True)
    got, refused = {c.name: [] for c in all_of_them}, set()
    for line in run.stdout.splitlines():
        words = line.split("\t")
        if words[0] == "refused":
            refused.add(words[1])
        else:
            got[words[1]].append((int(words[2]), tuple(int(x) for x in words[3].split())))
    return all_of_them, base, got, refused, docs, lines, run.returncode


def expect_refused(c):
    """Conditions that nothing meets, or nothing at all."""
    if not c.makes_sense():
        return True
    if c.tree is not None or c.type not in ("event_count", "value_count") + oracle.TEMPORAL:
        return False
    most = len(c.rules) if c.type in oracle.TEMPORAL else 100
    return not any(all(oracle.OPS[op](n, b) for op, b in c.condition.items() if op in oracle.OPS)
                   for n in range(1, most + 1))


with tempfile.TemporaryDirectory() as tmp:
    findings = 0
    for number in range(worlds):
        cs, base, got, refused, docs, lines, status = world(tmp, number)
        bad = {c.name for c in cs if expect_refused(c)}
        for c in cs:  # what names a refused one is refused, too
            if set(c.rules) & bad:
                bad.add(c.name)
        wrong = [] if bad == refused else ["refused %s, should be %s" % (sorted(refused), sorted(bad))]
        good = [c for c in cs if c.name not in bad]
        for name, found in oracle.find_all(good, base).items():
            want = sorted((len(f.events()), tuple(sorted(f.events())[:20])) for f in found)
            findings += len(want)
            if want != sorted(got[name]):
                wrong.append("%s: ours %s, the oracle's %s" % (name, sorted(got[name]), want))
        if wrong or status:
            wrong += [json.dumps(d) for d in docs if "correlation" in d] + lines
        tap.ok(not wrong and status == 0, "world %d" % number, *wrong)
print("# %d findings" % findings)
tap.ok(findings > worlds, "there are findings")
tap.end()
