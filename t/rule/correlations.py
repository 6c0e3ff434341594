"""A slow reading of Sigma's correlations: every window of every group is looked at by itself, and every
condition is asked of it as it is written.  Nothing is carried from one window to the next."""
from fractions import Fraction
from itertools import combinations

UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "M": 2629746, "y": 31556952}
OPS = {"gt": lambda a, b: a > b, "gte": lambda a, b: a >= b, "lt": lambda a, b: a < b,
       "lte": lambda a, b: a <= b, "eq": lambda a, b: a == b, "neq": lambda a, b: a != b}
TEMPORAL = ("temporal", "temporal_ordered")


def listed(x):
    return [] if x is None else x if isinstance(x, list) else [x]


class Event:
    """One event, with the values of its fields."""

    def __init__(self, number, time, values):
        self.number, self.time, self.values = number, time, values

    def all_values(self, name):
        return {self.values.get(name, None)}

    def split(self, names):
        """The event once for each different combination of what it has of those."""
        return {tuple(fold(self.values.get(n)) for n in names): self}

    def events(self):
        return {self.number}


class Finding:
    """What a correlation found: parts (a hit and the rule that it is of), as one hit."""

    def __init__(self, correlation, time, group, parts):
        self.c, self.time, self.group, self.parts = correlation, time, group, parts

    def all_values(self, name):
        if name in self.c.group_by:
            return {self.group[self.c.group_by.index(name)]}
        return {v for rule, hit in self.parts for v in hit.all_values(self.c.name_in(rule, name))}

    def split(self, names):
        outer = [n for n in names if n not in self.c.group_by]
        pieces = {}
        for rule, hit in self.parts:
            for key, piece in hit.split([self.c.name_in(rule, n) for n in outer]).items():
                whole = tuple(self.group[self.c.group_by.index(n)] if n in self.c.group_by
                              else key[outer.index(n)] for n in names)
                pieces.setdefault(whole, []).append((rule, piece))
        return {k: Finding(self.c, self.time, self.group, parts) for k, parts in pieces.items()}

    def events(self):
        return set().union(*(hit.events() for _, hit in self.parts))


def fold(value):
    return None if value is None else "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in value)


def number(text):
    try:
        return Fraction(text)
    except (ValueError, TypeError, ZeroDivisionError):
        return None


def holds(node, present, near):
    """A condition: names that are wanted must be present, those that are denied not even near."""
    def ask(n, denied):
        if isinstance(n, str):
            return (n not in near) if denied else (n in present)
        if n[0] == "not":
            return ask(n[1], not denied)
        every = (n[0] == "and") != denied
        return (all if every else any)(ask(x, denied) for x in n[1:])
    return ask(node, False)


def names_of(node):
    return {node} if isinstance(node, str) else set().union(*(names_of(x) for x in node[1:]))


def wanted(node, denied=False):
    """Names that stand somewhere without being denied."""
    if isinstance(node, str):
        return set() if denied else {node}
    if node[0] == "not":
        return wanted(node[1], not denied)
    return set().union(*(wanted(x, denied) for x in node[1:]))


def subsets(names):
    names = sorted(names)
    for n in range(len(names) + 1):
        for some in combinations(names, n):
            yield set(some)


def in_order(rules, window):
    """Can each rule have a hit that is not before the one of the rule in front of it?"""
    time = None
    for rule in rules:
        later = [hit.time for r, hit in window if r == rule and (time is None or hit.time >= time)]
        if not later:
            return False
        time = min(later)
    return True


class Correlation:
    """tree: the condition of names, parsed: a name, or ["and"|"or"|"not", …]; None for a map."""

    def __init__(self, name, doc, tree=None):
        self.name, self.doc, self.tree = name, doc, tree
        self.type, self.rules = doc["type"], listed(doc["rules"])
        self.group_by = listed(doc.get("group-by"))
        self.aliases = doc.get("aliases", {})
        self.span = int(doc["timespan"][:-1]) * UNITS[doc["timespan"][-1]] * 1000000
        self.condition = doc.get("condition")
        if self.condition is None:
            self.tree = ["and"] + self.rules

    def makes_sense(self):
        if self.tree is None:
            return True
        return not holds(self.tree, set(), set()) and any(
            holds(self.tree, some, some) for some in subsets(self.rules))

    def name_in(self, rule, name):
        return self.aliases.get(name, {}).get(rule, name)

    def groups(self, hits):
        groups = {}
        for rule in self.rules:
            for hit in hits.get(rule, []):
                pieces = hit.split([self.name_in(rule, n) for n in self.group_by])
                for key, piece in pieces.items():
                    groups.setdefault(key, []).append((rule, piece))
        return groups

    def usable(self, part):
        """Whether a hit has what is counted."""
        rule, hit = part
        fields = [self.name_in(rule, f) for f in listed((self.doc.get("condition") or {}).get("field"))
                  ] if self.tree is None else []
        if not fields:
            return True
        if self.type == "value_count":
            return any(None not in key for key in hit.split(fields))
        return any(number(v) is not None for v in hit.all_values(fields[0]))

    def units(self, window):
        """The hits of a window, each event once."""
        seen = {}
        for rule, hit in window:
            seen.setdefault(hit.number if isinstance(hit, Event) else id(hit), (rule, hit))
        return list(seen.values())

    def values(self, window):
        field, all_of_them = self.condition["field"], []
        for rule, hit in self.units(window):
            some = {number(v) for v in hit.all_values(self.name_in(rule, listed(field)[0]))} - {None}
            all_of_them += sorted(some)
        return sorted(all_of_them)

    def measure(self, window):
        if self.type == "event_count":
            return len(self.units(window))
        if self.type == "value_count":
            fields = listed(self.condition["field"])
            return len({key for rule, hit in window
                        for key in hit.split([self.name_in(rule, f) for f in fields]) if None not in key})
        if self.type in TEMPORAL:
            rules = {r for r, _ in window}
            if self.type == "temporal":
                return len(rules)
            return max(len(s) for s in subsets(rules) if in_order([r for r in self.rules if r in s], window))
        values = self.values(window)
        if self.type == "value_sum":
            return sum(values)
        if self.type == "value_avg":
            return sum(values) / len(values)
        if self.type == "value_median":
            n = len(values)
            return values[n // 2] if n % 2 else (values[n // 2 - 1] + values[n // 2]) / 2
        share = self.condition["percentile"]
        return min(v for v in values if sum(x <= v for x in values) * 100 >= share * len(values))

    def meets(self, window, around):
        if self.tree is None:
            m = self.measure(window)
            return all(OPS[op](m, Fraction(str(n))) for op, n in self.condition.items() if op in OPS)
        near = {r for r, _ in around}
        if self.type == "temporal":
            return holds(self.tree, {r for r, _ in window}, near)
        return any(holds(self.tree, some, near) and in_order([r for r in self.rules if r in some], window)
                   for some in subsets({r for r, _ in window}))

    def find(self, hits):
        found = []
        for key, parts in self.groups(hits).items():
            parts = [p for p in parts if self.usable(p)]
            met = []
            for t in sorted({hit.time for _, hit in parts}):
                window = [p for p in parts if t - self.span <= p[1].time <= t]
                around = [p for p in parts if t - self.span <= p[1].time <= t + self.span]
                if self.meets(window, around):
                    met.append((t, window))
            runs = []
            for t, window in met:
                ids = {(r, id(h)) for r, h in window}
                if runs and ids & {(r, id(h)) for r, h in runs[-1][1]}:
                    runs[-1] = (t, window, runs[-1][2] + [p for p in window if not any(p is q for q in runs[-1][2])])
                else:
                    runs.append((t, window, list(window)))
            may = set(self.rules) if self.tree is None else wanted(self.tree)
            for t, _, parts_of_run in runs:
                found.append(Finding(self, t, key, [p for p in parts_of_run if p[0] in may]))
        return found


def find_all(correlations, base):
    """correlations: each behind those that it names.  base: events by rule.  Findings by name."""
    hits = dict(base)
    for c in correlations:
        hits[c.name] = c.find(hits)
    return {c.name: hits[c.name] for c in correlations}
