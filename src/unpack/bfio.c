#include "unpack/bfio.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"

struct place {
	const struct unpack *u;
	uint64_t at;
	int open;
};

/* The library passes our own pointer back as an intptr_t *. */
static struct place *place_of(intptr_t *handle)
{
	return (struct place *)(void *)handle;
}

static int drop(intptr_t **handle, libbfio_error_t **error)
{
	(void)error;
	free(*handle);
	*handle = NULL;
	return 1;
}

static int copy(intptr_t **ret, intptr_t *from, libbfio_error_t **error)
{
	struct place *p = malloc(sizeof(*p));

	(void)error;
	if (!p)
		BUG("out of memory");
	*p = *place_of(from);
	*ret = (intptr_t *)(void *)p;
	return 1;
}

static int open_place(intptr_t *handle, int flags, libbfio_error_t **error)
{
	(void)error;
	if (flags & LIBBFIO_ACCESS_FLAG_WRITE)
		return -1;
	place_of(handle)->open = 1;
	place_of(handle)->at = 0;
	return 1;
}

static int close_place(intptr_t *handle, libbfio_error_t **error)
{
	(void)error;
	place_of(handle)->open = 0;
	return 0;
}

static ssize_t read_place(intptr_t *handle, uint8_t *room, size_t n, libbfio_error_t **error)
{
	struct place *p = place_of(handle);
	size_t got = 0;

	(void)error;
	while (got < n) {
		int64_t some = p->u->read(p->u->arg, p->at, room + got, n - got);
		if (some < 0)
			return -1;
		if (some == 0)
			break;
		got += (size_t)some;
		p->at += (uint64_t)some;
	}
	return (ssize_t)got;
}

static ssize_t refuse_write(
	intptr_t *handle, const uint8_t *bytes, size_t n, libbfio_error_t **error)
{
	(void)handle;
	(void)bytes;
	(void)n;
	(void)error;
	return -1;
}

static off64_t seek_place(intptr_t *handle, off64_t to, int whence, libbfio_error_t **error)
{
	struct place *p = place_of(handle);
	int64_t from = whence == SEEK_SET   ? 0
		       : whence == SEEK_CUR ? (int64_t)p->at
					    : (int64_t)p->u->size;
	int64_t at;

	(void)error;
	if (__builtin_add_overflow(from, to, &at) || at < 0)
		return -1;
	p->at = (uint64_t)at;
	return at;
}

static int yes(intptr_t *handle, libbfio_error_t **error)
{
	(void)handle;
	(void)error;
	return 1;
}

static int is_open(intptr_t *handle, libbfio_error_t **error)
{
	(void)error;
	return place_of(handle)->open;
}

static int get_size(intptr_t *handle, size64_t *ret, libbfio_error_t **error)
{
	(void)error;
	*ret = place_of(handle)->u->size;
	return 1;
}

libbfio_handle_t *bfio_of(const struct unpack *u)
{
	struct place *p = calloc(1, sizeof(*p));
	libbfio_handle_t *h = NULL;

	if (!p)
		BUG("out of memory");
	p->u = u;
	if (libbfio_handle_initialize(&h, (intptr_t *)(void *)p, drop, copy, open_place,
		    close_place, read_place, refuse_write, seek_place, yes, is_open, get_size,
		    LIBBFIO_FLAG_IO_HANDLE_MANAGED | LIBBFIO_FLAG_IO_HANDLE_CLONE_BY_FUNCTION,
		    NULL) != 1) {
		free(p);
		return NULL;
	}
	return h;
}
