#include "worker/landlock.h"

#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * The kernel's own header may be older than the kernel, so the layout stands here
 * (Documentation/userspace-api/landlock.rst; a field that the kernel doesn't know must be zero).
 */
struct ruleset {
	uint64_t handled_fs, handled_net, scoped;
};

#define CREATE_RULESET_VERSION 1u
#define BITS(n) ((UINT64_C(1) << (n)) - 1)

/* What each ABI added; later ones only add what these already forbid, or logging. */
static const struct {
	unsigned fs, net, scopes; /* how many rights of each there are */
} abis[] = {
	{13, 0, 0}, /* 1: Linux 5.13 */
	{14, 0, 0}, /* 2: linking and renaming across folders */
	{15, 0, 0}, /* 3: truncation */
	{15, 2, 0}, /* 4: TCP bind and connect */
	{16, 2, 0}, /* 5: ioctl of devices */
	{16, 2, 2}, /* 6: abstract UNIX sockets, signals */
};

int landlock_drop_all(void)
{
	const int known = sizeof(abis) / sizeof(abis[0]);
	long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);

	if (abi <= 0)
		return abi == 0 || errno == ENOSYS || errno == EOPNOTSUPP ? 0 : -1;
	int use = abi > known ? known : (int)abi;
	const struct ruleset rs = {
		.handled_fs = BITS(abis[use - 1].fs),
		.handled_net = BITS(abis[use - 1].net),
		.scoped = BITS(abis[use - 1].scopes),
	};
	size_t size = abis[use - 1].scopes ? 24 : abis[use - 1].net ? 16 : 8;
	int fd = (int)syscall(SYS_landlock_create_ruleset, &rs, size, 0);
	if (fd < 0)
		return -1;
	long rc = syscall(SYS_landlock_restrict_self, fd, 0);
	int saved = errno;
	close(fd);
	errno = saved;
	return rc == 0 ? (int)abi : -1;
}
