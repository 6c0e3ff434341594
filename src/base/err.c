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

static void (*bug_listener)(const char *msg);

void bug_tell(void (*fn)(const char *msg))
{
	bug_listener = fn;
}

void bug(const char *file, int line, const char *fmt, ...)
{
	char msg[400];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	if (bug_listener)
		bug_listener(msg);
	fprintf(stderr, "spoor: BUG at %s:%d: %s\n", file, line, msg);
	abort();
}
