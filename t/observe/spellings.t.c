#include <fcntl.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "observe/observe.h"
#include "t/tap.h"

/*
 * The client addresses of a public test file of audit-log spellings, in its order; the right
 * values were read off by eye and checked with Python's ipaddress.
 */
static const char *const want[] = {
	"ip 10.11.12.13",
	"ip 10.11.12.13",
	"ip 10.11.12.13",
	"ip 10.11.12.13",
	"ip 10.11.12.13",
	"ip 2001:db8::abcd",
	"ip 2001:db8::abcd",
	"ip 2001:db8::abcd",
	"ip 10.11.12.13",
	"host localhost",
	"host localhost",
	"host localhost",
	"domain cool.client.local",
	"domain cool.client.local",
	"domain cool.client.local",
};
enum { WANT = sizeof(want) / sizeof(want[0]) };

static void check(struct observer *ob, struct str spelling, size_t i)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct value v = {.field = FIELD_SOURCE_IP, .kind = KIND_IP, .text = spelling};
	struct event e = {.values = &v, .n_values = 1};
	struct buf out = {0};
	struct observed seen = observe_event(ob, &e, &flaws);

	for (uint32_t k = 0; k < seen.n; k++) {
		buf_addf(&out, "%s ", kind_name((enum kind)seen.at[k].o.kind));
		observable_text(seen.at[k].o, &out);
	}
	eq_str(buf_view(&out), str_of(want[i]));
	ok(flaws.n == 0 && seen.of_field[FIELD_SOURCE_IP] == 0);
	buf_release(&out);
}

int main(void)
{
	static const char name[] = "elastic-fixtures/o365/test-ip-formats-events.json";
	const char *data = getenv("SPOOR_DATA");
	struct str key = STR("\"ClientIP\": \"");
	struct buf path = {0}, bytes = {0};
	struct err err;
	size_t n = 0;

	buf_addf(&path, "%s/%s", data ? data : "/nonexistent", name);
	buf_putc(&path, '\0');
	if (!file_read(AT_FDCWD, path.p, 1 << 20, &bytes, &err)) {
		printf("1..0 # SKIP no %s\n", path.p);
		buf_release(&path);
		return 0;
	}
	struct observer *ob = observer_new();
	struct str rest = buf_view(&bytes);
	for (;;) {
		size_t at = str_find(rest, key);
		if (at == rest.n)
			break;
		rest = str_from(rest, at + key.n);
		struct str spelling = str_upto(rest, str_chr(rest, '"'));
		if (n < WANT)
			check(ob, spelling, n);
		n++;
	}
	ok(n == WANT);
	observer_free(ob);
	buf_release(&bytes);
	buf_release(&path);
	return tap_end();
}
