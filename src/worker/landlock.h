#ifndef WORKER_LANDLOCK_H
#define WORKER_LANDLOCK_H

/*
 * Gives up, by Landlock, every right to files, to TCP ports, and to signals and sockets outside:
 * as much of it as the kernel knows.  Returns the ABI version that was used, 0 if the kernel has
 * no Landlock (or it is switched off), -1 with errno if it is there and refused.
 */
int landlock_drop_all(void);

#endif
