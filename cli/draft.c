/* cli/draft: see draft.h. */
#include "cli/draft.h"

#include "store/plans.h"

#include <stdio.h>

int draft_name_settle(struct store *store, const char *wish, const char *base,
                      char ret_name[LIMIT_ID_BYTES + 1])
{
    struct error err = {0};
    enum error_code failed =
        wish != NULL ? plan_name_check(store, wish, &err) : plan_name_default(store, base, ret_name, &err);
    if (failed != ERR_NONE) {
        return cli_error(&err);
    }
    if (wish != NULL) {
        (void)snprintf(ret_name, LIMIT_ID_BYTES + 1, "%s", wish);
    }
    return EXIT_DONE;
}

void draft_replaced_say(const struct cli *cli, struct store *store, const char *name)
{
    struct plan_entry entry;
    char at[INSTANT_TEXT_SIZE];
    char zh[LIMIT_ID_BYTES + LIMIT_NAME_BYTES + 128];
    char en[LIMIT_ID_BYTES + LIMIT_NAME_BYTES + 128];
    if (plan_look(store, name, &entry, NULL) != ERR_NONE || entry.items == 0) {
        return;
    }
    instant_format(entry.created_at, at);
    snprintf(zh, sizeof zh, "替换了 %s 于 %s 存的未发布方案“%s”；要并存，请用 --name 另取名。", entry.actor,
             at, name);
    snprintf(en, sizeof en, "this replaces the draft %s that %s saved at %s; --name keeps it.", name,
             entry.actor, at);
    cli_say(cli, zh, en);
}
