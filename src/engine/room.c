/* What the disk under a case must be, and must have left. */
#include <errno.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "engine/inside.h"

/*
 * File systems on which a rename, a lock or an fsync may not mean what it means on a local one,
 * or on which mode 0700 is not kept.  overlayfs is let through: it passes all of these on to its
 * upper layer, which is local, since the kernel refuses an NFS one for writing.
 */
static const struct {
	unsigned long type;
	const char *why;
} refused[] = {
	{NFS_SUPER_MAGIC, "NFS"}, {SMB_SUPER_MAGIC, "SMB"},
	{0xFF534D42, "CIFS"}, /* fs/smb/client/cifsfs.h */
	{0xFE534D42, "SMB2"}, /* fs/smb/client/cifsfs.h */
	{FUSE_SUPER_MAGIC, "FUSE"}, {V9FS_MAGIC, "9P"}, {AFS_SUPER_MAGIC, "AFS"},
	{AFS_FS_MAGIC, "AFS"}, {CODA_SUPER_MAGIC, "Coda"}, {CEPH_SUPER_MAGIC, "Ceph"},
	{0x564C, "NCP"},                                   /* fs/ncpfs, before Linux 4.17 */
	{0x786F4256, "vboxsf"},                            /* fs/vboxsf/super.c */
	{MSDOS_SUPER_MAGIC, "FAT"}, {0x2011BAB0, "exFAT"}, /* fs/exfat/exfat_fs.h */
	{0x5346544E, "NTFS"},                              /* fs/ntfs/ntfs.h */
	{0x7366746E, "NTFS"},                              /* fs/ntfs3/super.c */
};

const char *folder_refuses_fs(unsigned long type)
{
	/* f_type is signed and 32 bits wide on some architectures. */
	type &= 0xFFFFFFFF;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (refused[i].type == type)
			return refused[i].why;
	return NULL;
}

static void write_size(uint64_t bytes, char *out, size_t room)
{
	const char *units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
	unsigned u = 0;

	for (; bytes >= 10240 && u < 4; u++)
		bytes >>= 10;
	snprintf(out, room, "%llu %s", (unsigned long long)bytes, units[u]);
}

bool folder_has_room(const struct folder *f, uint64_t bytes, struct err *err)
{
	struct statvfs fs;
	uint64_t need = f->config.reserve > 2 * bytes ? f->config.reserve : 2 * bytes;
	char has[32], wants[32];

	if (fstatvfs(f->fd, &fs))
		return err_set(err, ERR_IO, "cannot ask how full the disk of '%s' is: %s", f->path,
			strerror(errno));
	uint64_t free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	if (free_bytes >= need)
		return true;
	write_size(free_bytes, has, sizeof(has));
	write_size(need, wants, sizeof(wants));
	return err_set(err, ERR_LIMIT,
		"cannot add to '%s': its disk has %s left and needs %s: free some, or move the "
		"case to a larger disk (questions can still be asked)",
		f->path, has, wants);
}
