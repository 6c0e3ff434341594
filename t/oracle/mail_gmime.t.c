/*
 * The parts of mails as GMime sees them.  Our samples must agree; of other people's torture mails
 * ($SPOOR_DATA) those that are listed differ, each for a reason.
 */
#include "t/tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <gmime/gmime.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "mail/mime.h"

static const char *const differ[] = {
	/* Parts without header and body, which GMime leaves out. */
	"malformed/000.eml",
	/* RFC 2046 §5.1.1: a boundary need not be all of the line; it must be for GMime. */
	"malformed/001.eml", "malformed/004.eml", "malformed/007.eml", "malformed/016.eml",
	/* A parameter without the semicolon in front of it. */
	"malformed/017.eml",
	/* Text that is said to be a mail, and isn't. */
	"malformed/022.eml",
	/* A line of blanks in the place of the empty one. */
	"mail-rspamd/fws_fn.eml", NULL};

/* The types of the leaves, a mail inside followed by its own. */
static void theirs(GMimeObject *o, struct buf *out)
{
	if (GMIME_IS_MULTIPART(o) && g_mime_multipart_get_count(GMIME_MULTIPART(o)) > 0) {
		for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(o)); i++)
			theirs(g_mime_multipart_get_part(GMIME_MULTIPART(o), i), out);
		return;
	}
	char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(o));
	for (char *p = type; *p; p++)
		buf_putc(out, ascii_lower(*p));
	buf_putc(out, ' ');
	g_free(type);
	GMimeMessage *m = GMIME_IS_MESSAGE_PART(o)
				  ? g_mime_message_part_get_message(GMIME_MESSAGE_PART(o))
				  : NULL;
	if (m && g_mime_message_get_mime_part(m))
		theirs(g_mime_message_get_mime_part(m), out);
}

static void gmime_parts(struct str raw, struct buf *out)
{
	GMimeStream *s = g_mime_stream_mem_new_with_buffer(raw.p, raw.n);
	GMimeParser *p = g_mime_parser_new_with_stream(s);
	GMimeMessage *m = g_mime_parser_construct_message(p, NULL);

	if (m && g_mime_message_get_mime_part(m))
		theirs(g_mime_message_get_mime_part(m), out);
	if (m)
		g_object_unref(m);
	g_object_unref(p);
	g_object_unref(s);
}

/* GMime looks into no mail that is encoded, or a header alone. */
static bool is_seen(const struct mime *m, uint32_t message)
{
	for (uint32_t i = 0; i < m->n_parts; i++)
		if (message && m->parts[i].message == message &&
			(str_eq(m->parts[i].encoding, STR("base64")) ||
				str_eq(m->parts[i].type->value, STR("text/rfc822-headers"))))
			return false;
	return true;
}

static void our_parts(struct str raw, struct buf *out)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct arena a = {0};
	struct charsets *c = charsets_new();
	struct mail_reading r = {&a, c, &flaws};
	struct mime m = mime_read(&r, raw, 0);

	for (uint32_t i = 0; i < m.n_parts; i++) {
		if (!is_seen(&m, m.parts[i].owner))
			continue;
		buf_str(out, m.parts[i].type->value);
		buf_putc(out, ' ');
	}
	charsets_free(c);
	arena_release(&a);
}

static bool is_known(const char *path)
{
	for (const char *const *d = differ; *d; d++)
		if (str_ends(str_of(path), str_of(*d)))
			return true;
	return false;
}

static void compare(const char *path)
{
	struct buf raw = {0}, a = {0}, b = {0};
	struct err err = {0};
	struct str text, line;

	if (!file_read(AT_FDCWD, path, 1 << 24, &raw, &err))
		BUG("%s", err.msg);
	text = buf_view(&raw);
	if (str_starts(text, STR("From ")))
		text = str_from(text, mail_line(text, 0, &line));
	our_parts(text, &a);
	gmime_parts(text, &b);
	bool same = str_eq(buf_view(&a), buf_view(&b));
	if (!tap_ok(same != is_known(path), path, __FILE__, __LINE__))
		printf("# ours " STR_FMT "\n# GMime " STR_FMT "\n", STR_ARG(buf_view(&a)),
			STR_ARG(buf_view(&b)));
	buf_release(&raw);
	buf_release(&a);
	buf_release(&b);
}

static int is_mail(const struct dirent *d)
{
	return str_ends(str_of(d->d_name), STR(".eml")) || str_ends(str_of(d->d_name), STR(".msg"));
}

static void compare_folder(const char *root, const char *name)
{
	struct dirent **names = NULL;
	char path[1200];

	snprintf(path, sizeof(path), "%s/%s", root, name);
	int n = scandir(path, &names, is_mail, alphasort);
	for (int i = 0; i < n; i++) {
		snprintf(path, sizeof(path), "%s/%s/%s", root, name, names[i]->d_name);
		compare(path);
		free(names[i]);
	}
	free(names);
}

/* GMime complains of what it reads. */
static void hush(const char *domain, GLogLevelFlags level, const char *message, void *arg)
{
	(void)domain;
	(void)level;
	(void)message;
	(void)arg;
}

int main(void)
{
	static const char *const folders[] = {"mail-rspamd", "mail-auth/spamassassin-dkim",
		"mail-parse-stalwart/rfc", "mail-parse-stalwart/legacy",
		"mail-parse-stalwart/thirdparty", "mail-parse-stalwart/malformed"};
	const char *data = getenv("SPOOR_DATA");

	g_mime_init();
	g_log_set_default_handler(hush, NULL);
	compare_folder("t/formats", "mail");
	for (size_t i = 0; data && i < sizeof(folders) / sizeof(folders[0]); i++)
		compare_folder(data, folders[i]);
	if (!data)
		printf("# no $SPOOR_DATA: our own samples alone\n");
	g_mime_shutdown();
	return tap_end();
}
