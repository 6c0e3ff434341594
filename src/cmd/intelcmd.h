#ifndef CMD_INTELCMD_H
#define CMD_INTELCMD_H

#include "cmd/command.h"
#include "engine/intel.h"
#include "text/jsonw.h"

/* The parts of `spoor intel`; each returns the exit status. */
int intel_cmd_add(struct app *app);
int intel_cmd_remove(struct app *app);
int intel_cmd_diff(struct app *app);
int intel_cmd_stix(struct app *app);

/* What the options say of files that are read; texts are the app's. */
struct intel_options intel_cmd_options(struct app *app);
/* The value, as people write it, or for what has none what was written. */
void intel_cmd_value(const struct indicator *in, struct buf *out);

#endif
