/* What was reported and stays: the periods; one period's figures, its corrections and what is known now; the
 * corrections one by one; and the note that a coverage report of a frozen period carries. */
#include "reports/report.h"

#include "base/date.h"
#include "base/limits.h"
#include "base/zone.h"
#include "reports/freeze.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *instant_words(const struct report_query *query, struct report_table *table, int64_t at)
{
    struct zone zone;
    int32_t day = 0;
    if (zone_load(query->timetable->tzid, &zone, NULL) != ERR_NONE) {
        return NULL;
    }
    zone_local_from_utc(&zone, at, &day, NULL, NULL);
    return report_date(table, day);
}

static const char *area_words(const struct report_query *query, struct report_table *table,
                              const char *area_id)
{
    const struct timetable *tt = query->timetable;
    uint32_t area = timetable_find_area(tt, area_id);
    if (area != NONE) {
        return tt->areas[area].name;
    }
    return strcmp(area_id, FROZEN_CITY) == 0 ? tt->city_name : report_text(table, area_id);
}

static const char *figure_words(const struct report_query *query, struct report_table *table,
                                const char *name)
{
    struct text words;
    text_init(&words, LIMIT_NOTE_BYTES);
    freeze_title(name, !query->english, &words);
    const char *copy = report_text(table, text_string(&words));
    text_finish(&words);
    return copy;
}

/* ---- the periods ---- */

enum {
    P_ID,
    P_FROM,
    P_TO,
    P_AREA,
    P_MINIMUM,
    P_REVISION,
    P_DATE,
    P_ACTOR,
    P_REASON,
    P_COLUMNS
};

static const struct report_column PERIODS[P_COLUMNS] = {
    {.key = "period", .zh = "时段", .en = "period"},
    {.key = "from", .zh = "首日", .en = "from", .type = REPORT_DATE},
    {.key = "to", .zh = "末日", .en = "to", .type = REPORT_DATE},
    {.key = "area", .zh = "范围", .en = "area"},
    {.key = "minimum", .zh = "至少场次", .en = "minimum", .type = REPORT_COUNT},
    {.key = "revision", .zh = "当时版本", .en = "at revision", .type = REPORT_COUNT},
    {.key = "date", .zh = "上报日", .en = "reported on", .type = REPORT_DATE},
    {.key = "actor", .zh = "上报人", .en = "by"},
    {.key = "reason", .zh = "说明", .en = "why"},
};

static void periods_list(const struct report_query *query, const struct frozen_periods *periods,
                         struct report_table *table)
{
    report_table_init(table, "frozen", "已上报时段", "Reported periods", PERIODS, P_COLUMNS);
    for (size_t i = 0; i < periods->count; i++) {
        const struct frozen_period *period = &periods->items[i];
        struct report_cell *row = report_row(table);
        row[P_ID] = cell_text(report_text(table, period->id));
        row[P_FROM] = cell_text(report_date(table, period->from_day));
        row[P_TO] = cell_text(report_date(table, period->to_day));
        row[P_AREA] = cell_text(area_words(query, table, period->area_id));
        row[P_MINIMUM] = cell_count(period->minimum);
        row[P_REVISION] = cell_count(period->revision);
        row[P_DATE] = cell_text(instant_words(query, table, period->at));
        row[P_ACTOR] = cell_text(report_text(table, period->actor));
        row[P_REASON] = cell_text(report_text(table, period->reason));
    }
}

/* ---- one period's figures ---- */

enum {
    F_AREA_ID,
    F_AREA,
    F_NAME,
    F_TITLE,
    F_FROZEN,
    F_CORRECTION,
    F_CORRECTED,
    F_NOW,
    F_COLUMNS
};

static const struct report_column FIGURES[F_COLUMNS] = {
    {.key = "area_id", .zh = "区域代码", .en = "area code"},
    {.key = "area", .zh = "区域", .en = "area"},
    {.key = "figure", .zh = "指标", .en = "figure"},
    {.key = "title", .zh = "名称", .en = "title"},
    {.key = "frozen", .zh = "上报数", .en = "reported", .type = REPORT_COUNT},
    {.key = "correction", .zh = "更正", .en = "corrections", .type = REPORT_COUNT},
    {.key = "corrected", .zh = "更正后", .en = "corrected", .type = REPORT_COUNT},
    {.key = "now", .zh = "现在所知", .en = "known now", .type = REPORT_COUNT},
};

static bool shows_area(const struct report_query *query, const struct frozen_period *period,
                       const char *area_id)
{
    const struct timetable *tt = query->timetable;
    if (strcmp(area_id, period->area_id) == 0) {
        return query->by == BY_COUNT || query->by == BY_CITY;
    }
    uint32_t area = timetable_find_area(tt, area_id);
    enum area_level level = query->by == BY_COUNTY ? AREA_COUNTY : AREA_TOWNSHIP;
    return (query->by == BY_COUNTY || query->by == BY_TOWNSHIP) && area != NONE &&
           tt->areas[area].level == level &&
           (query->area == NONE || timetable_area_within(tt, area, query->area));
}

static int64_t now_of(const struct freeze_figures *now, const struct frozen_figure *figure)
{
    for (size_t i = 0; i < now->count; i++) {
        if (strcmp(now->items[i].area_id, figure->area_id) == 0 &&
            strcmp(now->items[i].name, figure->name) == 0) {
            return now->items[i].value;
        }
    }
    return -1;
}

static void period_note(const struct report_query *query, const struct frozen_period *period,
                        struct report_table *table)
{
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    date_format(period->from_day, from);
    date_format(period->to_day, to);
    const char *on = instant_words(query, table, period->at);
    report_note(
        table,
        report_textf(table, "%s 至 %s；%s 由%s上报：%s；当时版本 %" PRId64 "，现在版本 %" PRId64, from, to,
                     on, period->actor, period->reason, period->revision, query->timetable->revision),
        report_textf(table, "%s to %s; reported on %s by %s: %s; at revision %" PRId64 ", now %" PRId64, from,
                     to, on, period->actor, period->reason, period->revision, query->timetable->revision));
}

static void figure_row(const struct report_query *query, const struct frozen_figure *figure, int64_t now,
                       struct report_table *table)
{
    struct report_cell *row = report_row(table);
    row[F_AREA_ID] = cell_text(report_text(table, figure->area_id));
    row[F_AREA] = cell_text(area_words(query, table, figure->area_id));
    row[F_NAME] = cell_text(report_text(table, figure->name));
    row[F_TITLE] = cell_text(figure_words(query, table, figure->name));
    row[F_FROZEN] = cell_count(figure->value);
    row[F_CORRECTION] = cell_count(figure->corrected - figure->value);
    row[F_CORRECTED] = cell_count(figure->corrected);
    row[F_NOW] = cell_entered(now);
}

static enum error_code figures_fill(const struct report_query *query, const struct frozen_period *period,
                                    struct report_table *table, struct error *err)
{
    struct frozen_figures figures;
    struct freeze_figures now = {0};
    uint32_t area = timetable_find_area(query->timetable, period->area_id);
    enum error_code code =
        frozen_figures_load(query->store, period->id, query->timetable->revision, &figures, err);
    if (code == ERR_NONE && (area != NONE || strcmp(period->area_id, FROZEN_CITY) == 0)) {
        code = freeze_compute(query->timetable, period->from_day, period->to_day, period->minimum, area, &now,
                              err);
    }
    report_table_init(table, "frozen", NULL, NULL, FIGURES, F_COLUMNS);
    table->title_zh = report_textf(table, "已上报数字与更正：%s", period->id);
    table->title_en = report_textf(table, "Reported figures and corrections: %s", period->id);
    period_note(query, period, table);
    for (size_t i = 0; code == ERR_NONE && i < figures.count; i++) {
        if (shows_area(query, period, figures.items[i].area_id)) {
            figure_row(query, &figures.items[i], now_of(&now, &figures.items[i]), table);
        }
    }
    frozen_figures_finish(&figures);
    freeze_figures_finish(&now);
    return code;
}

static enum error_code period_missing(const char *id, struct error *err)
{
    return error_set(err, ERR_NOT_FOUND, "没有上报过时段 %.60s (no such reported period)", id);
}

enum error_code report_frozen(const struct report_query *query, struct report_table *table, struct error *err)
{
    struct frozen_periods periods;
    if (query->store == NULL) {
        return error_set(err, ERR_USAGE, "report frozen needs the store");
    }
    enum error_code code = frozen_periods_load(query->store, query->timetable->revision, &periods, err);
    if (code == ERR_NONE && query->period == NULL) {
        periods_list(query, &periods, table);
    } else if (code == ERR_NONE) {
        const struct frozen_period *period = frozen_periods_find(&periods, query->period);
        code = period != NULL ? figures_fill(query, period, table, err) : period_missing(query->period, err);
    }
    frozen_periods_finish(&periods);
    return code;
}

/* ---- corrections ---- */

enum {
    C_AREA,
    C_TITLE,
    C_DIFFERENCE,
    C_KIND,
    C_REVISION,
    C_DATE,
    C_ACTOR,
    C_REASON,
    C_COLUMNS
};

static const struct report_column CORRECTIONS[C_COLUMNS] = {
    {.key = "area", .zh = "区域", .en = "area"},
    {.key = "figure", .zh = "指标", .en = "figure"},
    {.key = "difference", .zh = "更正", .en = "difference", .type = REPORT_COUNT},
    {.key = "kind", .zh = "来源", .en = "source"},
    {.key = "revision", .zh = "依据版本", .en = "known at revision", .type = REPORT_COUNT},
    {.key = "date", .zh = "日期", .en = "date", .type = REPORT_DATE},
    {.key = "actor", .zh = "更正人", .en = "by"},
    {.key = "reason", .zh = "原因", .en = "why"},
};

static enum error_code corrections_fill(const struct report_query *query, const struct frozen_period *period,
                                        struct report_table *table, struct error *err)
{
    struct corrections corrections;
    enum error_code code =
        corrections_load(query->store, period->id, query->timetable->revision, &corrections, err);
    report_table_init(table, "corrections", NULL, NULL, CORRECTIONS, C_COLUMNS);
    table->title_zh = report_textf(table, "更正记录：%s", period->id);
    table->title_en = report_textf(table, "Corrections: %s", period->id);
    period_note(query, period, table);
    for (size_t i = 0; code == ERR_NONE && i < corrections.count; i++) {
        const struct correction *it = &corrections.items[i];
        struct report_cell *row = report_row(table);
        row[C_AREA] = cell_text(area_words(query, table, it->area_id));
        row[C_TITLE] = cell_text(figure_words(query, table, it->name));
        row[C_DIFFERENCE] = cell_count(it->difference);
        row[C_KIND] = cell_text(it->by_hand      ? query->english ? "typed" : "手工"
                                : query->english ? "computed"
                                                 : "计算");
        row[C_REVISION] = cell_count(it->revision);
        row[C_DATE] = cell_text(instant_words(query, table, it->at));
        row[C_ACTOR] = cell_text(report_text(table, it->actor));
        row[C_REASON] = cell_text(report_text(table, it->reason));
    }
    corrections_finish(&corrections);
    return code;
}

enum error_code report_corrections(const struct report_query *query, struct report_table *table,
                                   struct error *err)
{
    struct frozen_periods periods;
    if (query->store == NULL || query->period == NULL) {
        return error_set(err, ERR_USAGE, "请写明时段名称 (name the period)");
    }
    enum error_code code = frozen_periods_load(query->store, query->timetable->revision, &periods, err);
    if (code == ERR_NONE) {
        const struct frozen_period *period = frozen_periods_find(&periods, query->period);
        code =
            period != NULL ? corrections_fill(query, period, table, err) : period_missing(query->period, err);
    }
    frozen_periods_finish(&periods);
    return code;
}

/* ---- the note ---- */

static int64_t figure_value(const struct frozen_figures *figures, const char *area_id,
                            enum coverage_definition definition, const char *part, bool corrected)
{
    char name[96];
    snprintf(name, sizeof name, "%s %s", coverage_name(definition), part);
    const struct frozen_figure *figure = frozen_figures_find(figures, area_id, name);
    return figure == NULL ? 0 : corrected ? figure->corrected : figure->value;
}

static void frozen_note_add(const struct report_query *query, const struct frozen_period *period,
                            const struct frozen_figures *figures, struct report_table *table)
{
    char rates[2][COVERAGE_RATE_SIZE];
    int64_t counts[2][2];
    for (int i = 0; i < 2; i++) {
        counts[i][0] = figure_value(figures, period->area_id, query->definition, "numerator", i == 1);
        counts[i][1] = figure_value(figures, period->area_id, query->definition, "denominator", i == 1);
        ratio_format(counts[i][0], counts[i][1], 100, rates[i]);
    }
    report_note(table,
                report_textf(table,
                             "此时段已上报（%s，%s，%s）：%s %%（%" PRId64 " ÷ %" PRId64
                             "）；更正后 %s %%（%" PRId64 " ÷ %" PRId64 "）",
                             period->id, instant_words(query, table, period->at), period->actor, rates[0],
                             counts[0][0], counts[0][1], rates[1], counts[1][0], counts[1][1]),
                report_textf(table,
                             "this period was reported (%s, %s, by %s): %s %% (%" PRId64 " of %" PRId64
                             "); corrected %s %% (%" PRId64 " of %" PRId64 ")",
                             period->id, instant_words(query, table, period->at), period->actor, rates[0],
                             counts[0][0], counts[0][1], rates[1], counts[1][0], counts[1][1]));
}

enum error_code report_note_frozen(struct report_table *table, const struct report_query *query,
                                   struct error *err)
{
    struct frozen_periods periods;
    const char *area = query->area != NONE ? query->timetable->areas[query->area].id : FROZEN_CITY;
    if (query->store == NULL) {
        return ERR_NONE;
    }
    enum error_code code = frozen_periods_load(query->store, query->timetable->revision, &periods, err);
    for (size_t i = 0; code == ERR_NONE && i < periods.count; i++) {
        const struct frozen_period *period = &periods.items[i];
        struct frozen_figures figures;
        if (period->from_day != query->from_day || period->to_day != query->to_day ||
            period->minimum != query->minimum || strcmp(period->area_id, area) != 0 ||
            table->note_count == REPORT_NOTES_MAX) {
            continue;
        }
        code = frozen_figures_load(query->store, period->id, query->timetable->revision, &figures, err);
        if (code == ERR_NONE) {
            frozen_note_add(query, period, &figures, table);
        }
        frozen_figures_finish(&figures);
    }
    frozen_periods_finish(&periods);
    return code;
}
