#ifndef ENGINE_GIVEN_H
#define ENGINE_GIVEN_H

#include "base/err.h"
#include "base/hash.h"

/*
 * The bytes of a source as they were given, hashed and counted as they are read: of a file, a
 * pipe, or (given_stream) of a member of an archive.
 */
struct given;

typedef bool (*given_read_fn)(void *arg, char *room, size_t n, size_t *ret_n, struct err *err);

/* Takes the descriptor.  The name is for messages and must outlive it. */
struct given *given_file(int fd, const char *name);
struct given *given_stream(given_read_fn read, void *arg, const char *name);
void given_free(struct given *g);

const char *given_name(const struct given *g);
/* Up to n bytes; *ret_n 0 at the end. */
MUST bool given_read(struct given *g, char *room, size_t n, size_t *ret_n, struct err *err);
bool given_ended(const struct given *g);
uint64_t given_bytes(const struct given *g); /* read so far */
/*
 * Can it be read by its places too, by somebody else?  Then a descriptor, which stays ours, and
 * its size.  Reading here uses no position of the descriptor, so that nobody can move it.
 */
bool given_places(const struct given *g, int *ret_fd, uint64_t *ret_size);
/* Reads what was not read yet. */
MUST bool given_finish(struct given *g, struct err *err);
struct sha256 given_hash(struct given *g); /* once, at the end */

#endif
