/* The case folder: making, opening, refusing, room, several processes at once. */
#include "t/engine/case.h"

#include <sys/stat.h>
#include <sys/wait.h>

#include "base/file.h"
#include "engine/backup.h"
#include "engine/fsck.h"
#include "engine/rowpack.h"

static struct arena arena;

static void say(void *arg, enum fsck_level level, struct str file, const char *what)
{
	(void)arg;
	printf("# fsck %d " STR_FMT ": %s\n", level, STR_ARG(file), what);
}

static uint64_t damages(struct folder *f)
{
	struct fsck n = {.damages = 1000};
	struct err err;

	if (!fsck_run(f, say, NULL, NULL, &n, &err))
		printf("# %s\n", err.msg);
	return n.damages + n.notes;
}

static void test_fs(void)
{
	static const struct {
		unsigned long type;
		bool refused;
	} cases[] = {
		/* statfs(2) */
		{0xEF53, false},            /* ext4 */
		{0x9123683E, false},        /* btrfs */
		{0x58465342, false},        /* xfs */
		{0x01021994, false},        /* tmpfs */
		{0x794C7630, false},        /* overlayfs */
		{0x2FC12FC1, false},        /* zfs */
		{0x6969, true},             /* nfs */
		{0xFF534D42, true},         /* cifs */
		{0xFFFFFFFFFF534D42, true}, /* cifs, where f_type is signed and 32 bits */
		{0xFE534D42, true},         /* smb2 */
		{0x517B, true},             /* smb */
		{0x65735546, true},         /* fuse */
		{0x01021997, true},         /* 9p */
		{0x4D44, true},             /* msdos */
		{0x2011BAB0, true},         /* exfat */
		{0x5346414F, true},         /* afs */
		{0x00C36400, true},         /* ceph */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		ok((folder_refuses_fs(cases[i].type) != NULL) == cases[i].refused);
}

static void test_init(void)
{
	const char *path = made_case(&arena);
	struct err err = {0};
	struct folder *f;
	struct stat st;

	ok(stat(path, &st) == 0 && (st.st_mode & 0777) == 0700);
	ok(stat(arena_printf(&arena, "%s/case.db", path).p, &st) == 0 &&
		(st.st_mode & 0777) == 0600);
	ok(!folder_init(path, STR(""), &err) && err.code == ERR_USAGE);
	ok(!folder_init("/nonexistent/case", STR(""), &err) && err.code == ERR_IO);
	ok(!folder_init(arena_printf(&arena, "%s/../x", path).p, STR("x: 1\n"), &err) &&
		err.code == ERR_CONFIG);
	ok(stat(arena_printf(&arena, "%s/../x", path).p, &st) != 0);
	ok(!folder_open(arena_printf(&arena, "%s/..", path).p, false, &f, &err) &&
		err.code == ERR_CASE);
	ok(!folder_open(arena_printf(&arena, "%s/nothing", path).p, true, &f, &err) &&
		err.code == ERR_IO);
	ok(folder_open(path, true, &f, &err) && damages(f) == 0);
	folder_close(f);
	/* An init that was cut off is begun again. */
	int fd = open(path, O_RDONLY | O_DIRECTORY);
	ok(unlinkat(fd, "spoor.version", 0) == 0 &&
		file_create(fd, "init.unfinished", STR(""), &err));
	ok(!folder_open(path, true, &f, &err));
	ok(folder_init(path, STR(""), &err) && folder_open(path, true, &f, &err));
	ok(damages(f) == 0);
	folder_close(f);
	ok(file_replace(fd, "spoor.version", STR("spoor case 99\n"), &err));
	ok(!folder_open(path, true, &f, &err) && err.code == ERR_CASE);
	ok(file_replace(fd, "spoor.version", STR("spoor case 1\n"), &err));
	ok(file_replace(fd, "spoor.yaml", STR("domain: x\n"), &err));
	ok(!folder_open(path, false, &f, &err) && err.code == ERR_CONFIG);
	close(fd);
	made_remove(&arena, path);
}

static const struct made_event events[] = {{1, 1, 10, "a"}, {2, 2, 20, "b"}, {3, 3, 30, "c"}};

static void test_room(void)
{
	const char *path = made_case(&arena);
	struct made_source one = {"one", events, 3, 0}, two = {"two", events, 2, 0};
	struct published p;
	struct err err = {0};
	struct folder *f;
	int fd = open(path, O_RDONLY | O_DIRECTORY);

	ok(folder_open(path, true, &f, &err) && made_publish(f, &one, &p, &err));
	struct str before = made_answers(&arena, f);
	folder_close(f);
	ok(file_replace(fd, "spoor.yaml", STR("reserve: 1000000TiB\n"), &err));
	ok(folder_open(path, true, &f, &err));
	ok(!made_publish(f, &two, &p, &err) && err.code == ERR_LIMIT);
	ok(strstr(err.msg, "1000000 TiB") != NULL);
	eq_str(made_answers(&arena, f), before);
	ok(damages(f) == 0);
	folder_close(f);
	close(fd);
	made_remove(&arena, path);
}

static void touch(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0600);

	ok(fd >= 0);
	close(fd);
}

/*
 * Whoever opens a case removes what dead processes left in incoming/.  A folder in which somebody
 * is just putting his lock is not one of those, though the lock wasn't seen yet.
 */
static void test_incoming(void)
{
	static const char *const names[] = {"empty", "being-made", "dead"};
	const char *path = made_case(&arena), *dir[3];
	struct folder *f;
	struct err err = {0};

	for (size_t i = 0; i < 3; i++) {
		dir[i] = arena_printf(&arena, "%s/incoming/%s", path, names[i]).p;
		ok(mkdir(dir[i], 0700) == 0);
		if (i > 0)
			touch(arena_printf(&arena, "%s/0.000000.batch", dir[i]).p);
	}
	touch(arena_printf(&arena, "%s/lock", dir[2]).p);
	ok(folder_open(path, true, &f, &err));
	ok(access(dir[0], F_OK) != 0);
	ok(access(dir[1], F_OK) == 0);
	ok(access(dir[2], F_OK) != 0);
	folder_close(f);
	made_remove(&arena, path);
}

/* Four processes publish and merge at once; none waits for ever, nothing is lost or doubled. */
enum { PROCESSES = 4, EACH = 12, PER = 6 };
static struct made_event many_events[PROCESSES * EACH][PER];
static struct made_source many[PROCESSES * EACH];

static void make_many(void)
{
	uint32_t state = 3;

	for (uint32_t i = 0; i < PROCESSES * EACH; i++) {
		for (uint32_t k = 0; k < PER; k++) {
			state = state * 1664525 + 1013904223;
			many_events[i][k] = (struct made_event){
				state >> 8 & 63, 1 + (state >> 16 & 1), state >> 20, "v"};
		}
		many_events[i][0].id = 1000 + i;
		many[i] = (struct made_source){"many", many_events[i], PER, 1 + i % 3};
	}
}

static int publish_some(const char *path, uint32_t from)
{
	struct folder *f;
	struct err err = {0};
	int bad = 0;

	if (!folder_open(path, true, &f, &err))
		bad++;
	for (uint32_t i = 0; !bad && i < EACH; i++) {
		struct published p;
		bool merged = true;
		/* Each source is also given to the next process: one of them is told so. */
		uint32_t other = (from + 1) % PROCESSES;
		if (!made_publish(f, &many[from * EACH + i], &p, &err) ||
			!made_publish(f, &many[other * EACH + i], &p, &err))
			bad++;
		while (!bad && merged)
			if (!merge_pending(f, &merged, &err))
				bad++;
	}
	if (bad)
		printf("# process %u: %s\n", from, err.msg);
	fflush(stdout);
	return bad != 0;
}

static bool read_while(const char *path, const pid_t *pids)
{
	unsigned alive = PROCESSES, reads = 0, bad = 0;
	struct folder *f;
	struct err err;
	int status;

	while (alive) {
		struct snapshot *snap;
		bool good = folder_open(path, false, &f, &err) && snapshot_open(f, &snap, &err);
		if (!good) {
			printf("# reader: %s\n", err.msg);
			return false;
		}
		snapshot_close(snap);
		folder_close(f);
		reads++;
		while (alive && waitpid(pids[PROCESSES - alive], &status, WNOHANG) > 0) {
			bad += status != 0;
			alive--;
		}
	}
	printf("# %u reads beside the writers\n", reads);
	return bad == 0;
}

static void test_parallel(void)
{
	const char *path = made_case(&arena);
	const struct made_source *list[PROCESSES * EACH];
	pid_t pids[PROCESSES];
	struct err err = {0};
	struct folder *f;

	make_many();
	fflush(stdout);
	for (uint32_t i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(publish_some(path, i));
	}
	ok(read_while(path, pids));
	for (size_t i = 0; i < PROCESSES * EACH; i++)
		list[i] = &many[i];
	ok(folder_open(path, true, &f, &err));
	eq_str(made_answers(&arena, f), oracle_answers(&arena, list, PROCESSES * EACH, NULL));
	ok(damages(f) == 0);
	folder_close(f);
	made_remove(&arena, path);
}

static void test_rowpack(void)
{
	static const uint32_t rows[] = {0, 1, 5, 6, 1000, UINT32_MAX - 1};
	static const struct {
		const char *p;
		size_t n;
	} bad[] = {{"\x80", 1}, {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 10},
		{"\xff\xff\xff\xff\x0f", 5}, {"\xfe\xff\xff\xff\x0f\x00", 6}};
	struct rowset all = {rows, 6}, back;
	struct buf b = {0};

	rowpack_write(all, &b);
	ok(rowpack_read(&arena, buf_view(&b), &back) && back.n == 6 &&
		memcmp(back.at, rows, sizeof(rows)) == 0);
	ok(rowpack_read(&arena, STR(""), &back) && back.n == 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ok(!rowpack_read(&arena, (struct str){bad[i].p, bad[i].n}, &back));
	buf_release(&b);
}

static void test_names(void)
{
	static const struct {
		const char *name;
		bool batch, segment;
	} cases[] = {
		{"00112233445566778899aabbccddeeff-000000", true, true},
		{"00112233445566778899aabbccddeeff-4294967295", true, true},
		{"00112233445566778899aabbccddeeff-1000000", true, true},
		{"00112233445566778899aabbccddeeff", false, true},
		{"00112233445566778899aabbccddeeff-000000.17", false, true},
		{"00112233445566778899aabbccddeeff-4294967296", false, false},
		{"00112233445566778899aabbccddeeff-0000001", false, false},
		{"00112233445566778899aabbccddeeff-00000", false, false},
		{"00112233445566778899AABBCCDDEEFF-000000", false, false},
		{"00112233445566778899AABBCCDDEEFF", false, false},
		{"00112233445566778899aabbccddeeff-000000.x", false, false},
		{"00112233445566778899aabbccddeeff-000000.", false, false},
		{"../../../../../../../../etc/shadow-000000", false, false},
		{"", false, false},
	};
	struct batch_key key;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str name = str_of(cases[i].name);
		ok(name_parse_batch(name, &key) == cases[i].batch);
		ok(name_is_segment(name) == cases[i].segment);
	}
}

/* Damage of each kind is found. */
static void flip(const char *path, const char *file)
{
	int fd = open(arena_printf(&arena, "%s/%s", path, file).p, O_RDWR);
	struct stat st;
	char c;

	if (fd < 0 || fstat(fd, &st) || pread(fd, &c, 1, st.st_size / 2) != 1)
		printf("# cannot damage %s\n", file);
	c ^= 1;
	if (pwrite(fd, &c, 1, st.st_size / 2) != 1)
		printf("# cannot damage %s\n", file);
	close(fd);
}

static void test_fsck(void)
{
	const char *path = made_case(&arena);
	struct made_source one = {"one", events, 3, 0};
	struct sha256 h = made_hash(&one);
	char batch[NAME_ROOM], files[2][FILE_NAME_ROOM];
	struct published p;
	struct err err = {0};
	struct folder *f;

	name_of_batch(&h, 0, batch);
	name_file(NAME_BATCH, str_of(batch), files[0]);
	name_file(NAME_SEGMENT, str_of(batch), files[1]);
	ok(folder_open(path, true, &f, &err) && made_publish(f, &one, &p, &err));
	ok(damages(f) == 0);
	for (size_t i = 0; i < 2; i++) {
		flip(path, files[i]);
		ok(damages(f) > 0);
		flip(path, files[i]);
		ok(damages(f) == 0);
	}
	flip(path, "journal/lines.jsonl");
	ok(damages(f) > 0);
	flip(path, "journal/lines.jsonl");
	int fd = open(path, O_RDONLY | O_DIRECTORY);
	ok(file_create(fd, "batches/stray", STR("x"), &err));
	ok(damages(f) > 0);
	unlinkat(fd, "batches/stray", 0);
	ok(renameat(fd, files[0], fd, "kept") == 0);
	ok(damages(f) > 0);
	ok(renameat(fd, "kept", fd, files[0]) == 0 && damages(f) == 0);
	/* A journal that was cut short by a whole line. */
	struct buf lines = {0};
	ok(file_read(fd, "journal/lines.jsonl", 1 << 20, &lines, &err));
	struct str all = buf_view(&lines), first = all;
	first.n = str_chr(all, '\n') + 1;
	ok(file_replace(fd, "journal/lines.jsonl", first, &err));
	ok(damages(f) > 0);
	folder_close(f);
	ok(!folder_open(path, true, &f, &err) && err.code == ERR_CASE);
	ok(folder_open(path, false, &f, &err) && damages(f) > 0);
	folder_close(f);
	buf_release(&lines);
	close(fd);
	made_remove(&arena, path);
}

/* A copy of one moment, while others publish and merge: a case like any other. */
static void test_backup(void)
{
	const char *path = made_case(&arena);
	struct err err = {0};
	struct folder *f, *copy;
	struct backup b;
	unsigned bad = 0, n = 0;
	int status;

	make_many();
	fflush(stdout);
	pid_t pid = fork();
	if (pid == 0)
		_exit(publish_some(path, 0));
	/* After the fork: SQLite must not be carried across one. */
	ok(folder_open(path, true, &f, &err));
	do {
		const char *dest = arena_printf(&arena, "%s/../copy%u", path, n++).p;
		if (!backup_make(f, dest, &b, &err) || !folder_open(dest, true, &copy, &err)) {
			printf("# %s\n", err.msg);
			bad++;
			continue;
		}
		bad += damages(copy) != 0;
		folder_close(copy);
	} while (waitpid(pid, &status, WNOHANG) == 0 || n < 3);
	printf("# %u copies\n", n);
	ok(bad == 0 && status == 0);
	const char *last = arena_printf(&arena, "%s/../last", path).p;
	ok(backup_make(f, last, &b, &err) && folder_open(last, true, &copy, &err));
	eq_str(made_answers(&arena, copy), made_answers(&arena, f));
	ok(!backup_make(f, last, &b, &err) && err.code == ERR_IO);
	folder_close(copy);
	folder_close(f);
	made_remove(&arena, path);
}

int main(void)
{
	test_fs();
	test_names();
	test_rowpack();
	test_init();
	test_room();
	test_fsck();
	test_incoming();
	test_parallel();
	test_backup();
	arena_release(&arena);
	return tap_end();
}
