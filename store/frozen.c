#include "store/frozen.h"

#include "base/date.h"
#include "base/vec.h"
#include "store/store_private.h"

#include <stdlib.h>
#include <string.h>

static enum error_code memory_error(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

/* One row of a query into the next item of a list. */
typedef enum error_code item_reader(const struct statement *rows, struct arena *arena, void *item,
                                    struct error *err);

static enum error_code list_load(struct store *store, const char *sql, const char *period_id,
                                 int64_t revision, size_t item_size, item_reader *read, struct arena *arena,
                                 void **items, size_t *count, struct error *err)
{
    struct statement rows = {0};
    size_t capacity = 0;
    bool row = true;
    enum error_code code = statement_prepare(&rows, store->db, sql, err);
    if (code == ERR_NONE && period_id != NULL) {
        statement_text(&rows, ":period", period_id);
    }
    if (code == ERR_NONE) {
        statement_integer(&rows, ":revision", revision);
    }
    while (code == ERR_NONE && row) {
        code = statement_step(&rows, &row, err);
        if (code != ERR_NONE || !row) {
            continue;
        }
        void *grown = vec_reserve(*items, &capacity, *count + 1, item_size, LIMIT_ROWS);
        if (grown == NULL) {
            code = memory_error(err);
            continue;
        }
        *items = grown;
        code = read(&rows, arena, (char *)grown + *count * item_size, err);
        *count += code == ERR_NONE;
    }
    statement_finish(&rows);
    return code;
}

static bool text_take_column(const struct statement *rows, int column, struct arena *arena,
                             const char **ret_text)
{
    *ret_text = arena_copy_text(arena, column_text(rows, column));
    return *ret_text != NULL;
}

/* ---- periods ---- */

static enum error_code period_read(const struct statement *rows, struct arena *arena, void *item,
                                   struct error *err)
{
    struct frozen_period *period = item;
    *period = (struct frozen_period){
        .minimum = column_small(rows, 4), .revision = column_integer(rows, 5), .at = column_integer(rows, 8)};
    if (!date_parse(column_text(rows, 1), &period->from_day) ||
        !date_parse(column_text(rows, 2), &period->to_day)) {
        return error_set(err, ERR_DATABASE, "frozen_period %.60s: date", column_text(rows, 0));
    }
    bool kept =
        text_take_column(rows, 0, arena, &period->id) && text_take_column(rows, 3, arena, &period->area_id) &&
        text_take_column(rows, 6, arena, &period->reason) && text_take_column(rows, 7, arena, &period->actor);
    return kept ? ERR_NONE : memory_error(err);
}

enum error_code frozen_periods_load(struct store *store, int64_t revision, struct frozen_periods *ret_periods,
                                    struct error *err)
{
    void *items = NULL;
    *ret_periods = (struct frozen_periods){0};
    arena_init(&ret_periods->arena);
    enum error_code code =
        list_load(store,
                  "SELECT id, from_date, to_date, area_id, minimum, revision, reason, actor, at "
                  "FROM frozen_period WHERE revision < :revision ORDER BY from_date, id",
                  NULL, revision, sizeof *ret_periods->items, period_read, &ret_periods->arena, &items,
                  &ret_periods->count, err);
    ret_periods->items = items;
    return code;
}

void frozen_periods_finish(struct frozen_periods *periods)
{
    free(periods->items);
    arena_finish(&periods->arena);
    *periods = (struct frozen_periods){0};
}

const struct frozen_period *frozen_periods_find(const struct frozen_periods *periods, const char *id)
{
    for (size_t i = 0; i < periods->count; i++) {
        if (strcmp(periods->items[i].id, id) == 0) {
            return &periods->items[i];
        }
    }
    return NULL;
}

/* ---- figures ---- */

static enum error_code figure_read(const struct statement *rows, struct arena *arena, void *item,
                                   struct error *err)
{
    struct frozen_figure *figure = item;
    *figure = (struct frozen_figure){.value = column_integer(rows, 2),
                                     .corrected = column_integer(rows, 3),
                                     .by_hand = column_integer(rows, 4)};
    bool kept =
        text_take_column(rows, 0, arena, &figure->area_id) && text_take_column(rows, 1, arena, &figure->name);
    return kept ? ERR_NONE : memory_error(err);
}

enum error_code frozen_figures_load(struct store *store, const char *period_id, int64_t revision,
                                    struct frozen_figures *ret_figures, struct error *err)
{
    void *items = NULL;
    *ret_figures = (struct frozen_figures){0};
    arena_init(&ret_figures->arena);
    enum error_code code = list_load(
        store,
        "SELECT f.area_id, f.name, f.value, f.value + coalesce(sum(c.difference), 0), "
        "coalesce(sum(CASE WHEN c.by_hand = 1 THEN c.difference END), 0) FROM frozen_figure f "
        "LEFT JOIN correction c ON c.period_id = f.period_id AND c.area_id = f.area_id AND c.name = f.name "
        "AND c.revision < :revision WHERE f.period_id = :period GROUP BY f.area_id, f.name, f.value "
        "ORDER BY f.area_id, f.name",
        period_id, revision, sizeof *ret_figures->items, figure_read, &ret_figures->arena, &items,
        &ret_figures->count, err);
    ret_figures->items = items;
    return code;
}

void frozen_figures_finish(struct frozen_figures *figures)
{
    free(figures->items);
    arena_finish(&figures->arena);
    *figures = (struct frozen_figures){0};
}

const struct frozen_figure *frozen_figures_find(const struct frozen_figures *figures, const char *area_id,
                                                const char *name)
{
    size_t low = 0;
    size_t high = figures->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct frozen_figure *figure = &figures->items[middle];
        int order = strcmp(figure->area_id, area_id);
        order = order != 0 ? order : strcmp(figure->name, name);
        if (order == 0) {
            return figure;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return NULL;
}

/* ---- corrections ---- */

static enum error_code correction_read(const struct statement *rows, struct arena *arena, void *item,
                                       struct error *err)
{
    struct correction *correction = item;
    *correction = (struct correction){.revision = column_integer(rows, 2),
                                      .difference = column_integer(rows, 3),
                                      .at = column_integer(rows, 6),
                                      .by_hand = column_integer(rows, 7) != 0};
    bool kept = text_take_column(rows, 0, arena, &correction->area_id) &&
                text_take_column(rows, 1, arena, &correction->name) &&
                text_take_column(rows, 4, arena, &correction->reason) &&
                text_take_column(rows, 5, arena, &correction->actor);
    return kept ? ERR_NONE : memory_error(err);
}

enum error_code corrections_load(struct store *store, const char *period_id, int64_t revision,
                                 struct corrections *ret_corrections, struct error *err)
{
    void *items = NULL;
    *ret_corrections = (struct corrections){0};
    arena_init(&ret_corrections->arena);
    enum error_code code =
        list_load(store,
                  "SELECT area_id, name, revision, difference, reason, actor, at, by_hand FROM correction "
                  "WHERE period_id = :period AND revision < :revision ORDER BY revision, area_id, name",
                  period_id, revision, sizeof *ret_corrections->items, correction_read,
                  &ret_corrections->arena, &items, &ret_corrections->count, err);
    ret_corrections->items = items;
    return code;
}

void corrections_finish(struct corrections *corrections)
{
    free(corrections->items);
    arena_finish(&corrections->arena);
    *corrections = (struct corrections){0};
}
