#!/bin/sh
# Client addresses as Microsoft 365 writes them: the right source.ip, by Python's ipaddress.
. "$(dirname "$0")/lib.sh"
need_data elastic-fixtures/o365
log=$data/elastic-fixtures/o365/test-ip-formats-events.json
new_case ip
"$spoor" -C "$case" ingest --json "$log" >"$scratch/1.json"
ok "ingest" $?
python3 - "$log" >"$scratch/want" <<'PY'
import collections, ipaddress, json, re, sys
want = collections.Counter()
for e in json.load(open(sys.argv[1]))["events"]:
    d = json.loads(e["event"]["original"])
    v = d.get("ClientIP") or d.get("ClientIPAddress") or d.get("ActorIpAddress") or ""
    m = re.fullmatch(r"\[([^\]]*)\](?::\d+)?", v)
    v = m.group(1) if m else v
    if re.fullmatch(r"[0-9.]+:\d+", v):
        v = v.rsplit(":", 1)[0]
    v = v.split("%")[0]
    try:
        ip = ipaddress.ip_address(v)
    except ValueError:
        # "v6:port" without brackets: the last group is the port.
        try:
            ip = ipaddress.ip_address(v.rsplit(":", 1)[0])
        except ValueError:
            print("#", v, file=sys.stderr)
            continue
    if ip.version == 6 and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    want[str(ip)] += 1
for ip in sorted(want):
    print(ip)
PY
"$spoor" -C "$case" events >"$scratch/events"
json 'chr(10).join(sorted(set(e.get("source.ip", "") for e in (d if isinstance(d, list) else [d]))))' "$scratch/events" | grep . >"$scratch/got"
same "every spelling gives its address" "$scratch/got" "$scratch/want"
eq "records" "$(json 'd["records"]' "$scratch/1.json")" "$(python3 -c 'import json,sys; print(len(json.load(open(sys.argv[1]))["events"]))' "$log")"
done_testing
