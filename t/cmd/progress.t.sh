#!/bin/sh
# Long work says on a terminal's stderr how far it is, and on nothing else; -q silences it.
. "$(dirname "$0")/lib.sh"
cat >"$scratch/terminal.py" <<'PY'
# terminal.py COMMAND…: runs it with a terminal as stderr, and prints what came there.
import os, pty, subprocess, sys
ours, theirs = pty.openpty()
p = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs)
os.close(theirs)
said = b""
while True:
    try:
        got = os.read(ours, 65536)
    except OSError:
        break
    if not got:
        break
    said += got
p.wait()
sys.stdout.write(repr(said)[2:-1] + "\n")
sys.exit(p.returncode)
PY
python3 -c 'import pty; pty.openpty()' 2>/dev/null || skip "there are no terminals here (/dev/pts)"
new_case progress
i=0
while [ $i -lt 50 ]; do
	i=$((i + 1))
	printf '{"CreationTime":"2022-03-01T00:00:00","Id":"00000000-0000-4000-8000-0000000000%02d","Operation":"UserLoggedIn","OrganizationId":"o","RecordType":15,"Version":1,"Workload":"w","UserId":"user%d@example.org"}\n' $i $i
done >"$scratch/log.json"
"$spoor" -C "$case" ingest "$scratch/log.json" >/dev/null || exit 2

shown() { # shown WORD COMMAND…: its progress has the word, and is wiped at the end
	word=$1
	shift
	python3 "$scratch/terminal.py" "$spoor" -C "$case" "$@" >"$scratch/said"
	ok "$1: done" $?
	grep -q "^\\\\r\\\\x1b\\[K.*[0-9] .*/s.*$word.*\\\\r\\\\x1b\\[K\$" "$scratch/said"
	ok "$1: shown" $?
	sed 's/^/# /' "$scratch/said"
	python3 "$scratch/terminal.py" "$spoor" -q -C "$case" "$@" >"$scratch/said"
	eq "$1: silent with -q" "$? $(cat "$scratch/said")" "0 "
	"$spoor" -C "$case" "$@" >/dev/null 2>"$scratch/said"
	eq "$1: silent where stderr is no terminal" "$? $(cat "$scratch/said")" "0 "
}
shown searching erase --dry-run user7@example.org
shown searching erase --yes user8@example.org
shown batches fsck
shown 'reading batches anew' reindex
done_testing
