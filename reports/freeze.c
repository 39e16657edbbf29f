#include "reports/freeze.h"

#include "base/date.h"
#include "base/vec.h"
#include "reports/session_sum.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name, *zh, *en;
} SUMS[] = {
#define X(name, zh, en) {#name, zh, en},
    SESSION_SUM_LIST(X)
#undef X
};

static const struct {
    const char *name, *zh, *en;
} PARTS[] = {{"numerator", "已覆盖", "reached"},
             {"denominator", "应覆盖", "in use"},
             {"exempt", "豁免", "exempt"},
             {"closed", "停用", "closed"}};
enum {
    PART_COUNT = sizeof PARTS / sizeof PARTS[0]
};

struct freeze {
    const struct timetable *tt;
    int32_t from_day, to_day, minimum;
    uint32_t area;
    struct freeze_figures *figures;
    struct error *err;
};

void freeze_figures_finish(struct freeze_figures *figures)
{
    free(figures->items);
    arena_finish(&figures->arena);
    *figures = (struct freeze_figures){0};
}

static enum error_code figure_add(struct freeze *f, const char *area_id, const char *name, int64_t value)
{
    struct freeze_figure figure = {area_id, name, value};
    enum error_code code;
    VEC_PUSH(code, f->figures, figure, LIMIT_ROWS);
    return code == ERR_NONE ? ERR_NONE : error_set(f->err, code, "内存不足 (freeze: out of memory)");
}

static enum error_code sum_add(struct freeze *f, const char *area_id, const struct session_sum *sum)
{
    const int64_t values[] = {
#define X(name, zh, en) sum->name,
        SESSION_SUM_LIST(X)
#undef X
    };
    enum error_code code = ERR_NONE;
    for (size_t i = 0; i < sizeof values / sizeof *values && code == ERR_NONE; i++) {
        code = figure_add(f, area_id, SUMS[i].name, values[i]);
    }
    return code;
}

static enum error_code count_add(struct freeze *f, const char *area_id, const char *const names[PART_COUNT],
                                 const struct coverage_count *count)
{
    const int64_t values[PART_COUNT] = {count->numerator, count->denominator, count->exempt, count->closed};
    enum error_code code = ERR_NONE;
    for (int i = 0; i < PART_COUNT && code == ERR_NONE; i++) {
        code = figure_add(f, area_id, names[i], values[i]);
    }
    return code;
}

/* Counties and townships inside the whole; the whole has its own line. */
static bool is_part(const struct freeze *f, uint32_t area)
{
    enum area_level level = f->tt->areas[area].level;
    return (level == AREA_COUNTY || level == AREA_TOWNSHIP) && area != f->area &&
           (f->area == NONE || timetable_area_within(f->tt, area, f->area));
}

static const char *whole_id(const struct timetable *tt, uint32_t area)
{
    return area != NONE ? tt->areas[area].id : FROZEN_CITY;
}

static enum error_code sums_freeze(struct freeze *f)
{
    const struct timetable *tt = f->tt;
    struct session_sum *sums = calloc(tt->area_count + 1, sizeof *sums);
    struct session_sum whole = {0};
    if (sums == NULL) {
        return error_set(f->err, ERR_MEMORY, "内存不足 (freeze: out of memory)");
    }
    for (size_t i = 0; i < tt->session_count; i++) {
        const struct session *session = &tt->sessions[i];
        uint32_t area = tt->halls[tt->rooms[session->at.room].hall].area;
        if (session->at.day >= f->from_day && session->at.day <= f->to_day &&
            (f->area == NONE || timetable_area_within(tt, area, f->area))) {
            session_sum_add(&whole, session);
            session_sum_add_up(tt, area, session, sums);
        }
    }
    enum error_code code = sum_add(f, whole_id(tt, f->area), &whole);
    for (uint32_t a = 0; a < tt->area_count && code == ERR_NONE; a++) {
        code = is_part(f, a) ? sum_add(f, tt->areas[a].id, &sums[a]) : ERR_NONE;
    }
    free(sums);
    return code;
}

static enum error_code names_make(struct freeze *f, enum coverage_definition definition,
                                  const char *names[PART_COUNT])
{
    for (int i = 0; i < PART_COUNT; i++) {
        char name[96];
        snprintf(name, sizeof name, "%s %s", coverage_name(definition), PARTS[i].name);
        names[i] = arena_copy_text(&f->figures->arena, name);
        if (names[i] == NULL) {
            return error_set(f->err, ERR_MEMORY, "内存不足 (freeze: out of memory)");
        }
    }
    return ERR_NONE;
}

static enum error_code coverage_freeze(struct freeze *f, enum coverage_definition definition)
{
    const struct timetable *tt = f->tt;
    const char *names[PART_COUNT];
    struct coverage coverage;
    struct coverage_count *counts = calloc(tt->area_count + 1, sizeof *counts);
    enum error_code code =
        counts != NULL ? ERR_NONE : error_set(f->err, ERR_MEMORY, "内存不足 (freeze: out of memory)");
    if (code == ERR_NONE) {
        code = names_make(f, definition, names);
    }
    if (code == ERR_NONE) {
        code =
            coverage_compute(tt, definition, f->from_day, f->to_day, f->minimum, f->area, &coverage, f->err);
    }
    if (code != ERR_NONE) {
        free(counts);
        return code;
    }
    const struct coverage_count whole = {coverage.numerator, coverage.denominator, coverage.exempt,
                                         coverage.closed};
    coverage_spread(tt, &coverage, counts);
    coverage_finish(&coverage);
    code = count_add(f, whole_id(tt, f->area), names, &whole);
    for (uint32_t a = 0; a < tt->area_count && code == ERR_NONE; a++) {
        code = is_part(f, a) ? count_add(f, tt->areas[a].id, names, &counts[a]) : ERR_NONE;
    }
    free(counts);
    return code;
}

enum error_code freeze_compute(const struct timetable *timetable, int32_t from_day, int32_t to_day,
                               int32_t minimum, uint32_t area, struct freeze_figures *ret_figures,
                               struct error *err)
{
    struct freeze f = {timetable, from_day, to_day, minimum, area, ret_figures, err};
    *ret_figures = (struct freeze_figures){0};
    arena_init(&ret_figures->arena);
    enum error_code code = sums_freeze(&f);
    for (int i = 0; i < COVERAGE_COUNT && code == ERR_NONE; i++) {
        code = coverage_freeze(&f, (enum coverage_definition)i);
    }
    return code;
}

/* ---- change sets ---- */

static enum error_code period_put(struct change_set *set, const struct timetable *timetable,
                                  const struct freeze_order *order, struct error *err)
{
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    date_format(order->from_day, from);
    date_format(order->to_day, to);
    const struct cell cells[] = {CELL_STR("id", order->id),
                                 CELL_STR("from_date", from),
                                 CELL_STR("to_date", to),
                                 CELL_STR("area_id", whole_id(timetable, order->area)),
                                 CELL_INT("minimum", order->minimum),
                                 CELL_INT("revision", timetable->revision),
                                 CELL_STR("reason", order->reason),
                                 CELL_STR("actor", order->actor),
                                 CELL_INT("at", order->at)};
    return change_set_put(set, TABLE_FROZEN_PERIOD, cells, sizeof cells / sizeof *cells, err);
}

enum error_code freeze_put(struct change_set *set, const struct timetable *timetable,
                           const struct freeze_order *order, struct error *err)
{
    struct freeze_figures figures;
    if (order->to_day >= order->today) {
        char to[DATE_TEXT_SIZE];
        date_format(order->to_day, to);
        return error_set(err, ERR_INPUT,
                         "时段到 %s 才结束，结束后才能固定；固定后不能撤销 (the period ends on %s: it can be "
                         "frozen once that day has passed, and never be undone)",
                         to, to);
    }
    enum error_code code =
        freeze_compute(timetable, order->from_day, order->to_day, order->minimum, order->area, &figures, err);
    if (code == ERR_NONE) {
        code = period_put(set, timetable, order, err);
    }
    for (size_t i = 0; i < figures.count && code == ERR_NONE; i++) {
        const struct freeze_figure *figure = &figures.items[i];
        const struct cell cells[] = {CELL_STR("period_id", order->id), CELL_STR("area_id", figure->area_id),
                                     CELL_STR("name", figure->name), CELL_INT("value", figure->value)};
        code = change_set_put(set, TABLE_FROZEN_FIGURE, cells, sizeof cells / sizeof *cells, err);
    }
    freeze_figures_finish(&figures);
    return code;
}

static enum error_code correction_put(struct change_set *set, const struct timetable *timetable,
                                      const struct frozen_period *period, const char *area_id,
                                      const char *name, int64_t difference, bool by_hand, const char *reason,
                                      const char *actor, int64_t at, struct error *err)
{
    const struct cell cells[] = {CELL_STR("period_id", period->id),
                                 CELL_STR("area_id", area_id),
                                 CELL_STR("name", name),
                                 CELL_INT("revision", timetable->revision),
                                 CELL_INT("difference", difference),
                                 CELL_STR("reason", reason),
                                 CELL_STR("actor", actor),
                                 CELL_INT("at", at),
                                 CELL_INT("by_hand", by_hand)};
    return change_set_put(set, TABLE_CORRECTION, cells, sizeof cells / sizeof *cells, err);
}

enum error_code freeze_correct(struct change_set *set, const struct timetable *timetable,
                               const struct frozen_period *period, const struct frozen_figures *frozen,
                               const char *reason, const char *actor, int64_t at, size_t *ret_count,
                               struct error *err)
{
    uint32_t area = NONE;
    struct freeze_figures figures;
    size_t count = 0;
    if (strcmp(period->area_id, FROZEN_CITY) != 0 &&
        (area = timetable_find_area(timetable, period->area_id)) == NONE) {
        return error_set(err, ERR_NOT_FOUND, "区域 %s 已不存在 (area %s is gone)", period->area_id,
                         period->area_id);
    }
    enum error_code code =
        freeze_compute(timetable, period->from_day, period->to_day, period->minimum, area, &figures, err);
    for (size_t i = 0; i < figures.count && code == ERR_NONE; i++) {
        const struct freeze_figure *figure = &figures.items[i];
        const struct frozen_figure *was = frozen_figures_find(frozen, figure->area_id, figure->name);
        /* A township that came later has nothing frozen to correct. What was typed is not in the records and
         * stands. */
        int64_t difference = was != NULL ? figure->value - (was->corrected - was->by_hand) : 0;
        if (difference != 0) {
            code = correction_put(set, timetable, period, figure->area_id, figure->name, difference, false,
                                  reason, actor, at, err);
            count++;
        }
    }
    freeze_figures_finish(&figures);
    if (code == ERR_NONE) {
        *ret_count = count;
    }
    return code;
}

enum error_code freeze_correct_one(struct change_set *set, const struct timetable *timetable,
                                   const struct frozen_period *period, const struct frozen_figures *frozen,
                                   const struct freeze_entry *entry, struct error *err)
{
    const char *area_id = entry->area != NONE ? timetable->areas[entry->area].id : period->area_id;
    if (frozen_figures_find(frozen, area_id, entry->name) == NULL) {
        return error_set(
            err, ERR_NOT_FOUND,
            "时段 %.60s 没有上报过此数字：%.60s %.60s，report frozen 列出全部 (no such figure was reported; "
            "report frozen lists them)",
            period->id, area_id, entry->name);
    }
    if (entry->difference == 0) {
        return error_set(err, ERR_INPUT, "更正不能为 0 (a correction is not 0)");
    }
    return correction_put(set, timetable, period, area_id, entry->name, entry->difference, true,
                          entry->reason, entry->actor, entry->at, err);
}

void freeze_title(const char *name, bool chinese, struct text *out)
{
    for (size_t i = 0; i < sizeof SUMS / sizeof *SUMS; i++) {
        if (strcmp(SUMS[i].name, name) == 0) {
            text_add(out, chinese ? SUMS[i].zh : SUMS[i].en);
            return;
        }
    }
    const char *part = strrchr(name, ' ');
    for (size_t i = 0; part != NULL && i < PART_COUNT; i++) {
        if (strcmp(PARTS[i].name, part + 1) == 0) {
            text_add_bytes(out, name, (size_t)(part - name) + 1);
            text_add(out, chinese ? PARTS[i].zh : PARTS[i].en);
            return;
        }
    }
    text_add(out, name);
}
