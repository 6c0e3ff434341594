#!/bin/sh
# The example of spoor-formats(5) works as it stands, and the page lists every field.
cd "$(dirname "$0")/../.." || exit 2
printer=${OUT:-build/debug}/t/read/samples.t
if [ ! -x "$printer" ]; then
	echo "1..0 # SKIP $printer is not built"
	exit 0
fi
dir=$(mktemp -d) || exit 2
trap 'rm -rf "$dir"' EXIT
part() { sed -n "/^\.\\\\\" $1\$/,/^\.fi/p" man/spoor-formats.5 | grep -v '^\.' | sed 's/\\-/-/g'; }
mkdir "$dir/formats" "$dir/map"
part format >"$dir/formats/doors.yaml"
part sample >"$dir/doors.json"
n=0 bad=0
eq() {
	n=$((n + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $n - $1"
	else
		bad=1
		printf 'not ok %d - %s\n# got  %s\n# want %s\n' $n "$1" "$2" "$3"
	fi
}
eq "the example's event" "$("$printer" -f "$dir/formats" "$dir/doors.json" 2>&1)" \
	'native 2024-05-01T00:00:00Z failure event.action="door" user.email="ada@parliament.example.org" device.id="0815" spoor.resource="D7" source.ip="192.0.2.7" source.port="4711"'
part lookup-format >"$dir/map/call-lookup.yaml"
part lookup-sample >"$dir/lookups.csv"
eq "the map of a table of look-ups" "$("$printer" -f "$dir/map" "$dir/lookups.csv" 2>&1)" \
	'native 2024-02-07T07:00:00Z unknown event.action="call-lookup" user.name="m.braun" spoor.call.subject="+447700900123" spoor.ticket="V-4711" host.name="AP17" spoor.operation_count="132"'
eq "all fields are listed" "$(part fields | tr -s ' ' '\n' | grep . | sort)" \
	"$(sed -n 's/^FIELD([A-Z0-9_]*, "\([^"]*\)".*/\1/p' src/model/fields.def | sort)"
echo "1..$n"
exit $bad
