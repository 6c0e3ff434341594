"""A second, slow reading of Sigma: each rule is taken anew for each event, and nothing is compiled.
It shares no code with ours, and where it can no way of doing it: globs become Python's regular
expressions, networks are ipaddress's, what is stable in base64 is found by trying what may stand
around, and conditions are Python's own expressions."""
import base64, datetime, functools, ipaddress, itertools, json, re

import yaml


class Loader(yaml.SafeLoader):
    """Scalars as our rules take them: numbers, true, false, null, and texts; no dates, no yes."""


Loader.yaml_implicit_resolvers = {}
Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$", re.I), list("tTfF"))
Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"^(?:~|null|)$", re.I), list("~nN") + [""])
Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile(r"^[-+]?(?:0|[1-9][0-9]*)$"), list("-+0123456789"))
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^[-+]?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?$"), list("-+0123456789"))


def documents(text):
    return list(yaml.load_all(text, Loader))


def lower(text):
    return re.sub("[A-Z]+", lambda m: m.group(0).lower(), text)


class Refused(Exception):
    pass


# --- where fields stand -------------------------------------------------------------------------

NAMES = ("name", "@name", "key", "displayname")
VALUES = ("value", "#text", "newvalue", "multivalue", "boolvalue", "intvalue", "multiintvalue",
          "messagevalue", "multimessagevalue")


def member(obj, names):
    for k, v in obj.items():
        if k.lower() in names:
            return k, v
    return None, None


def find(at, path):
    """Each value that a path (a list of parts) leads to."""
    if isinstance(at, list):
        if not path:
            yield at
        for element in at:
            yield from find(element, path)
            if not isinstance(element, dict):
                continue
            key, name = member(element, NAMES)
            if isinstance(name, str):
                n = len(name.split("."))
                if path[:n] == name.split("."):
                    key, value = member(element, VALUES)
                    if key is not None:
                        yield from find(value, path[n:])
                    if path[n:]:
                        yield from find(element, path[n:])
        return
    if not path:
        yield at
        return
    if isinstance(at, dict):
        for n in range(1, len(path) + 1):
            if ".".join(path[:n]) in at:
                yield from find(at[".".join(path[:n])], path[n:])
    elif isinstance(at, str):
        inner = inside(at)
        if inner is not None:
            yield from find(inner, path)


def inside(text):
    text = text.strip()
    if text.startswith("{") and text.endswith("}"):
        try:
            return json.loads(text)
        except ValueError:
            return None
    return None


def roots(event):
    """The event, and JSON in the texts of its own members."""
    yield event
    for v in event.values():
        inner = inside(v) if isinstance(v, str) else None
        if inner is not None:
            yield from roots(inner)


class Sources:
    def __init__(self, entries):
        self.entries = entries

    def of(self, source):
        return [e for e in self.entries
                if all(k not in e or e[k] == source.get(k) for k in ("product", "category", "service"))]

    def said(self, source, field):
        return [e["says"][field] for e in self.of(source) if field in (e.get("says") or {})]

    def paths(self, source, field):
        yield field
        for e in self.of(source):
            for root in e.get("roots") or []:
                yield root + "." + field
            for name, also in (e.get("names") or {}).items():
                if field == name or field.startswith(name + "."):
                    for other in [also] if isinstance(also, str) else also:
                        yield other + field[len(name):]


def text_of(v):
    if isinstance(v, bool):
        return "true" if v else "false"
    return v if isinstance(v, str) else json.dumps(v)


class Event:
    def __init__(self, raw, parsed, sources):
        self.raw, self.parsed, self.sources, self.found = raw, parsed, sources, {}

    def values(self, source, field):
        key = (field, source.get("product"), source.get("category"), source.get("service"))
        if key not in self.found:
            self.found[key] = list(self.look(source, field))
        return self.found[key]

    def look(self, source, field):
        yield from self.sources.said(source, field)
        for path in self.sources.paths(source, field):
            for root in roots(self.parsed):
                yield from find(root, path.split("."))

    def scalars(self, source, field):
        return [v for v in self.values(source, field) if not isinstance(v, (dict, list)) and v is not None]

    def all_texts(self):
        if None not in self.found:
            self.found[None] = list(self.texts())
        return self.found[None]

    def texts(self):
        def walk(v):
            if isinstance(v, dict):
                for k, x in v.items():
                    yield k
                    yield from walk(x)
            elif isinstance(v, list):
                for x in v:
                    yield from walk(x)
            elif isinstance(v, str):
                yield v
        yield self.raw
        yield from walk(self.parsed)


# --- values -------------------------------------------------------------------------------------

ANY, ONE = object(), object()


def pieces(text):
    """A value of a rule as a list of characters, ANY and ONE."""
    out = []
    for escaped, plain in re.findall(r"\\([*?\\])|(.)", text, re.S):
        out.append(escaped or {"*": ANY, "?": ONE}.get(plain, plain))
    return out


def literal(p, what):
    if not p or any(x in (ANY, ONE) for x in p):
        raise Refused(what + " wants a text without wildcards")
    return "".join(p)


def pattern(p, cased):
    body = "".join(".*" if x is ANY else "." if x is ONE else re.escape(x) for x in p)
    return re.compile(body, re.S | (0 if cased else re.I | re.A))


DASHES = "-/\u2013\u2014\u2015"


def dashed(p):
    def word(i):
        return 0 <= i < len(p) and isinstance(p[i], str) and (p[i].isalnum() or p[i] == "_")
    places = [i for i, x in enumerate(p) if isinstance(x, str) and x in DASHES and word(i + 1) and not word(i - 1)]
    if len(places) > 4:
        raise NotImplementedError("too many dashes to try")
    for these in itertools.product(DASHES, repeat=len(places)):
        q = list(p)
        for i, d in zip(places, these):
            q[i] = d
        yield q


def stable(data, shift):
    """The digits that are the same whatever stands before and behind."""
    coded = [base64.b64encode(bytes([x]) * shift + data + bytes([y]) * 3).decode()
             for x in (0, 0x55, 0xaa, 0xff) for y in (0, 0x55, 0xaa, 0xff)]
    first = shift * 8 // 6
    last = (shift + len(data)) * 8 // 6 + 1
    same = "".join(c if all(o[i] == c for o in coded) else " " for i, c in enumerate(coded[0][:last]))
    return same[first:].strip()


def octets(p, what):
    return literal(p, what).encode("latin-1" if getattr(p, "wide", False) else "utf-8")


class Wide(list):
    wide = True


def widened(p, codec):
    out = Wide()
    for x in p:
        out.extend([x] if x in (ANY, ONE) else x.encode(codec).decode("latin-1"))
    return out


def opened(p, start, end):
    q = type(p)(p)
    if start and not (q and q[0] is ANY):
        q.insert(0, ANY)
    if end and not (q and q[-1] is ANY):
        q.append(ANY)
    return q


def number(v):
    if isinstance(v, bool) or v is None:
        return None
    try:
        return float(v)
    except ValueError:
        return None


COMPARE = {"lt": lambda a, b: a < b, "lte": lambda a, b: a <= b, "gt": lambda a, b: a > b, "gte": lambda a, b: a >= b}
ENDS = {"contains": (True, True), "startswith": (False, True), "endswith": (True, False)}
PARTS = {"minute": lambda d: d.minute, "hour": lambda d: d.hour, "day": lambda d: d.day,
         "week": lambda d: d.isocalendar()[1], "month": lambda d: d.month, "year": lambda d: d.year}


def date_part(part, text):
    m = re.match(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d))?", text)
    if not m or (part in ("minute", "hour") and not m.group(2)):
        return None
    try:
        return PARTS[part](datetime.datetime.strptime(m.group(1) + " " + (m.group(2) or "00:00"), "%Y-%m-%d %H:%M"))
    except ValueError:
        return None


def value_test(value, modifiers, event, source, field):
    """Does one value of a rule hold of the field (None: of the whole event)?"""
    where = event.all_texts() if field is None else None
    if "exists" in modifiers:
        return bool(event.values(source, field)) == (str(value).lower() == "true")
    if value is None:
        return all(v is None for v in event.values(source, field))
    found = event.scalars(source, field) if field is not None else where
    if "re" in modifiers:
        flags = (re.I if "i" in modifiers else 0) | (re.M if "m" in modifiers else 0) | (re.S if "s" in modifiers else 0)
        rx = re.compile(text_of(value), flags)
        return any(rx.search(text_of(v)) for v in found)
    if "cidr" in modifiers:
        net = ipaddress.ip_network(value, strict=False)

        def in_net(t):
            try:
                return ipaddress.ip_address(t) in net
            except ValueError:
                return False
        return any(in_net(text_of(v)) for v in found)
    part = next((m for m in modifiers if m in PARTS), None)
    op = next((m for m in modifiers if m in COMPARE), None)
    if part or op:
        want = float(value)
        numbers = [date_part(part, text_of(v)) if part else number(v) for v in found]
        fits = COMPARE.get(op, lambda a, b: a == b)
        return any(n is not None and fits(n, want) for n in numbers)
    if "fieldref" in modifiers:
        others = [text_of(v) for v in event.scalars(source, value)]
        if "cased" not in modifiers:
            # Letters beyond ASCII match in their own case only (spoor-rules(7)).
            others, found = [lower(o) for o in others], [lower(text_of(v)) for v in found]
        how = {"contains": lambda a, b: b in a, "startswith": str.startswith, "endswith": str.endswith}
        fits = how[next((m for m in modifiers if m in how), None)] if set(modifiers) & set(how) else str.__eq__
        return any(fits(text_of(f), o) for f in found for o in others)
    if isinstance(value, bool) and not modifiers and field is not None:
        return any(text_of(v).lower() == text_of(value) for v in found)
    if isinstance(value, (int, float)) and not isinstance(value, bool) and not modifiers and field is not None:
        return any(text_of(v) == text_of(value) or number(v) == value for v in found)
    return text_test(value, modifiers, found, field)


@functools.lru_cache(None, typed=True)
def patterns(value, modifiers, whole):
    forms = [pieces(value) if isinstance(value, str) else list(text_of(value))]
    for m in modifiers:
        if m in ENDS:
            forms = [opened(p, *ENDS[m]) for p in forms]
        elif m == "windash":
            forms = [q for p in forms for q in dashed(p)]
        elif m == "base64":
            forms = [list(base64.b64encode(octets(p, m)).decode()) for p in forms]
        elif m == "base64offset":
            forms = [list(stable(octets(p, m), shift)) for p in forms for shift in range(3)]
        elif m in ("wide", "utf16le"):
            forms = [widened(p, "utf-16-le") for p in forms]
        elif m == "utf16be":
            forms = [widened(p, "utf-16-be") for p in forms]
        elif m not in ("cased", "all", "neq"):
            raise Refused("no modifier " + m)
    if whole:
        forms = [opened(p, True, True) for p in forms]
    return [pattern(p, "cased" in modifiers) for p in forms]


def text_test(value, modifiers, found, field):
    tests = patterns(value, tuple(modifiers), field is None)
    return any(t.fullmatch(text_of(v)) for t in tests for v in found)


# --- detections ---------------------------------------------------------------------------------

def item(key, values, event, source):
    name, *modifiers = key.split("|")
    several = values if isinstance(values, list) else [values]
    held = [value_test(v, modifiers, event, source, name or None) for v in several]
    held = all(held) if "all" in modifiers else any(held)
    return held != ("neq" in modifiers)


def selection(what, event, source):
    if isinstance(what, dict):
        return all([item(k, v, event, source) for k, v in what.items()])
    if isinstance(what, list):
        return any([selection(w, event, source) for w in what])
    return item("", what, event, source)


def condition(text, names):
    """In Python's words: x of y becomes a sum."""
    def of(m):
        count, pat = m.group(1).lower(), m.group(2)
        chosen = [n for n in names
                  if pat.lower() == "them" and not n.startswith("_") or
                  re.fullmatch(pat.replace("*", ".*"), n) and n.startswith("_") == pat.startswith("_")]
        want = len(chosen) if count == "all" else 1 if count == "any" else int(count)
        if not chosen or not 0 < want <= len(chosen):
            raise Refused("no such selections")
        return " (sum([%s])>=%d) " % (",".join("_s[%r]" % n for n in chosen), want)

    out = []
    for word in re.findall(r"(?:all|any|\d+)\s+of\s+[^\s()]+|[()]|[^\s()]+", text, re.I):
        m = re.fullmatch(r"(all|any|\d+)\s+of\s+(\S+)", word, re.I)
        if m:
            out.append(of(m))
        elif word.lower() in ("and", "or", "not", "(", ")"):
            out.append(word.lower())
        elif word in names:
            out.append("_s[%r]" % word)
        else:
            raise Refused("no selection " + word)
    return " ".join(out)


def matches(rule, event):
    source = rule.get("logsource") or {}
    detection = rule["detection"]
    names = {k: v for k, v in detection.items() if k not in ("condition", "timeframe")}
    wanted = detection["condition"]
    held = {k: selection(v, event, source) for k, v in names.items()}
    for c in wanted if isinstance(wanted, list) else [wanted]:
        if eval(condition(c, names), {"_s": held, "sum": sum}):
            return True
    return False
