#!/usr/bin/env python3
"""What the rules find in the audit log of a tenant under attack, on the two days of the attack: a
table of time, event and rule, and what must be in it."""
import csv, json, os, tempfile
import ruleset
import tap

ruleset.need("o365-ual", "sigma")
rules = ruleset.Rules()
path = os.path.join(ruleset.data, "o365-ual/ual-2021-03_to_06.csv")

# Each record once: the export has many twice.
records = {}
for row in csv.DictReader(open(path, encoding="utf-8", newline="")):
    if row["AuditData"]:
        r = json.loads(row["AuditData"])
        if r["CreationTime"][:10] in ("2021-04-16", "2021-06-15"):
            records[r["Id"]] = r
records = sorted(records.values(), key=lambda r: (r["CreationTime"], r["Id"]))
with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as f:
    f.writelines(json.dumps(r) + "\n" for r in records)
    f.flush()
    found = rules.test(f.name)
tap.ok(len(found) == len(records) == 699, "each of the two days' records is read",
       len(records), len(found))

table = []
for r, hit in zip(records, found):
    for x in sorted(hit, key=lambda x: x["name"]):
        table.append((r["CreationTime"], r["Operation"].strip(), x["name"], r["Id"]))
last, times = None, 0
for t, op, rule, _ in table + [("", "", "", "")]:
    if last and last[1:] != (op, rule):
        print("# %s  %-50s %s%s" % (*last, " (%d times)" % times if times > 1 else ""))
        last, times = None, 0
    last = last or (t, op, rule)
    times += 1


def must(what, since, until, operation, rule, n=None):
    """All records of the operation in the time are found by the rule; there are n of them."""
    want = {r["Id"] for r in records
            if since <= r["CreationTime"] <= until and r["Operation"].strip().startswith(operation)}
    got = {i for t, op, name, i in table if i in want and name == rule}
    tap.ok(want and want == got and (n is None or n == len(want)),
           "%s: %s, %d found of %d by %s" % (since[:16], what, len(got), len(want), rule))


a, b = "2021-04-16T", "2021-06-15T"
must("consents", a + "07:21", a + "08:43", "Consent to application", "m365_consent")
must("key of the application", a + "07:29", a + "07:30", "Update application – Cert", "m365_app_credential", 1)
must("anonymous link", a + "08:25", a + "08:26", "AnonymousLinkCreated", "m365_anonymous_link", 1)
must("inbox rule named '.'", a + "12:07", a + "12:08", "New-InboxRule", "m365_inbox_rule_no_name", 1)
must("transport rule", a + "12:08", a + "12:09", "New-TransportRule", "m365_transport_rule_copy", 1)
must("rights on mailboxes", a + "12:09", a + "12:15", "Add-MailboxPermission", "m365_mailbox_permission", 4)
must("right to send as another", a + "12:15", a + "12:16", "Add-RecipientPermission", "m365_send_rights", 1)
must("right to send on behalf", a + "12:15", a + "12:16", "Set-Mailbox", "m365_send_rights", 1)
must("inbox rule that deletes", a + "12:33", a + "12:34", "New-InboxRule", "m365_inbox_rule_hide", 1)
must("forwarding of a mailbox", b + "09:59:26", b + "09:59:27", "Set-Mailbox", "m365_forwarding_address", 1)
must("inbox rule that forwards", b + "10:09", b + "10:10", "New-InboxRule", "m365_inbox_rule_forward", 1)
must("inbox rule without a name", b + "10:11", b + "10:12", "New-InboxRule", "m365_inbox_rule_no_name", 1)
must("keys of applications", b + "14:44", b + "15:00", "Update application – Cert", "m365_app_credential", 2)
must("consents", b + "14:51", b + "15:07", "Consent to application", "m365_consent", 2)
must("permissions of an application", b + "15:06", b + "15:07", "Add app role assignment to service",
     "m365_app_permission", 3)
grants = [r for r in records if r["Operation"].startswith("Add member to role")]


def roles_of(record):
    return [p["NewValue"] for p in record["ModifiedProperties"] if p["Name"] == "Role.DisplayName"]


for rule, of in (("m365_role_granted", True), ("m365_role_granted_other", False)):
    want = {r["Id"] for r in grants if any("Administrator" in x for x in roles_of(r)) == of}
    got = {i for t, op, name, i in table if name == rule}
    tap.ok(want and want == got, "roles given: %d found of %d by %s" % (len(got), len(want), rule))
tap.end()
