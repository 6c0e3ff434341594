#include <archive.h>
#include <archive_entry.h>

#include "t/tap.h"
#include "t/unpack/unpack.h"

struct member {
	const char *name, *bytes;
	int type; /* AE_IFREG, … */
};

static const struct member members[] = {
	{"Takeout/", "", AE_IFDIR},
	{"Takeout/Mail/All mail.mbox", "From a\n", AE_IFREG},
	{"../../etc/passwd", "root", AE_IFREG},
	{"/absolute", "x", AE_IFREG},
	{"empty", "", AE_IFREG},
	{"link", "", AE_IFLNK},
};

/* What a writer of the library makes; 1 MiB is room enough. */
static struct str write_archive(
	int (*format)(struct archive *), const char *options, char *room, size_t size)
{
	struct archive *a = archive_write_new();
	size_t used = 0;

	if (format(a) != ARCHIVE_OK || (options && archive_write_set_options(a, options)) ||
		archive_write_set_bytes_per_block(a, 1) ||
		(options && archive_write_set_passphrase(a, "secret")) ||
		archive_write_open_memory(a, room, size, &used) != ARCHIVE_OK)
		printf("Bail out! %s\n", archive_error_string(a));
	for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
		struct archive_entry *e = archive_entry_new();
		archive_entry_set_pathname(e, members[i].name);
		archive_entry_set_filetype(e, (unsigned)members[i].type);
		archive_entry_set_perm(e, 0600);
		archive_entry_set_size(e, (la_int64_t)strlen(members[i].bytes));
		if (members[i].type == AE_IFLNK)
			archive_entry_set_symlink(e, "/etc/shadow");
		archive_write_header(a, e);
		archive_write_data(a, members[i].bytes, strlen(members[i].bytes));
		archive_entry_free(e);
	}
	archive_write_close(a);
	archive_write_free(a);
	return (struct str){room, used};
}

static const char all[] = "[Takeout/Mail/All mail.mbox]From a\n()[../../etc/passwd]root()"
			  "[/absolute]x()[empty]()";

static void members_come_by_name(void)
{
	static char room[1 << 20];
	static const struct {
		int (*format)(struct archive *);
		const char *name;
	} formats[] = {{archive_write_set_format_zip, "zip"},
		{archive_write_set_format_pax_restricted, "tar"},
		{archive_write_set_format_gnutar, "GNU tar"},
		{archive_write_set_format_7zip, "7z"}};
	struct buf flaws = {0};
	struct unpacked p;

	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		struct str in = write_archive(formats[i].format, NULL, room, sizeof(room));
		printf("# %s\n", formats[i].name);
		unpack_this(in, unpack_archive, &p);
		ok(p.good);
		/* 7z keeps what is empty at the end. */
		eq_str(buf_view(&p.out), str_of(all));
		eq_str(unpacked_flaws(&p, &flaws), STR(""));
		buf_release(&p.out);
		/* Cut: never a crash, and never without a word. */
		unpack_this(str_upto(in, in.n / 2), unpack_archive, &p);
		ok(p.good && p.flaws.n > 0);
		buf_release(&p.out);
	}
	buf_release(&flaws);
}

static void what_is_encrypted_is_said(void)
{
	static char room[1 << 20];
	struct buf flaws = {0};
	struct unpacked p;
	struct str in = write_archive(
		archive_write_set_format_zip, "zip:encryption=traditional", room, sizeof(room));

	unpack_this(in, unpack_archive, &p);
	eq_str(buf_view(&p.out), STR("[empty]()"));
	eq_str(unpacked_flaws(&p, &flaws), STR("encrypted encrypted encrypted"));
	buf_release(&p.out);
	buf_release(&flaws);
}

/* A zip's name in UTF-8 (APPNOTE appendix D: bit 11), as all programs of today write it. */
static void names_beyond_ascii_stay(void)
{
	static const char zip[] =
		"\120\113\003\004\024\000\000\010\000\000\000\000\041\000\203\026\334\214\001\000"
		"\000\000\001\000\000\000\003\000\000\000\303\274\142\170"
		"\120\113\001\002\024\003\024\000\000\010\000\000\000\000\041\000\203\026\334\214"
		"\001\000\000\000\001\000\000\000\003\000\000\000\000\000\000\000\000\000\000\000"
		"\244\201\000\000\000\000\303\274\142"
		"\120\113\005\006\000\000\000\000\001\000\001\000\061\000\000\000\042\000\000\000"
		"\000\000";
	struct unpacked p;

	unpack_this((struct str){zip, sizeof(zip) - 1}, unpack_archive, &p);
	eq_str(str_upto(buf_view(&p.out), 6), STR("[\xc3\xbc"
						  "b]x"));
	buf_release(&p.out);
}

/* A zip's member says what it would be on Unix; bytes that it has are given, or missed. */
static void bytes_of_devices_and_folders_are_missed(void)
{
	static const char
		local[] = "\120\113\003\004\024\000\000\000\000\000\000\000\041\000\203\026\334\214"
			  "\001\000\000\000\001\000\000\000\003\000\000\000\144\145\166\170",
		central[] = "\120\113\001\002\024\003\024\000\000\000\000\000\000\000\041\000\203"
			    "\026\334\214\001\000\000\000\001\000\000\000\003\000\000\000\000\000"
			    "\000\000\000\000\000\000\244\001\000\000\000\000\144\145\166",
		end[] = "\120\113\005\006\000\000\000\000\001\000\001\000\061\000\000\000\042\000"
			"\000\000\000\000";
	static const unsigned types[] = {
		AE_IFREG, AE_IFCHR, AE_IFBLK, AE_IFIFO, AE_IFSOCK, AE_IFDIR};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct buf zip = {0};
		struct unpacked p;
		buf_add(&zip, local, sizeof(local) - 1);
		buf_add(&zip, central, sizeof(central) - 1);
		/* The upper half of the external attributes (APPNOTE section 4.4.15). */
		zip.p[sizeof(local) - 1 + 41] = (char)(types[i] >> 8 | 1);
		buf_add(&zip, end, sizeof(end) - 1);
		unpack_this(buf_view(&zip), unpack_archive, &p);
		printf("# %o\n", types[i]);
		if (!ok(str_eq(buf_view(&p.out), STR("[dev]x()")) ||
			    str_eq(buf_view(&p.out), STR("[dev](not-read)")) ||
			    str_eq(buf_view(&p.out), STR("[dev/](not-read)"))))
			printf("# " STR_FMT "\n", STR_ARG(buf_view(&p.out)));
		buf_release(&p.out);
		buf_release(&zip);
	}
}

int main(void)
{
	bytes_of_devices_and_folders_are_missed();
	unpack_warm_up();
	names_beyond_ascii_stay();
	members_come_by_name();
	what_is_encrypted_is_said();
	return tap_end();
}
