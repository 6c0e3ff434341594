#ifndef CMD_RULEFILES_H
#define CMD_RULEFILES_H

#include "cmd/command.h"
#include "engine/rules.h"
#include "engine/walk.h"

/* Paths of rules as commands take them: files as they are, of folders YAML and YARA. */
struct rule_paths {
	struct walk walk;
	VEC(struct str) at;
};

MUST bool rule_paths_add(
	struct app *app, const char *path, struct rule_paths *inout_p, struct err *err);
void rule_paths_release(struct rule_paths *p);

/* The question about them, with the option --placeholders.  folders: room for the formats'. */
struct rules_asked rule_paths_question(
	struct app *app, const struct rule_paths *p, const char *what, const char *folders[4]);

#endif
