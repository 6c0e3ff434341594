#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
	va_list ap;

	err->code = code;
	va_start(ap, fmt);
	vsnprintf(err->msg, sizeof(err->msg), fmt, ap);
	va_end(ap);
	return false;
}

bool err_in(struct err *err, const char *fmt, ...)
{
	char where[300], was[sizeof(err->msg)];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(where, sizeof(where), fmt, ap);
	va_end(ap);
	memcpy(was, err->msg, sizeof(was));
	snprintf(err->msg, sizeof(err->msg), "%.290s: %.300s", where, was);
	return false;
}

void bug(const char *file, int line, const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "spoor: BUG at %s:%d: ", file, line);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}
