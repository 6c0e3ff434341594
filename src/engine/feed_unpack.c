/* Containers: handed to a worker as a file that it reads by its places. */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "engine/feed_inside.h"

/* A file without a name, below the case, so that it goes with us; or else in memory. */
static int spool_open(const struct folder *f)
{
	int fd = f ? openat(folder_fd(f), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600) : -1;

	return fd >= 0 ? fd : memfd_create("spool", MFD_CLOEXEC);
}

/* All decoded bytes into f->spool.  *ret_fits false: there are too many of them. */
static bool spool_all(struct feed *f, uint64_t *ret_size, bool *ret_fits, struct err *err)
{
	struct buf room = {0};
	struct folder *folder = f->run->folder;
	uint64_t size = f->head.n, most = folder ? LIMIT_SPOOL_BYTES : LIMIT_MESSAGE_BYTES;
	size_t n = 1;

	f->spool = spool_open(folder);
	if (f->spool < 0)
		return err_set(err, ERR_IO, "cannot make a file for what is in '%s': %s",
			given_name(f->given), strerror(errno));
	bool good = file_write(f->spool, buf_view(&f->head), given_name(f->given), err);
	buf_reserve(&room, FEED_CHUNK);
	while (good && n && size <= most) {
		good = (!folder || folder_has_room(folder, FEED_CHUNK, err)) &&
		       feed_read_any(f, room.p, FEED_CHUNK, &n, err) &&
		       file_write(f->spool, (struct str){room.p, n}, given_name(f->given), err);
		size += n;
	}
	buf_release(&room);
	*ret_size = size;
	*ret_fits = size <= most;
	return good;
}

/* Nothing of it is handed on, but its hash. */
static void leave_unread(struct feed *f, enum flaw_code why)
{
	feed_stop_decoder(f);
	f->container = CONTAINER_NONE;
	buf_clear(&f->head);
	f->taken = 0;
	f->ended = true;
	feed_add_flaw(f, why);
}

static bool start_unpacking(struct feed *f, int fd, uint64_t size, struct err *err)
{
	int out[2];

	if (!feed_need_decoder(f, err))
		return false;
	if (pipe2(out, O_CLOEXEC))
		return err_set(err, ERR_IO, "cannot make a pipe: %s", strerror(errno));
	f->from_decoder = out[0];
	fcntl(f->from_decoder, F_SETPIPE_SZ, FEED_CHUNK);
	bool sent = box_send_unpack(*f->decoder, (int)f->container, size, fd, out[1], err);
	close(out[1]);
	buf_clear(&f->head);
	f->taken = 0;
	f->ended = !sent;
	return sent;
}

bool feed_unpack(struct feed *f, struct err *err)
{
	enum container c = container_of(buf_view(&f->head));
	uint64_t size;
	int fd;
	bool fits = true;

	if (c == CONTAINER_NONE || (c != CONTAINER_ARCHIVE && f->run->archives_only))
		return true;
	if (c == CONTAINER_ARCHIVE && f->level == LIMIT_NESTED_CONTAINERS) {
		leave_unread(f, FLAW_NESTED_TOO_DEEP);
		return true;
	}
	if (f->decoder || !given_places(f->given, &fd, &size)) {
		if (!spool_all(f, &size, &fits, err))
			return false;
		fd = f->spool;
	}
	if (!fits) {
		leave_unread(f, FLAW_TOO_LARGE);
		return true;
	}
	f->container = c;
	if (c == CONTAINER_ARCHIVE && f->level == 0) {
		f->run->archive_size = size;
		f->run->archive_out = f->run->archive_members = 0;
	}
	return start_unpacking(f, fd, size, err) &&
	       (c == CONTAINER_ARCHIVE || feed_read_ahead(f, err));
}
