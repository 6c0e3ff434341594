/* Windows event logs (libevtx), and the same events exported as XML: JSON lines. */
/* Debian 13 builds the library with its own copy of libbfio, and then hides what takes its handles. */
#define HAVE_LIBBFIO 1
#include <libevtx.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/limits.h"
#include "unpack/bfio.h"
#include "unpack/eventxml.h"
#include "unpack/unpack.h"

struct log {
	const struct unpack *u;
	libevtx_file_t *file;
	struct event_xml *xml;
	struct buf text, line;
	bool stopped;
};

static void write_line(struct log *l)
{
	if (!l->stopped && !l->u->write(l->u->arg, buf_view(&l->line)))
		l->stopped = true;
	buf_clear(&l->line);
}

/* The record's XML into l->text; false if the library can't make it. */
static bool read_xml(struct log *l, libevtx_record_t *r)
{
	size_t n = 0;

	if (libevtx_record_get_utf8_xml_string_size(r, &n, NULL) != 1 || n == 0 ||
		n > LIMIT_RECORD_BYTES)
		return false;
	buf_clear(&l->text);
	buf_reserve(&l->text, n);
	if (libevtx_record_get_utf8_xml_string(r, (uint8_t *)l->text.p, n, NULL) != 1)
		return false;
	l->text.n = strnlen(l->text.p, n);
	return true;
}

static void unpack_records(struct log *l, int n, bool recovered)
{
	for (int i = 0; i < n && !l->stopped; i++) {
		libevtx_record_t *r = NULL;
		off64_t at = 0;
		int got = recovered
				  ? libevtx_file_get_recovered_record_by_index(l->file, i, &r, NULL)
				  : libevtx_file_get_record_by_index(l->file, i, &r, NULL);

		l->u->step(l->u->arg);
		if (got == 1)
			(void)libevtx_record_get_offset(r, &at, NULL);
		if (got == 1 && read_xml(l, r)) {
			event_xml_line(l->xml, buf_view(&l->text), recovered, &l->line, l->u->flaws,
				(uint64_t)at);
			write_line(l);
		} else if (!recovered) {
			/* Of remains that were deleted nobody expects that they are whole. */
			flaw_add(l->u->flaws, FLAW_DAMAGED, (uint64_t)at);
		}
		if (r)
			libevtx_record_free(&r, NULL);
	}
}

bool unpack_evtx(const struct unpack *u)
{
	struct log l = {.u = u};
	libbfio_handle_t *h = bfio_of(u);
	bool opened = h && libevtx_file_initialize(&l.file, NULL) == 1 &&
		      libevtx_file_open_file_io_handle(l.file, h, LIBEVTX_OPEN_READ, NULL) == 1;

	if (opened) {
		int n = 0, recovered = 0;
		if (libevtx_file_is_corrupted(l.file, NULL) == 1)
			flaw_add(u->flaws, FLAW_DAMAGED, 0);
		(void)libevtx_file_get_number_of_records(l.file, &n, NULL);
		(void)libevtx_file_get_number_of_recovered_records(l.file, &recovered, NULL);
		l.xml = event_xml_new();
		unpack_records(&l, n, false);
		unpack_records(&l, recovered, true);
		event_xml_free(l.xml);
		libevtx_file_close(l.file, NULL);
	} else {
		/* Its magic is nobody else's: no other reader would make sense of it. */
		flaw_add(u->flaws, FLAW_DAMAGED, 0);
	}
	if (l.file)
		libevtx_file_free(&l.file, NULL);
	if (h)
		libbfio_handle_free(&h, NULL);
	buf_release(&l.text);
	buf_release(&l.line);
	return true;
}
