/*
 * intel [--indicators N]
 *	makes up a list of N indicators (default a million) and a STIX bundle of a tenth as many,
 *	and prints what reading, packing, compiling, opening and joining them costs.  The segments of
 *	the join hold a hundredth of the list's names among others.  All names end in .example.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/err.h"
#include "engine/sight.h"
#include "intel/pack.h"

enum { SEGMENTS = 4, EVENTS = 20000, VALUES = 10 };

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static uint64_t next(uint64_t *state)
{
	/* Steele, Lea, Flood: SplitMix64 */
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static void make_list(size_t n, struct buf *out)
{
	uint64_t state = 1;

	for (size_t i = 0; i < n; i++) {
		uint64_t r = next(&state);
		if (i % 4 == 0)
			buf_addf(out, "%u.%u.%u.%u:443\n", 20 + (unsigned)(r % 80),
				(unsigned)(r >> 8 & 255), (unsigned)(r >> 16 & 255),
				(unsigned)(r >> 24 & 255));
		else if (i % 4 == 1)
			buf_addf(out, "%016llx%016llx\n", (unsigned long long)r,
				(unsigned long long)next(&state));
		else
			buf_addf(out, "h%zu.c%u.example\n", i, (unsigned)(r % 5000));
	}
}

static void make_stix(size_t n, struct buf *out)
{
	buf_str(out, STR("{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[\n"));
	for (size_t i = 0; i < n; i++)
		buf_addf(out,
			"%s{\"type\":\"indicator\",\"spec_version\":\"2.1\",\"id\":"
			"\"indicator--%08zx-0000-4000-8000-000000000000\",\"created\":"
			"\"2024-01-01T00:00:00.000Z\",\"modified\":\"2024-01-01T00:00:00.000Z\","
			"\"name\":\"malicious name\",\"indicator_types\":[\"malicious-activity\"],"
			"\"pattern\":\"[domain-name:value = "
			"'h%zu.evil.example']\",\"pattern_type\":"
			"\"stix\",\"valid_from\":\"2024-01-01T00:00:00Z\",\"object_marking_refs\":["
			"\"marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb\"]}\n",
			i ? "," : "", i, i);
	buf_str(out, STR("]}\n"));
}

static void bench_read(const char *what, const struct buf *text)
{
	struct arena a = {0};
	struct intel in, back;
	struct buf packed = {0};
	struct err err;
	double t0 = seconds();

	intel_read(&a, buf_view(text), STR("bench"), &in);
	double t1 = seconds();
	intel_pack(&in, &packed);
	double t2 = seconds();
	if (!intel_unpack(buf_view(&packed), &back, &err))
		BUG("%s", err.msg);
	double t3 = seconds();
	printf("%s: %.1f MB, %zu indicators: read %.0f ms (%.0f MB/s), packed %.0f ms to %.1f MB, "
	       "unpacked %.0f ms\n",
		what, (double)text->n / 1e6, in.indicators.n, (t1 - t0) * 1e3,
		(double)text->n / 1e6 / (t1 - t0), (t2 - t1) * 1e3, (double)packed.n / 1e6,
		(t3 - t2) * 1e3);
	intel_release(&in);
	intel_release(&back);
	buf_release(&packed);
	arena_release(&a);
}

/* One name of a hundred is of the list. */
static void make_segment(const struct intel *in, uint64_t *state, struct buf *out)
{
	struct segbuild *sb = segbuild_new();
	uint32_t *columns = calloc(seg_columns() + 1, sizeof(*columns));
	uint16_t stream = segbuild_stream(sb, STR("bench"), STR("1"), STR(""));

	for (unsigned i = 0; i < seg_columns(); i++)
		columns[i] = SEG_NO_ENTRY;
	for (uint32_t e = 0; e < EVENTS; e++) {
		uint32_t entries[VALUES];
		struct seg_row row = {.time = e, .record = e, .stream = stream};
		for (int v = 0; v < VALUES; v++) {
			char text[64], room[64];
			uint64_t r = next(state);
			bool new;
			int n = snprintf(
				text, sizeof(text), "x%llx.example", (unsigned long long)r);
			struct observable o = r % 100 ? observable_pack(KIND_DOMAIN,
								(struct str){text, (size_t)n}, room)
						      : in->indicators.at[r % in->indicators.n].o;
			entries[v] = segbuild_intern(sb, o, observable_key(o), &new);
		}
		memcpy(row.id.b, &e, sizeof(e));
		segbuild_event(sb, &row, entries, VALUES, columns);
	}
	segbuild_finish(sb, out);
	segbuild_free(sb);
	free(columns);
}

static void bench_join(const struct keyset *k, const struct intel *in)
{
	struct buf files[SEGMENTS] = {{0}};
	struct sight_segment segs[SEGMENTS];
	struct segment *opened[SEGMENTS];
	struct sights got;
	struct err err;
	uint64_t state = 2;

	for (int i = 0; i < SEGMENTS; i++) {
		make_segment(in, &state, &files[i]);
		if (!segment_open(buf_view(&files[i]), &opened[i], &err))
			BUG("%s", err.msg);
		segs[i] = (struct sight_segment){opened[i], {NULL, 0}};
	}
	for (int round = 0; round < 3; round++) {
		double t0 = seconds();
		sight_segments(k, segs, SEGMENTS, &got);
		printf("join with %d fresh segments of %d observables: %zu sightings in %.1f ms\n",
			SEGMENTS, EVENTS * VALUES, got.at.n, (seconds() - t0) * 1e3);
		sights_release(&got);
	}
	for (int i = 0; i < SEGMENTS; i++) {
		segment_close(opened[i]);
		buf_release(&files[i]);
	}
}

static void bench_keyset(const struct buf *list)
{
	struct arena a = {0};
	struct intel in;
	struct buf file = {0};
	struct keyset k;
	struct err err;

	intel_read(&a, buf_view(list), STR("bench"), &in);
	uint32_t *ref = calloc(in.indicators.n, sizeof(*ref));
	for (size_t i = 0; i < in.indicators.n; i++)
		ref[i] = (uint32_t)i + 1;
	double t0 = seconds();
	keyset_build(in.indicators.at, ref, in.indicators.n, 0, &file);
	double t1 = seconds();
	if (!keyset_open(buf_view(&file), &k, &err))
		BUG("%s", err.msg);
	double t2 = seconds();
	for (int round = 0; round < 2; round++) {
		keyset_release(&k);
		double t = seconds();
		if (!keyset_open(buf_view(&file), &k, &err))
			BUG("%s", err.msg);
		printf("opened again %.1f ms\n", (seconds() - t) * 1e3);
	}
	double t2b = seconds();
	if (!keyset_check(&k, &err))
		BUG("%s", err.msg);
	double t3 = seconds();
	printf("keys: %zu probes, %.1f MB: built %.0f ms, opened %.1f ms, checked %.1f ms\n",
		k.n_probes, (double)file.n / 1e6, (t1 - t0) * 1e3, (t2 - t1) * 1e3,
		(t3 - t2b) * 1e3);
	bench_join(&k, &in);
	keyset_release(&k);
	intel_release(&in);
	buf_release(&file);
	free(ref);
	arena_release(&a);
}

int main(int argc, char **argv)
{
	uint64_t n = 1000000;
	struct buf list = {0}, stix = {0};

	if (argc == 3 && strcmp(argv[1], "--indicators") == 0 && !str_u64(str_of(argv[2]), &n))
		return 2;
	make_list(n, &list);
	make_stix(n / 10, &stix);
	bench_read("list", &list);
	bench_read("STIX", &stix);
	bench_keyset(&list);
	buf_release(&list);
	buf_release(&stix);
	return 0;
}
