/* cli/cmd_follow: calendars that are followed: what `import --follow` and `follow` share. Main thread. */
#ifndef LITANG_CLI_CMD_FOLLOW_H
#define LITANG_CLI_CMD_FOLLOW_H

#include "cli/cli.h"
#include "importers/import.h"

struct follow_wish {
    const char *source; /* as typed */
    int64_t every_minutes;
    bool allow_private;
};

/* Reads the calendar once, shows what it gives, and follows it from now on; `options` are those of the
 * import. */
int cli_follow_add(struct cli *cli, const struct follow_wish *wish, const struct import_options *options);

#endif
