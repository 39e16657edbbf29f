/* cli/repair: what `plan --repair`, `close --repair` and `absent --repair` share. Main thread. */
#ifndef LITANG_CLI_REPAIR_H
#define LITANG_CLI_REPAIR_H

#include "cli/cli.h"

struct repair_wish {
    int32_t from_day, to_day; /* INT32_MIN: today, and the last day that anything is published or asked for */
    int64_t freeze_days;      /* from today on; 0: today's sessions may move */
    const char *requests;     /* ids of urgent requests, joined by commas; may be NULL */
    const char *name;         /* of the draft */
};

/* Mends the published timetable: saves the draft, prints it, and names what it leaves broken. An exit code.
 */
int cli_repair(struct cli *cli, const struct repair_wish *wish);

#endif
