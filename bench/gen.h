#ifndef BENCH_GEN_H
#define BENCH_GEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * A generator of logs: the same arguments give the same bytes on any machine.  The random numbers
 * are our own, and only integers are drawn.
 */
struct gen {
	uint64_t seed, state;
	uint64_t record; /* number of the record being written, from 0 */
	uint64_t now;    /* its time, ms since 1970 */
	uint32_t user;   /* whose it is */
	uint64_t place;  /* decides from where and with what: the same all over a record */
	uint64_t items;  /* mails in the list that was put last */
	size_t n;        /* bytes waiting in buf */
	uint64_t written;
	FILE *postings; /* where each observable goes as "kind<TAB>value<TAB>record", or NULL */
	char buf[1 << 20];
};

/* What a kind of log consists of: templates, each with how often it comes (per 10,000). */
struct shape {
	uint32_t weight;
	const char *name;     /* %N */
	const char *workload; /* %O */
	const char *type;     /* %Y */
	const char *body;
};

struct log_kind {
	const char *name;
	const char *head, *foot; /* of the whole log; "" if there is none */
	uint32_t ms_per_record;
	const struct shape *shapes;
	size_t n_shapes;
};

extern const struct log_kind log_kinds[];
extern const size_t n_log_kinds;

/* gen.c */
void put(struct gen *g, const char *s);
void put_u64(struct gen *g, uint64_t v);
void put_padded(struct gen *g, uint64_t v, int width);
void put_hex(struct gen *g, uint64_t v, int digits);
uint64_t mix(uint64_t z);
uint64_t draw(struct gen *g, uint64_t n);      /* 0 … n - 1, all alike */
uint64_t draw_zipf(struct gen *g, uint64_t n); /* 0 … n - 1, about as 1/(k + 1) */

/* gen_world.c: one value of the world that the logs are about, by its letter in a template. */
void put_value(struct gen *g, const struct shape *shape, char code);
/* Lines of indicators, of which one in `one_in` is a value that the logs have. */
void put_indicator(struct gen *g, uint64_t one_in);

#endif
