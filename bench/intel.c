/*
 * intel [--indicators N]
 *	makes up a list of N indicators (default a million) and a STIX bundle of a tenth as many,
 *	and prints what reading, opening, checking, comparing and joining them costs.  The segments
 *	of the join hold a hundredth of the list's names among others.  All names end in .example.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/err.h"
#include "engine/inteldiff.h"
#include "engine/sight.h"
#include "intel/intel.h"

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

static bool add_bytes(void *arg, struct str bytes)
{
	buf_str(arg, bytes);
	return true;
}

static struct str all_bytes(void *arg)
{
	return buf_view(arg);
}

static void bench_read(const char *what, const struct buf *text, struct buf *file)
{
	struct arena a = {0};
	struct intel in;
	struct indicators f;
	struct err err;
	struct intel_member one = {.name = STR("bench"), .bytes = buf_view(text)};
	struct indwriter_sink sink = {add_bytes, all_bytes, NULL, file};
	struct intel_reading r = {.members = &one, .n_members = 1, .sink = &sink};
	double t0 = seconds();

	if (!intel_read_source(&a, &r, &in))
		BUG("it can't be read");
	double t1 = seconds();
	if (!indicators_open(buf_view(file), &f, &err) ||
		!indicators_check(&f, false, NULL, NULL, &err))
		BUG("%s", err.msg);
	double t2 = seconds();
	printf("%s: %.1f MB, %u indicators: read %.0f ms (%.0f MB/s) to %.1f MB, checked %.0f ms\n",
		what, (double)text->n / 1e6, indicators_count(&f), (t1 - t0) * 1e3,
		(double)text->n / 1e6 / (t1 - t0), (double)file->n / 1e6, (t2 - t1) * 1e3);
	intel_release(&in);
	arena_release(&a);
}

/* One name of a hundred is of the list. */
static void make_segment(const struct indicators *in, uint64_t *state, struct buf *out)
{
	struct segbuild *sb = segbuild_new();
	uint32_t *columns = calloc(seg_columns() + 1, sizeof(*columns));
	uint16_t stream = segbuild_stream(sb, STR("bench"), STR("1"), STR(""));
	struct indicators_reader reader = {.in = in};

	for (unsigned i = 0; i < seg_columns(); i++)
		columns[i] = SEG_NO_ENTRY;
	for (uint32_t e = 0; e < EVENTS; e++) {
		uint32_t entries[VALUES];
		struct seg_row row = {.time = e, .record = e, .stream = stream};
		for (int v = 0; v < VALUES; v++) {
			char text[64], room[64];
			uint64_t r = next(state);
			struct indicator known;
			bool new;
			int n = snprintf(
				text, sizeof(text), "x%llx.example", (unsigned long long)r);
			struct observable o =
				observable_pack(KIND_DOMAIN, (struct str){text, (size_t)n}, room);
			if (r % 100 == 0 && indicators_at(&reader, (uint32_t)(r % in->n), &known))
				o = known.o;
			entries[v] = segbuild_intern(sb, o, observable_key(o), &new);
		}
		memcpy(row.id.b, &e, sizeof(e));
		segbuild_event(sb, &row, entries, VALUES, columns);
	}
	segbuild_finish(sb, out);
	segbuild_free(sb);
	free(columns);
}

static void bench_join(struct intel_set *set)
{
	struct buf files[SEGMENTS] = {{0}};
	struct sight_segment segs[SEGMENTS];
	struct segment *opened[SEGMENTS];
	struct sights got;
	struct err err;
	uint64_t state = 2;

	for (int i = 0; i < SEGMENTS; i++) {
		make_segment(&set->at.at[0].in, &state, &files[i]);
		if (!segment_open(buf_view(&files[i]), &opened[i], &err))
			BUG("%s", err.msg);
		segs[i] = (struct sight_segment){opened[i], {NULL, 0}};
	}
	for (int round = 0; round < 3; round++) {
		double t0 = seconds();
		sight_segments(set, segs, SEGMENTS, NULL, NULL, &got);
		printf("join with %d fresh segments of %d observables: %zu sightings in %.1f ms\n",
			SEGMENTS, EVENTS * VALUES, got.at.n, (seconds() - t0) * 1e3);
		sights_release(&got);
	}
	for (int i = 0; i < SEGMENTS; i++) {
		segment_close(opened[i]);
		buf_release(&files[i]);
	}
}

int main(int argc, char **argv)
{
	uint64_t n = 1000000;
	struct buf list = {0}, stix = {0}, files[2] = {{0}};
	struct intel_set set = {.arena = {0}};
	struct intel_differences d;
	struct err err;

	if (argc == 3 && strcmp(argv[1], "--indicators") == 0 && !str_u64(str_of(argv[2]), &n))
		return 2;
	make_list(n, &list);
	make_stix(n / 10, &stix);
	bench_read("list", &list, &files[0]);
	bench_read("STIX", &stix, &files[1]);
	*vec_push(&set.at) = (struct intel_file){.id = 1};
	if (!indicators_open(buf_view(&files[0]), &set.at.at[0].in, &err))
		BUG("%s", err.msg);
	bench_join(&set);
	double t0 = seconds();
	intel_diff(&set.at.at[0].in, &set.at.at[0].in, NULL, NULL, NULL, &d);
	printf("compared with itself: %.0f ms\n", (seconds() - t0) * 1e3);
	vec_release(&set.at);
	buf_release(&list);
	buf_release(&stix);
	buf_release(&files[0]);
	buf_release(&files[1]);
	return 0;
}
