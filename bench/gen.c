/*
 * gen KIND [--seed S] [--bytes N] [--records N] [--postings FILE]
 *	writes about N bytes (default 16 MiB) of a log of that kind: ual (Microsoft 365 audit,
 *	JSON lines), cloudtrail (JSON lines), zeek-conn, zeek-dns, zeek-http (TSV)
 * gen indicators [--seed S] [--records N] [--one-in N]
 *	writes N indicators, of which one in N (default 100) occurs in the logs of that seed
 *
 * All names are invented and end in .example (RFC 2606).  Addresses are of the ranges for
 * documentation, benchmarking, sharing and none (RFC 5737, 2544, 6598, 1112, 3849), since
 * there have to be many.
 */
#include "bench/gen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The finaliser of splitmix64: Steele, Lea, Flood, "Fast splittable pseudorandom number
 * generators", OOPSLA 2014. */
uint64_t mix(uint64_t z)
{
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

uint64_t draw(struct gen *g, uint64_t n)
{
	g->state += 0x9e3779b97f4a7c15u;
	return (uint64_t)(((unsigned __int128)mix(g->state) * n) >> 64);
}

/* A power of two by chance, then a place below it: the density falls as 1/k. */
uint64_t draw_zipf(struct gen *g, uint64_t n)
{
	uint64_t octaves = 64 - (uint64_t)__builtin_clzll(n);
	for (;;) {
		uint64_t low = 1ull << draw(g, octaves);
		uint64_t k = low - 1 + draw(g, low);
		if (k < n)
			return k;
	}
}

static void flush(struct gen *g)
{
	for (size_t at = 0; at < g->n;) {
		ssize_t wrote = write(STDOUT_FILENO, g->buf + at, g->n - at);
		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote <= 0)
			exit(errno == EPIPE ? 0 : 1);
		at += (size_t)wrote;
	}
	g->written += g->n;
	g->n = 0;
}

static void put_char(struct gen *g, char c)
{
	g->buf[g->n++] = c;
	if (g->n == sizeof(g->buf))
		flush(g);
}

void put(struct gen *g, const char *s)
{
	while (*s)
		put_char(g, *s++);
}

void put_padded(struct gen *g, uint64_t v, int width)
{
	char digits[24];
	int n = 0;
	do {
		digits[n++] = (char)('0' + v % 10);
		v /= 10;
	} while (v > 0 || n < width);
	while (n > 0)
		put_char(g, digits[--n]);
}

void put_u64(struct gen *g, uint64_t v)
{
	put_padded(g, v, 1);
}

void put_hex(struct gen *g, uint64_t v, int digits)
{
	while (digits-- > 0)
		put_char(g, "0123456789abcdef"[v >> (4 * digits) & 15]);
}

static void put_record(struct gen *g, const struct shape *shape)
{
	for (const char *p = shape->body; *p; p++) {
		if (*p == '%')
			put_value(g, shape, *++p);
		else
			put_char(g, *p);
	}
	put_char(g, '\n');
}

static void generate(struct gen *g, const struct log_kind *kind, uint64_t bytes, uint64_t records)
{
	uint64_t total = 0;
	for (size_t i = 0; i < kind->n_shapes; i++)
		total += kind->shapes[i].weight;
	put(g, kind->head);
	while (g->written + g->n < bytes && g->record < records) {
		/* A record is far shorter than this, and a value that was just put is still there
		 * for the postings. */
		if (g->n > sizeof(g->buf) - 65536)
			flush(g);
		g->now += draw(g, 2 * kind->ms_per_record + 1);
		g->user = (uint32_t)draw_zipf(g, 5000);
		g->place = draw(g, 1ull << 32);
		uint64_t at = draw(g, total);
		const struct shape *s = kind->shapes;
		while (at >= s->weight)
			at -= s++->weight;
		put_record(g, s);
		g->record++;
	}
	put(g, kind->foot);
	flush(g);
}

static void generate_indicators(struct gen *g, uint64_t n, uint64_t one_in)
{
	for (uint64_t i = 0; i < n; i++) {
		put_indicator(g, one_in);
		put_char(g, '\n');
		g->record++;
	}
	flush(g);
}

static uint64_t number(const char *s)
{
	char *end;
	errno = 0;
	uint64_t v = strtoull(s, &end, 10);
	if (errno || end == s || *end) {
		fprintf(stderr, "gen: '%s' is not a number\n", s);
		exit(2);
	}
	return v;
}

int main(int argc, char **argv)
{
	static struct gen g;
	uint64_t seed = 1, bytes = 16 << 20, records = UINT64_MAX, one_in = 100;
	for (int i = 2; i + 1 < argc; i += 2) {
		if (!strcmp(argv[i], "--seed"))
			seed = number(argv[i + 1]);
		else if (!strcmp(argv[i], "--bytes"))
			bytes = number(argv[i + 1]);
		else if (!strcmp(argv[i], "--records"))
			records = number(argv[i + 1]);
		else if (!strcmp(argv[i], "--one-in"))
			one_in = number(argv[i + 1]);
		else if (!strcmp(argv[i], "--postings"))
			g.postings = fopen(argv[i + 1], "w");
		else
			argc = 0;
	}
	g.seed = mix(seed + 0x9e3779b97f4a7c15u);
	g.state = g.seed;
	g.now = 1704067200000u; /* 2024-01-01T00:00:00Z */
	if (argc >= 2 && argc % 2 == 0 && !strcmp(argv[1], "indicators")) {
		generate_indicators(&g, records == UINT64_MAX ? 1000 : records, one_in);
		return 0;
	}
	for (size_t i = 0; argc >= 2 && argc % 2 == 0 && i < n_log_kinds; i++) {
		if (strcmp(argv[1], log_kinds[i].name))
			continue;
		generate(&g, &log_kinds[i], bytes, records);
		return g.postings && fclose(g.postings) ? 1 : 0;
	}
	fprintf(stderr, "usage: gen ual|cloudtrail|zeek-conn|zeek-dns|zeek-http|indicators "
			"[--seed S] [--bytes N] [--records N] [--postings FILE] [--one-in N]\n");
	return 2;
}
