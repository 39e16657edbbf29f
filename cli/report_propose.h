/* cli/report_propose: `litang report coverage --propose`. Main thread. */
#ifndef LITANG_CLI_REPORT_PROPOSE_H
#define LITANG_CLI_REPORT_PROPOSE_H

#include "cli/cli.h"

/* Is --propose among the words of a report? */
bool report_wants_proposals(int argc, char **argv);
/* The command with its own options; argv[0] is "report". */
int report_propose(struct cli *cli, int argc, char **argv);

#endif
