#include "store/attendance.h"

#include "base/vec.h"
#include "store/store_private.h"

#include <stdlib.h>

static int32_t count_or_none(const struct statement *rows, int column)
{
    return column_null(rows, column) ? -1 : column_small(rows, column);
}

enum error_code attendance_load(struct store *store, struct attendance_list *ret_list, struct error *err)
{
    struct statement rows;
    size_t capacity = 0;
    bool row = true;
    *ret_list = (struct attendance_list){0};
    enum error_code code = statement_prepare(&rows, store->db,
                                             "SELECT session_id, held, heads, heads_60, satisfaction, "
                                             "recorded_at FROM attendance ORDER BY session_id",
                                             err);
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        if (code != ERR_NONE || !row) {
            continue;
        }
        void *grown =
            vec_reserve(ret_list->items, &capacity, ret_list->count + 1, sizeof *ret_list->items, LIMIT_ROWS);
        if (grown == NULL) {
            code = error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
            continue;
        }
        ret_list->items = grown;
        ret_list->items[ret_list->count++] = (struct attendance){
            .session_id = column_integer(&rows, 0),
            .held = column_integer(&rows, 1) != 0,
            .heads = count_or_none(&rows, 2),
            .heads_60 = count_or_none(&rows, 3),
            .satisfaction = count_or_none(&rows, 4),
            .recorded_at = column_integer(&rows, 5),
        };
    }
    statement_finish(&rows);
    return code;
}

void attendance_list_finish(struct attendance_list *list)
{
    free(list->items);
    *list = (struct attendance_list){0};
}
