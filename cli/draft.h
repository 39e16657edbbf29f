/* cli/draft: what a new draft is called. Main thread. */
#ifndef LITANG_CLI_DRAFT_H
#define LITANG_CLI_DRAFT_H

#include "cli/cli.h"

/* The name that was wished for, or, for NULL, the first of `base`, base-2 … that no published plan has. An
 * exit code after saying why not. */
int draft_name_settle(struct store *store, const char *wish, const char *base,
                      char ret_name[LIMIT_ID_BYTES + 1]);
/* Says which draft of that name, and whose, will be replaced, if there is one. */
void draft_replaced_say(const struct cli *cli, struct store *store, const char *name);

#endif
