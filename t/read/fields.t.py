#!/usr/bin/env python3
"""The ECS fields that the parsers of Elastic and others document, on other people's records: user,
address, time, action, outcome, object.  A table of (records, field, where it stands in the record);
what stands there is what the field must have first, and a field must not come from nowhere."""
import glob, ipaddress, json, os, re, subprocess, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.dont_write_bytecode = True
from tap import end, ok

here = os.path.dirname(os.path.abspath(__file__))
root = os.path.join(here, "..", "..")
data = os.environ.get("SPOOR_DATA") or "/nonexistent"
printer = os.path.join(root, os.environ.get("OUT", "build/debug"), "t/read/samples.t")
need = ["elastic-fixtures", "panther-labelled-events", "suricata-eve", "sigma"]
if not all(os.path.isdir(os.path.join(data, d)) for d in need) or not os.path.exists(printer):
    print("1..0 # SKIP the real logs or the printer aren't here")
    sys.exit(0)


def lines(*path):
    return [json.loads(l) for l in open(os.path.join(data, *path), encoding="utf-8") if l.strip()]


def panther(name):
    return [r["log"] for r in lines("panther-labelled-events", name + ".jsonl")]


def arrays(*path):
    return [r for d in documents(*path) for r in d]


def documents(*path):
    """JSON values one after another, in each file."""
    for p in sorted(glob.glob(os.path.join(data, *path), recursive=True)):
        text, at = open(p, encoding="utf-8-sig").read().strip(), 0
        while at < len(text):
            value, at = json.JSONDecoder().raw_decode(text, at)
            yield value
            at += len(text[at:]) - len(text[at:].lstrip())


def get(record, paths):
    """The first value that isn't empty among paths such as "a.b|c[].d"; ' stands around dotted keys."""
    for path in paths.split("|"):
        at = [record]
        for key in re.findall(r"'[^']*'|[^.\[\]]+|\[\]", path):
            key = key.strip("'")
            if key == "[]":
                at = [x for v in at for x in (v if isinstance(v, list) else [v])]
            else:
                at = [v[k] for v in at if isinstance(v, dict) for k in v if k.lower() == key.lower()]
        for v in at:
            if isinstance(v, bool) or v in (None, "", "-", [], {}):
                continue
            if not isinstance(v, (dict, list)):
                return str(v)
    return None


def host(v):
    """An address without its port and brackets."""
    v = re.sub(r"^\[(.*)\](:\d+)?$", r"\1", v)
    return re.sub(r"^([^:]+):\d+$", r"\1", v)


def address(v):
    """None for a service's name, and for what only looks like an address."""
    try:
        return str(ipaddress.ip_address(v))
    except ValueError:
        return None


def mail(v):
    return v if "@" in v and " " not in v else None


# name, records, {field: path, or (path, what to make of it)}.
# Elastic: azure.signinlogs, azure.auditlogs, azure.activitylogs, google_workspace, aws.guardduty,
# proofpoint_tap.message_*, suricata.eve, windows; docs of their integrations, "Exported fields".
signin = [r for r in lines("elastic-fixtures", "azure", "test-signinlogs-raw.log") + panther("azure_signin")
          if "SignIn" in r.get("category", "")]
google = lines("elastic-fixtures", "google_workspace", "test-login.log") + \
    lines("elastic-fixtures", "google_workspace", "test-token.log") + panther("gsuite")
windows = [d.get("Event", d) for d in documents("sigma", "regression_data", "**", "*.json")]
windows = [d for d in windows if "System" in d]
table = [
    ("azure.signinlogs", signin, {
        "user.email": ("properties.userPrincipalName", mail),
        "user.id": "properties.userId",
        "source.ip": ("properties.ipAddress|callerIpAddress", host),
        "spoor.app_id": "properties.appId",
        "user_agent.original": "properties.userAgent",
    }),
    ("google_workspace", google, {
        "event.action": "events.name|name",
        "event.provider": "id.applicationName",
        "user.email": ("actor.email", mail),
        "user.id": "actor.profileId",
        "source.ip": ("ipAddress", host),
    }),
    ("azure.activitylogs", [r for r in panther("azure_activity") if not r.get("properties", {}).get("accountName")], {
        "event.action": "operationName",
        "event.code": "category",
        "source.ip": ("callerIpAddress", host),
        "spoor.resource": "resourceId",
        "user.email": ("identity.claims.'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn'|"
                       "identity.claims.'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name'", mail),
    }),
    ("azure storage", [r for r in panther("azure_activity") if r.get("properties", {}).get("accountName")], {
        "event.action": "operationName",
        "source.ip": ("callerIpAddress", host),
        "file.path": "properties.objectKey",
        "spoor.resource": "properties.accountName",
        "user_agent.original": "properties.userAgentHeader",
    }),
    ("o365.audit", [r for r in panther("m365") if "Operation" in r], {
        "event.action": "Operation",
        "event.provider": "Workload",
        "user.email": ("UserId", mail),
        "source.ip": ("ClientIP|ClientIPAddress|ActorIpAddress", host),
    }),
    ("security alerts", [r for r in panther("m365") if "title" in r], {
        "event.action": "title",
        "event.code": "severity",
        "event.provider": "serviceSource",
        "user.email": "evidence[].userAccount.userPrincipalName",
    }),
    ("aws.guardduty", panther("guardduty"), {
        "event.action": "type",
        "event.code": "severity",
        "cloud.account.id": "accountId",
        "cloud.region": "region",
    }),
    ("aws.cloudtrail", [r for r in panther("cloudtrail") if "eventID" in r and "eventSource" in r], {
        "event.action": "eventName",
        "event.provider": "eventSource",
        "source.ip": ("sourceIPAddress", address),
        "user_agent.original": "userAgent",
        "cloud.region": "awsRegion",
    }),
    ("proofpoint_tap.message", panther("proofpoint"), {
        "email.from.address": "fromAddress[]|sender",
        "email.to.address": "recipient[]",
        "email.subject": "subject",
        "email.message_id": "messageID",
        "source.ip": "senderIP",
    }),
    ("suricata.eve", arrays("suricata-eve", "samples", "**", "*.json"), {
        "source.ip": "src_ip",
        "destination.ip": "dest_ip",
        "source.port": "src_port",
        "destination.port": "dest_port",
        "network.transport": ("proto", str.lower),
    }),
    ("windows", windows, {
        "event.code": "System.EventID.#text|System.EventID",
        "host.name": "System.Computer",
    }),
]

def ours(records):
    path = os.path.join(root, os.environ.get("OUT", "build/debug"), "fields.%d.json" % os.getpid())
    with open(path, "w") as f:
        for r in records:
            f.write(json.dumps(r) + "\n")
    try:
        out = subprocess.run([printer, path], cwd=root, check=True, stdout=subprocess.PIPE).stdout
    finally:
        os.unlink(path)
    events = []
    for line in out.decode("utf-8", "surrogateescape").split("\n")[:-1]:
        fields = {}
        for name, text in re.findall(r' ([\w.-]+)=("(?:[^"\\]|\\.)*")', line):
            fields.setdefault(name, []).append(json.loads(text))
        fields["#time"] = line.split(" ")[1] if not line.startswith("-") else None
        events.append(fields)
    return events


for name, records, fields in table:
    events = ours(records)
    ok(records and len(events) == len(records), "%s: %d records" % (name, len(records)))
    for field, path in sorted(fields.items()):
        path, make = path if isinstance(path, tuple) else (path, str)
        wrong, told = [], 0
        for r, e in zip(records, events):
            want = get(r, path)
            want = make(want) if want is not None else None
            got = e.get(field, [])
            told += want is not None
            if want is not None and want.lower() not in [g.lower() for g in got]:
                wrong.append((want, got))
            elif want is None and got and make is str and not any(g in json.dumps(r, ensure_ascii=False) for g in got):
                wrong.append((None, got))
        ok(not wrong and told, "%s: %s, %d times" % (name, field, told), *wrong[:3])
    # Each with a time has one, in the years of these records.
    times = [e["#time"] for e in events if e["#time"] and e["#time"] != "-"]
    ok(all(re.match(r"20\d\d-", t) for t in times), "%s: times" % name)
end()
