/* Attachments: what they are, and what they pretend to be. */
#include "mail/looking.h"

/*
 * Ends of names that Windows or an office program runs, mounts or opens as active content when
 * double-clicked; the classes that Outlook blocks (Microsoft, "Blocked attachments in Outlook")
 * and the containers used around them.
 */
static const char *const runs[] = {"exe", "scr", "com", "pif", "bat", "cmd", "ps1", "vbs", "vbe",
	"js", "jse", "wsf", "wsh", "hta", "msi", "lnk", "cpl", "jar", "chm", "reg", "url", "iso",
	"img", "vhd", "vhdx", "one", "xll", "appx", "application", "library-ms", "search-ms"};
static const char *const active[] = {
	"html", "htm", "shtml", "xhtml", "mht", "svg", "docm", "xlsm", "pptm", "xlsb", "dotm"};

static bool is_one_of(struct str end, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(end, str_of(list[i])))
			return true;
	return false;
}

/* Windows drops what it has at its end (Microsoft, "Naming Files, Paths, and Namespaces"). */
static struct str as_saved(struct str name)
{
	while (name.n && (name.p[name.n - 1] == '.' || name.p[name.n - 1] == ' '))
		name.n--;
	return name;
}

static struct str end_of(struct str name)
{
	size_t dot = name.n;

	for (size_t i = name.n; i > 0 && dot == name.n; i--)
		if (name.p[i - 1] == '.')
			dot = i;
	return dot == name.n ? STR("") : str_from(name, dot);
}

/* "invoice.pdf.exe": an end that is shown, and one that counts. */
static bool has_two_ends(struct str name)
{
	struct str last = end_of(name);
	struct str before = end_of(str_upto(name, name.n - last.n - 1));

	return before.n >= 3 && before.n <= 4 &&
	       is_one_of(before,
		       (const char *const[]){"pdf", "doc", "docx", "xls", "xlsx", "ppt", "pptx",
			       "txt", "jpg", "jpeg", "png", "zip", "rtf"},
		       13);
}

static void say_file(struct look *l, struct str name, struct str hash)
{
	/* U+202E RIGHT-TO-LEFT OVERRIDE, by which "gpj.exe" shows as "exe.jpg". */
	bool turned = str_find(name, STR("\xe2\x80\xae")) < name.n;
	struct str saved = as_saved(name), end = end_of(saved);

	if (turned)
		look_say(l, LOOK_BAD, "file-turned",
			"The name of the attachment " STR_FMT " is written to be read backwards.",
			STR_ARG(look_shown(l, name)));
	else if (is_one_of(end, runs, sizeof(runs) / sizeof(runs[0])))
		look_say(l, LOOK_BAD, "file-runs",
			"The attachment " STR_FMT " is a program, or holds one%s.",
			STR_ARG(look_shown(l, name)),
			has_two_ends(saved) ? ", and its name hides that" : "");
	else if (is_one_of(end, active, sizeof(active) / sizeof(active[0])))
		look_say(l, LOOK_ODD, "file-active",
			"The attachment " STR_FMT " can act on its own when it is opened.",
			STR_ARG(look_shown(l, name)));
	else
		look_say(l, LOOK_FACT, "file", "An attachment: " STR_FMT ", SHA-256 " STR_FMT ".",
			STR_ARG(look_shown(l, name)), STR_ARG(hash));
	look_probe(l, "file", "hash", hash);
}

void look_files(struct look *l)
{
	uint32_t list = look_get(l, l->mail, "parts");

	MEMBERS_EACH(&l->m, i, list)
	{
		struct str name = look_text(l, i, "name");
		struct str disposition = look_text(l, i, "disposition");
		if (name.n || str_eq(disposition, STR("attachment")))
			say_file(l, name.n ? name : STR("without a name"),
				look_text(l, i, "sha256"));
	}
}
