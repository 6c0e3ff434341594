#ifndef ENGINE_BACKUP_H
#define ENGINE_BACKUP_H

#include "engine/folder.h"

struct backup {
	uint64_t files, bytes;
};

/*
 * A copy of the case as of one moment, made while others read and write: dest must not exist.
 * It is a case like any other; its secret keys are copied too.
 */
MUST bool backup_make(struct folder *f, const char *dest, struct backup *ret, struct err *err);

#endif
