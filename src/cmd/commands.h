#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include "cmd/command.h"

extern const struct command command_init, command_ingest, command_formats, command_events,
	command_intel, command_claims, command_search, command_match, command_look,
	command_coverage, command_status, command_people, command_who, command_screen, command_fsck,
	command_backup, command_erase, command_reindex, command_rule, command_detect;

#endif
