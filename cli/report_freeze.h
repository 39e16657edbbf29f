/* cli/report_freeze: `litang report freeze | correct | target`: the sub-commands of report that write. Main
 * thread. */
#ifndef LITANG_CLI_REPORT_FREEZE_H
#define LITANG_CLI_REPORT_FREEZE_H

#include "cli/cli.h"

/* argv[0] is the sub-command's name; the answer is an exit code. */
int report_freeze(struct cli *cli, int argc, char **argv);
int report_correct(struct cli *cli, int argc, char **argv);
int report_target(struct cli *cli, int argc, char **argv);

#endif
