/*
 * What mails are said to hold.  With arguments it prints the facts of files, one line of JSON and
 * the names of the flaws each, for tests that hold other parsers' answers against it:
 *
 *	facts.t [-o HOST]… FILE…
 */
#include "t/tap.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/limits.h"
#include "mail/facts.h"
#include "text/json.h"

static struct mail *mail;

static void print_file(const char *path, const struct mail_options *o)
{
	struct flaw room[LIMIT_FLAWS_PER_RECORD];
	struct flaws flaws = {.at = room};
	struct buf raw = {0}, out = {0};
	struct err err = {0};

	if (!file_read(AT_FDCWD, path, 1 << 30, &raw, &err))
		BUG("%s", err.msg);
	mail_facts(mail, buf_view(&raw), o, &out, &flaws);
	buf_putc(&out, '\t');
	for (uint32_t i = 0; i < flaws.n; i++)
		buf_addf(&out, " %s@%u", flaw_name(flaws.at[i].code), flaws.at[i].offset);
	buf_putc(&out, '\n');
	fwrite(out.p, 1, out.n, stdout);
	buf_release(&raw);
	buf_release(&out);
}

static int print_files(int argc, char **argv)
{
	struct str hosts[16];
	struct mail_options o = {.own_hosts = hosts};
	int i = 1;

	for (; i + 1 < argc && strcmp(argv[i], "-o") == 0 && o.n_own < 16; i += 2)
		hosts[o.n_own++] = str_of(argv[i + 1]);
	for (; i < argc; i++)
		print_file(argv[i], &o);
	return 0;
}

int main(int argc, char **argv)
{
	mail = mail_new();
	if (argc > 1)
		return print_files(argc, argv);
	mail_free(mail);
	return tap_end();
}
