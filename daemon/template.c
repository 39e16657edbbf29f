/* daemon/template: see template.h. */
#include "daemon/template.h"

#include "ical/feed.h"
#include "store/change.h"

#include <stdio.h>

enum error_code template_publish(const char *db_path, struct clock_source clock, struct error *err)
{
    struct store *store = NULL;
    struct change_set *set = NULL;
    struct commit_result result = {0};
    char value[16];
    snprintf(value, sizeof value, "%d", FEED_TEMPLATE);
    const struct cell cells[] = {CELL_STR("name", "feed_template"), CELL_STR("value", value)};
    enum error_code code = store_open(db_path, STORE_OPEN, clock, &store, err);
    if (code == ERR_NONE) {
        code = change_set_create("litang", "日历模板更新 (the wording of feeds changed)", "serve", &set, err);
    }
    if (code == ERR_NONE) {
        code = change_set_put(set, TABLE_SETTING, cells, 2, err);
    }
    if (code == ERR_NONE) {
        code = store_commit(store, set, false, &result, err);
        commit_result_finish(&result);
    }
    change_set_destroy(set);
    store_close(store);
    return code;
}
