/* cli/repair: what `plan --repair`, `close --repair` and `absent --repair` share. Main thread. */
#ifndef LITANG_CLI_REPAIR_H
#define LITANG_CLI_REPAIR_H

#include "cli/cli.h"

struct repair_wish {
    int32_t from_day, to_day; /* INT32_MIN: today, and the last day that anything is published or asked for */
    int64_t freeze_days;      /* from today on; 0: today's sessions may move */
    const char *requests;     /* ids of urgent requests, joined by commas; may be NULL */
    const char *name; /* of the draft; NULL: the first of repair, repair-2 … that is not published */
};

/* May the draft be called as wished? Asked before a disruption is committed; a refusal is said. An exit code.
 */
int cli_repair_check(struct cli *cli, const struct repair_wish *wish);

/* Mends the published timetable: saves the draft, prints it, and names what it leaves broken. With nothing to
 * change there is no draft, and an older one of a default name is dropped. An exit code. */
int cli_repair(struct cli *cli, const struct repair_wish *wish);

#endif
