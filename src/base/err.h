#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>

/*
 * What went wrong in the world (disk, network, configuration), as one line that
 * says what failed, on what, and what to do.  Owned by the caller, filled once by
 * whoever finds the failure; callers above may put where in front (err_in).
 * Hostile bytes are never an err: they are flaws (base/flaw.h).
 */
enum err_code {
	ERR_NONE,
	ERR_IO,     /* the operating system refused */
	ERR_USAGE,  /* wrong words on the command line */
	ERR_CONFIG, /* a file that people write (spoor.yaml, formats) is wrong */
	ERR_CASE,   /* the case folder is damaged, or of a version we can't read */
	ERR_LIMIT,  /* a limit of base/limits.h was met */
	ERR_BOX,    /* the worker failed */
};

struct err {
	enum err_code code;
	char msg[600];
};

#define MUST __attribute__((warn_unused_result))

/* Both return false, so that a failing function can end in `return err_set(…)`. */
bool err_set(struct err *err, enum err_code code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
bool err_in(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* A broken invariant or no memory: says so on stderr and aborts, in release builds too. */
_Noreturn void bug(const char *file, int line, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
#define BUG(...) bug(__FILE__, __LINE__, __VA_ARGS__)
/*
 * Calls fn with the message before anything else: a worker's child, which can't write to stderr,
 * tells "out of memory" from other bugs by it.
 */
void bug_tell(void (*fn)(const char *msg));

#endif
