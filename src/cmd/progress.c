#include "cmd/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/when.h"

struct progress progress_begin(bool quiet)
{
	return (struct progress){.on = !quiet && isatty(STDERR_FILENO), .began = when_elapsed()};
}

void bytes_print(struct buf *out, uint64_t bytes)
{
	static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB"};
	double v = (double)bytes;
	size_t u = 0;

	for (; v >= 1024 && u + 1 < sizeof(units) / sizeof(units[0]); u++)
		v /= 1024;
	buf_addf(out, u ? "%.1f %s" : "%.0f %s", v, units[u]);
}

void count_print(struct buf *out, uint64_t n)
{
	char digits[32];
	int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);

	for (int i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			buf_putc(out, ',');
		buf_putc(out, digits[i]);
	}
}

void progress_draw(struct progress *p, const char *what, uint64_t done, uint64_t total)
{
	double t = when_elapsed();
	struct buf line = {0};

	if (!p->on || t - p->drawn < 0.1)
		return;
	p->drawn = t;
	double spent = t - p->began, rate = spent > 0.05 ? (double)done / spent : 0;
	bytes_print(&line, done);
	if (total > done && rate > 0) {
		buf_str(&line, STR(" of "));
		bytes_print(&line, total);
		buf_addf(&line, " (%.0f%%)", 100.0 * (double)done / (double)total);
	}
	buf_str(&line, STR(", "));
	bytes_print(&line, (uint64_t)rate);
	buf_str(&line, STR("/s"));
	if (total > done && rate > 0)
		buf_addf(&line, ", %.0f s left", (double)(total - done) / rate);
	buf_str(&line, STR("  "));
	safe_print(&line, str_upto(str_of(what), 60));
	fprintf(stderr, "\r\033[K%.*s", (int)line.n, line.p);
	fflush(stderr);
	buf_release(&line);
}

void progress_watch(void *progress, const char *what, uint64_t done, uint64_t total)
{
	progress_draw(progress, what, done, total);
}

void progress_end(struct progress *p)
{
	if (p->on && p->drawn > 0)
		fprintf(stderr, "\r\033[K");
}

/* Length of a well-formed, printable UTF-8 character at s, or 0 (RFC 3629 §4). */
static size_t printable(struct str s)
{
	unsigned char c = (unsigned char)s.p[0], d = s.n > 1 ? (unsigned char)s.p[1] : 0;
	size_t n = c < 0x80                ? 1
		   : c >= 0xc2 && c < 0xe0 ? 2
		   : c >= 0xe0 && c < 0xf0 ? 3
		   : c >= 0xf0 && c < 0xf5 ? 4
					   : 0;

	if (n == 1)
		return c >= 0x20 && c != 0x7f;
	if (n == 0 || s.n < n)
		return 0;
	if ((c == 0xe0 && d < 0xa0) || (c == 0xed && d > 0x9f) || (c == 0xf0 && d < 0x90) ||
		(c == 0xf4 && d > 0x8f) || (c == 0xc2 && d < 0xa0))
		return 0;
	for (size_t i = 1; i < n; i++)
		if (((unsigned char)s.p[i] & 0xc0) != 0x80)
			return 0;
	/* Marks that turn the direction of text: U+200E-F, U+202A-E, U+2066-9. */
	if (n == 3 && c == 0xe2 && (d == 0x80 || d == 0x81)) {
		unsigned char e = (unsigned char)s.p[2];
		if (d == 0x80 ? (e == 0x8e || e == 0x8f || (e >= 0xaa && e <= 0xae))
			      : e >= 0xa6 && e <= 0xa9)
			return 0;
	}
	return n;
}

void safe_print(struct buf *out, struct str s)
{
	while (s.n) {
		size_t n = printable(s);
		if (n)
			buf_add(out, s.p, n);
		else
			buf_addf(out, "\\x%02x", (unsigned char)s.p[0]);
		s = str_from(s, n ? n : 1);
	}
}
