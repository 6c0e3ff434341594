#ifndef UNPACK_BFIO_H
#define UNPACK_BFIO_H

#include <libbfio.h>

#include "unpack/unpack.h"

/*
 * What libpff and libevtx read through: a handle on u's bytes, since the box can open no file.
 * u must outlive it.  NULL if the library refuses.  Free it by libbfio_handle_free.
 */
libbfio_handle_t *bfio_of(const struct unpack *u);

#endif
