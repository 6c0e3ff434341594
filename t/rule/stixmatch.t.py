#!/usr/bin/env python3
"""STIX patterns against a slow oracle: it tries every observation for every part, and asks of each
choice whether moments exist (Bellman and Ford).  Random small patterns and observations; SEED and N
in the environment, the seed is printed."""
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import tap

OUT = os.environ.get("OUT", "build/debug")
SEED = int(os.environ.get("SEED", random.randrange(10**6)))
N = int(os.environ.get("N", 1500))
rnd = random.Random(SEED)
STAMP = "t'2020-01-01T00:00:%02dZ'"


def pattern(depth):
    """A tree: ("leaf", letters), ("and"|"or"|"then", [trees]), ("within"|"repeats"|"between", tree, …)"""
    if depth == 0 or rnd.random() < 0.25:
        return ("leaf", "".join(sorted(rnd.sample("abc", rnd.choice([1, 1, 2])))))
    kind = rnd.choice(["and", "and", "or", "then", "then", "within", "within", "repeats", "between"])
    if kind in ("and", "or", "then"):
        return (kind, [pattern(depth - 1) for _ in range(rnd.choice([2, 2, 3]))])
    of = pattern(depth - 1)
    if kind == "within":
        return (kind, of, rnd.randint(1, 5))
    if kind == "repeats":
        return (kind, of, rnd.choice([1, 2, 2, 3]))
    start = rnd.randint(0, 8)
    return (kind, of, start, start + rnd.randint(0, 6))


def text(p):
    if p[0] == "leaf":
        return "[%s]" % p[1]
    if p[0] in ("and", "or", "then"):
        word = {"and": " AND ", "or": " OR ", "then": " FOLLOWEDBY "}[p[0]]
        return "(" + word.join(text(c) for c in p[1]) + ")"
    of = "(%s)" % text(p[1])
    if p[0] == "within":
        return "%s WITHIN %d SECONDS" % (of, p[2])
    if p[0] == "repeats":
        return "%s REPEATS %d TIMES" % (of, p[2])
    return "%s START %s STOP %s" % (of, STAMP % p[2], STAMP % p[3])


def ways(p):
    """Without OR and REPEATS: each way is ([letters of a part], [constraints]); a constraint is
    (i, j, d): moment i - moment j <= d, None being the zero of time."""
    kind = p[0]
    if kind == "leaf":
        yield [p[1]], []
    elif kind == "or":
        for c in p[1]:
            yield from ways(c)
    elif kind in ("and", "then"):
        yield from joined(p[1], kind == "then")
    elif kind == "repeats":
        yield from joined([p[1]] * p[2], False)
    else:
        for parts, limits in ways(p[1]):
            more = list(limits)
            for i in range(len(parts)):
                if kind == "within":
                    more += [(i, j, p[2] * 10**6 - 1) for j in range(len(parts)) if j != i]
                else:
                    more += [(i, None, p[3] * 10**6 - 1), (None, i, -p[2] * 10**6)]
            yield parts, more


def joined(trees, ordered):
    if not trees:
        yield [], []
        return
    for parts, limits in joined(trees[:-1], ordered):
        for more, limits2 in ways(trees[-1]):
            n = len(parts)
            move = lambda x: None if x is None else x + n
            new = limits + [(move(i), move(j), d) for i, j, d in limits2]
            if ordered:
                new += [(i, n + j, 0) for i in range(n) for j in range(len(more))]
            yield parts + more, new


def moments_exist(n, limits):
    at = {i: 0 for i in range(n)}
    at[None] = 0
    for _ in range(n + 2):
        changed = False
        for i, j, d in limits:
            if at[j] + d < at[i]:
                at[i] = at[j] + d
                changed = True
        if not changed:
            return True
    return False


def fits(parts, limits, seen, chosen, tried):
    k = len(chosen)
    if k == len(parts):
        bounds = []
        for i, o in enumerate(chosen):
            bounds += [(i, None, seen[o][2] * 10**6), (None, i, -seen[o][1] * 10**6)]
        return moments_exist(k, limits + bounds)
    for o in range(len(seen)):
        if tried[0] > 20000:
            return None
        if o in chosen or not set(parts[k]) & set(seen[o][0]):
            continue
        tried[0] += 1
        found = fits(parts, limits, seen, chosen + [o], tried)
        if found or found is None:
            return found
    return False


def matches(p, seen):
    """None if the oracle is too slow for it."""
    copies = [s for s in seen for _ in range(s[3])]
    tried = [0]
    for i, (parts, limits) in enumerate(ways(p)):
        if i > 300:
            return None
        if len(parts) > len(copies):
            continue
        found = fits(parts, limits, copies, [], tried)
        if found or found is None:
            return found
    return False


def observations():
    seen = []
    for _ in range(rnd.randint(1, 6)):
        first = rnd.randint(0, 12)
        last = first + rnd.choice([0, 0, 0, 1, 2, 5])
        letters = "".join(sorted(rnd.sample("abc", rnd.choice([1, 1, 1, 2]))))
        seen.append((letters, first, last, rnd.choice([1, 1, 1, 2])))
    return seen


cases, wants = [], []
while len(cases) < N:
    p, seen = pattern(rnd.choice([1, 2, 2, 3, 3])), observations()
    want = matches(p, seen)
    if want is None:
        continue
    cases.append("%s\t%s" % (text(p), " ".join("%s@%d-%d*%d" % s for s in seen)))
    wants.append("1" if want else "0")
got = subprocess.run([os.path.join(OUT, "t/rule/stixmatch.t"), "ask"], input="\n".join(cases) + "\n",
                     capture_output=True, text=True, timeout=300, check=True).stdout.split()
print("# seed %d: %d of %d match" % (SEED, wants.count("1"), N))
tap.ok(len(got) == N, "an answer for each pattern")
wrong = [(c, w, g) for c, w, g in zip(cases, wants, got) if w != g]
tap.ok(not wrong, "as the oracle says", *wrong[:5])
tap.ok(0.1 < wants.count("1") / N < 0.9, "both answers occur")
tap.end()
