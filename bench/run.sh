#!/bin/sh
# bench/run.sh [PART…]: rates, and ratios against other tools in the same run.  Parts: ingest size
# sqlite search match intel formats stages mail pst patterns rules (all of them by default; mail wants $SPOOR_DATA, rules profits).
#	MB=512      how much log is generated (streamed from a seed, kept in DIR)
#	BIG=100     millions of observables for search and match inside the program
#	DOMAINS=10  millions of domains in a list of intelligence
#	PST=200     megabytes of the mailbox that is made for pst
#	DIR=…       where; default build/bench-run, removed at the end unless KEEP=1
# Trust the ratios: the same machine's rates vary with what else runs on it.
set -eu
cd "$(dirname "$0")/.."
mb=${MB:-512}
dir=${DIR:-build/bench-run}
build=${BUILD:-build/release}
[ -n "${BUILD-}" ] || make -s -j "$(nproc)" MODE=release all $build/bench/gen \
	$(for f in store intel worker tokens read mail mailauth patterns rules; do [ ! -f bench/$f.c ] || echo $build/bench/$f; done)
spoor=$build/spoor
gen=$build/bench/gen
export SPOOR_WORKER="$PWD/$build/spoor-worker"
mkdir -p "$dir"
trap '[ -n "${KEEP-}" ] || rm -rf "$dir"' EXIT

now() { date +%s.%N; }
# seconds COMMAND…: how long it took, on stdout; what it prints goes to $dir/out
seconds() {
	began=$(now)
	"$@" >"$dir/out" 2>"$dir/err" || { cat "$dir/err" >&2; echo "failed: $*" >&2; exit 1; }
	echo "$(now) $began" | awk '{ printf "%.3f", $1 - $2 }'
}
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
# calc FORMAT EXPRESSION
calc() { awk "BEGIN { printf \"$1\", $2 }"; }
row() { printf '%-52s %s\n' "$1" "$2"; }
part() { case " $parts " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }
bytes_of() { du -sb "$@" | awk '{ n += $1 } END { print n }'; }

parts=${*:-ingest size sqlite search match intel formats stages mail pst patterns rules}
log=$dir/ual.jsonl
postings=$dir/postings.tsv

echo "# $(nproc) cores, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(date -u +%F)"
[ -s "$log" ] || $gen ual --seed 1 --bytes $((mb * 1000000)) >"$log"
cat "$log" >/dev/null # the page cache is warm for everybody
size=$(stat -c %s "$log")
records=$(wc -l <"$log")
row "log" "$(calc '%.0f MB, %d records, %d bytes each' "$size / 1e6, $records, $size / $records")"

# ingest JOBS CASE: seconds, and the largest memory of any process below it in MB
ingest() {
	rm -rf "$dir/$2"
	$spoor init "$dir/$2" >/dev/null
	sync
	seconds $spoor -C "$dir/$2" ingest -q --json -j "$1" "$log"
}

if part ingest; then
	one=$(ingest 1 one)
	row "ingest, 1 worker" "$(calc '%.0f MB/s (%.2f s)' "$size / 1e6 / $one, $one")"
	observables=$(sed -n 's/.*"observables":\([0-9]*\).*/\1/p' "$dir/out")
	two=$(ingest 2 two)
	row "ingest, 2 workers" "$(calc '%.0f MB/s, %.2f times one' "$size / 1e6 / $two, $one / $two")"
	if [ -x /usr/bin/time ]; then
		rm -rf "$dir/mem"
		$spoor init "$dir/mem" >/dev/null
		/usr/bin/time -f '%M' $spoor -C "$dir/mem" ingest -q -j 1 "$log" 2>"$dir/mem.kb" >/dev/null
		row "largest process of an ingest" "$(tail -n 1 "$dir/mem.kb" | awk '{ printf "%.0f MB", $1 / 1024 }')"
		rm -rf "$dir/mem"
	fi
	if command -v rg >/dev/null; then
		$gen indicators --seed 1 --records 1000 >"$dir/patterns"
		rg=$(for i in 1 2 3; do seconds rg -j 1 -c -F -f "$dir/patterns" "$log"; echo; done | median)
		row "rg -F -f, 1000 patterns, 1 thread" "$(calc '%.0f MB/s' "$size / 1e6 / $rg")"
		row "  ingest takes, in such scans" "$(calc '%.2f (1 worker), %.2f (2)' "$one / $rg, $two / $rg")"
	else
		row "rg -F -f" "skipped: no rg here"
	fi
	rm -rf "$dir/two"
fi

[ -d "$dir/one" ] || ingest 1 one >/dev/null
kept=$(bytes_of "$dir/one/batches" "$dir/one/segments")

if part size; then
	batches=$(bytes_of "$dir/one/batches")
	segments=$(bytes_of "$dir/one/segments")
	row "batches and segments, of the raw JSON" "$(calc '%.1f%% (batches %.1f%%, segments %.1f%%)' \
		"100 * $kept / $size, 100 * $batches / $size, 100 * $segments / $size")"
	postings_kept=$($spoor -C "$dir/one" status --json | sed -n 's/.*"observables":\([0-9]*\).*/\1/p')
	[ -z "$postings_kept" ] || row "segment bytes per observable, merged as ingest left it" \
		"$(calc '%.2f' "$segments / $postings_kept")"
fi

if part sqlite && command -v sqlite3 >/dev/null; then
	# The same observables, already extracted: only the loading is compared.  5 million postings.
	$gen ual --seed 1 --bytes "$size" --postings "$postings.all" >/dev/null
	head -n 5000000 "$postings.all" >"$postings"
	rm -f "$postings.all"
	n=$(wc -l <"$postings")
	part_size=$(tail -n 1 "$postings" | awk -v s="$size" -v r="$records" '{ printf "%.0f", s * ($3 + 1) / r }')
	rm -f "$dir/peer.db"
	cat >"$dir/load.sql" <<END
PRAGMA journal_mode=OFF;
PRAGMA synchronous=OFF;
CREATE TABLE value(id INTEGER PRIMARY KEY, kind TEXT, value TEXT, UNIQUE(kind, value));
CREATE TABLE posting(value INTEGER, record INTEGER);
CREATE TEMP TABLE raw(kind TEXT, value TEXT, record INTEGER);
.mode tabs
.import $postings raw
BEGIN;
INSERT OR IGNORE INTO value(kind, value) SELECT kind, value FROM raw;
INSERT INTO posting SELECT v.id, r.record FROM raw r JOIN value v USING (kind, value);
CREATE INDEX posting_value ON posting(value, record);
COMMIT;
END
	lite=$(seconds sh -c "sqlite3 '$dir/peer.db' <'$dir/load.sql'")
	rm -rf "$dir/part"
	$spoor init "$dir/part" >/dev/null
	head -c "$part_size" "$log" >"$dir/part.jsonl"
	ours=$(seconds $spoor -C "$dir/part" ingest -q -j 1 "$dir/part.jsonl")
	row "sqlite3, $n postings, strings and index" "$(calc '%.1f s, %.0f bytes each' "$lite, $(stat -c %s "$dir/peer.db") / $n")"
	row "  spoor, the same records whole, 1 worker" "$(calc '%.1f s: %.1f times as fast' "$ours, $lite / $ours")"
	rm -rf "$dir/part" "$dir/part.jsonl" "$dir/peer.db" "$postings"
fi

# each COMMAND…: median of five blocks of a hundred starts, in ms
each() {
	for block in 1 2 3 4 5; do
		seconds sh -c 'i=0; while [ $i -lt 100 ]; do "$@" >/dev/null; i=$((i + 1)); done' sh "$@"
		echo
	done | median | awk '{ printf "%.2f", $1 * 10 }'
}

if part search; then
	value=$(sed -n '1000s/.*"UserId":"\([^"]*\)".*/\1/p;1000q' "$log")
	true_ms=$(each /bin/true)
	search_ms=$(each $spoor -C "$dir/one" search "$value")
	row "/bin/true, whole process" "$true_ms ms"
	row "spoor search, whole process, warm" "$(calc '%.2f ms, %.1f times /bin/true' "$search_ms, $search_ms / $true_ms")"
	if [ "$(id -u)" = 0 ] && [ -w /proc/sys/vm/drop_caches ]; then
		cold=$(for i in 1 2 3; do
			sync
			echo 3 >/proc/sys/vm/drop_caches
			# The program itself stays warm: what is measured is the history.
			cat $spoor /bin/true >/dev/null
			seconds $spoor -C "$dir/one" search "$value"
			echo
		done | median)
		row "spoor search, whole process, cold files" "$(calc '%.0f ms' "$cold * 1000")"
	fi
	[ ! -x $build/bench/store ] || { echo "# inside the program, ${BIG:-100} million observables:"
		$build/bench/store --millions "${BIG:-100}"; }
fi

if part match; then
	$gen indicators --seed 1 --records 1000000 >"$dir/million.txt"
	add=$(seconds $spoor -C "$dir/one" intel add --name million "$dir/million.txt")
	row "intel add, 1,000,000 indicators" "$(calc '%.2f s' "$add")"
	match=$(for i in 1 2 3; do seconds $spoor -C "$dir/one" match --json; echo; done | median)
	row "match, whole process" "$(calc '%.3f s' "$match")"
	row "  hits" "$(wc -l <"$dir/out") lines"
fi

if part intel; then
	echo "# intelligence: a list of domains, its next version, and what is new against history"
	# domains MILLIONS FIRST: each as long as the names of such lists are
	domains() { awk -v n="$1" -v first="$2" 'BEGIN { for (i = 0; i < n * 1e6; i++)
		printf "%s%d.c%d.example\n", substr("wwwmailc2x", i % 7 + 1, 2), first + i, i * 7919 % 100003 }'; }
	domains "${DOMAINS:-10}" 0 >"$dir/domains.txt"
	bytes=$(stat -c %s "$dir/domains.txt")
	rm -rf "$dir/intel"
	$spoor init "$dir/intel" >/dev/null
	took=$(seconds $spoor -C "$dir/intel" intel add --name domains "$dir/domains.txt")
	row "intel add, ${DOMAINS:-10} million domains" "$(calc '%.1f s (%.0f MB of list)' "$took, $bytes / 1e6")"
	sed '1~100d' "$dir/domains.txt" >"$dir/newer.txt"
	domains 0.1 1000000000 >>"$dir/newer.txt"
	took=$(seconds $spoor -C "$dir/intel" intel add --name domains "$dir/newer.txt")
	row "  its next version, one of a hundred changed" "$(calc '%.1f s' "$took")"
	if [ -x /usr/bin/time ]; then
		rm -rf "$dir/intel"
		$spoor init "$dir/intel" >/dev/null
		/usr/bin/time -f %M $spoor -C "$dir/intel" intel add "$dir/domains.txt" 2>"$dir/mem.kb" >/dev/null
		row "  the largest process, and in lists" "$(tail -n 1 "$dir/mem.kb" |
			awk -v b="$bytes" '{ printf "%.0f MB, %.2f", $1 / 1024, $1 * 1024 / b }')"
	fi
	domains 0.1 2000000000 >"$dir/new.txt"
	case=$dir/one
	[ -d "$case" ] || { case=$dir/intel; $spoor -C "$case" ingest -q "$log" >/dev/null; }
	took=$(seconds $spoor -C "$case" intel add "$dir/new.txt")
	row "100,000 new, from file to sightings in the log" "$(calc '%.2f s' "$took")"
	[ ! -x $build/bench/store ] || { echo "# their join alone, with ${BIG:-100} million observables:"
		$build/bench/store --millions "${BIG:-100}" --probes 100000 | grep '^join'; }
	[ ! -x $build/bench/intel ] || $build/bench/intel
	attack=$(ls "${SPOOR_DATA:-/nowhere}"/attack/enterprise-attack*.jsonl 2>/dev/null | head -n 1)
	if [ -n "$attack" ]; then
		took=$(seconds $spoor -C "$dir/intel" intel add "$attack")
		row "ATT&CK, enterprise" "$(calc '%.2f s (%.1f MB)' "$took, $(stat -c %s "$attack") / 1e6")"
	else
		row "ATT&CK" "skipped: no attack in \$SPOOR_DATA"
	fi
	rm -rf "$dir/intel"
fi

if part formats; then
	echo "# records to events with one format, and with 50 that share keys with it"
	[ ! -x $build/bench/read ] || $build/bench/read "$log"
fi

if part stages; then
	echo "# stages of the parse job, each with those above it"
	[ ! -x $build/bench/worker ] || $build/bench/worker formats "$log" "$SPOOR_WORKER"
	[ ! -x $build/bench/tokens ] || $build/bench/tokens
fi

if part mail; then
	echo "# real mail, one process"
	if [ ! -d "${SPOOR_DATA-}/mail-spamassassin" ]; then
		row "mail" "skipped: no mail-spamassassin in \$SPOOR_DATA"
	else
		for a in mail-spamassassin/easy-ham mail-spamassassin/hard-ham mail-spamassassin/spam mail-phishing-pot/phish; do
			mkdir -p "$dir/mail/$a"
			tar -xzf "$SPOOR_DATA/$a.tar.gz" -C "$dir/mail/$a"
		done
		find "$dir/mail" -type f -print0 | xargs -0 $build/bench/mail
	fi
	[ ! -x $build/bench/mailauth ] || $build/bench/mailauth
fi

if part pst; then
	echo "# mailboxes of Outlook"
	pst() { # pst NAME MEGABYTES BYTES-PER-MAIL
		mails=$(python3 t/unpack/pstmake.py "$dir/$1.pst" "$2" "$3")
		rm -rf "$dir/pst"
		$spoor init "$dir/pst" >/dev/null
		took=$(seconds $spoor -C "$dir/pst" ingest -q -j 1 "$dir/$1.pst")
		row "$1, $2 MB, $mails mails" "$(calc '%.0f MB/s, %.0f mails/s' "$2 / $took, $mails / $took")"
		if [ -x /usr/bin/time ]; then
			rm -rf "$dir/pst"
			$spoor init "$dir/pst" >/dev/null
			/usr/bin/time -f %M $spoor -C "$dir/pst" ingest -q -j 1 "$dir/$1.pst" 2>"$dir/mem.kb" >/dev/null
			row "  its largest process" "$(tail -n 1 "$dir/mem.kb" | awk '{ printf "%.0f MB", $1 / 1024 }')"
		fi
		rm -rf "$dir/pst" "$dir/$1.pst"
	}
	pst small $((${PST:-200} / 4)) 1500
	pst "with attachments" "${PST:-200}" 100000
fi

if part patterns; then
	echo "# STIX patterns"
	$build/bench/patterns
fi

if part rules; then
	echo "# rules, from JSON to what matches, one core"
	head -n 20000 "$log" >"$dir/ual.json"
	$gen cloudtrail --seed 1 --records 20000 >"$dir/cloudtrail.json"
	sigma=${SPOOR_DATA:-/nowhere}/sigma
	if [ -d "$sigma" ]; then
		$build/bench/rules "$sigma/regression_data" "$dir/ual.json" "$dir/cloudtrail.json" -- "$sigma" rules
	else
		row "Windows events, all of Sigma" "skipped: no sigma in \$SPOOR_DATA"
		$build/bench/rules "$dir/ual.json" "$dir/cloudtrail.json" -- rules
	fi
fi
