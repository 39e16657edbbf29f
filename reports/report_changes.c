/* The change log: who changed what and why, oldest first. */
#include "reports/report.h"

#include "base/date.h"
#include "base/limits.h"
#include "base/zone.h"
#include "store/history.h"

enum {
    REVISION,
    DATE,
    TIME,
    ACTOR,
    REASON,
    SOURCE,
    CREATED,
    UPDATED,
    DROPPED,
    UNDO,
    COLUMNS
};

static const struct report_column CHANGES[COLUMNS] = {
    {.key = "revision", .zh = "版本", .en = "revision", .type = REPORT_COUNT},
    {.key = "date", .zh = "日期", .en = "date", .type = REPORT_DATE},
    {.key = "time", .zh = "时间", .en = "time"},
    {.key = "actor", .zh = "操作人", .en = "who"},
    {.key = "reason", .zh = "原因", .en = "why"},
    {.key = "source", .zh = "来源", .en = "source"},
    {.key = "created", .zh = "新增", .en = "created", .type = REPORT_COUNT, .total = TOTAL_SUM},
    {.key = "updated", .zh = "修改", .en = "updated", .type = REPORT_COUNT, .total = TOTAL_SUM},
    {.key = "dropped", .zh = "删除", .en = "dropped", .type = REPORT_COUNT, .total = TOTAL_SUM},
    {.key = "undo", .zh = "撤销关系", .en = "undo"},
};

static const char *undo_words(const struct report_query *query, struct report_table *table,
                              const struct history_entry *entry)
{
    if (entry->undoes != 0) {
        return report_textf(table, query->english ? "undoes %lld" : "撤销版本 %lld",
                            (long long)entry->undoes);
    }
    if (entry->undone_by != 0) {
        return report_textf(table, query->english ? "undone by %lld" : "已由版本 %lld 撤销",
                            (long long)entry->undone_by);
    }
    return NULL;
}

static void row_add(const struct report_query *query, const struct zone *zone,
                    const struct history_entry *entry, struct report_table *table)
{
    char time[TIME_TEXT_SIZE];
    int32_t day = 0;
    int32_t minute = 0;
    zone_local_from_utc(zone, entry->at, &day, &minute, NULL);
    if (day < query->from_day || day > query->to_day) {
        return;
    }
    minute_format(minute, time);
    struct report_cell *row = report_row(table);
    row[REVISION] = cell_count(entry->revision);
    row[DATE] = cell_text(report_date(table, day));
    row[TIME] = cell_text(report_text(table, time));
    row[ACTOR] = cell_text(report_text(table, entry->actor));
    row[REASON] = cell_text(report_text(table, entry->reason));
    row[SOURCE] = cell_text(report_text(table, entry->source));
    row[CREATED] = cell_count((int64_t)entry->created);
    row[UPDATED] = cell_count((int64_t)entry->updated);
    row[DROPPED] = cell_count((int64_t)entry->dropped);
    row[UNDO] = cell_text(undo_words(query, table, entry));
}

enum error_code report_changes(const struct report_query *query, struct report_table *table,
                               struct error *err)
{
    struct history history;
    struct zone zone;
    if (query->store == NULL) {
        return error_set(err, ERR_USAGE, "report changes needs the store");
    }
    enum error_code code = zone_load(query->timetable->tzid, &zone, err);
    if (code != ERR_NONE) {
        return code;
    }
    report_table_init(table, "changes", "变更记录", "Change log", CHANGES, COLUMNS);
    report_note_scope(table, query);
    code = history_load(query->store, LIMIT_ROWS, &history, err);
    for (size_t i = history.count; code == ERR_NONE && i > 0; i--) {
        if (history.items[i - 1].revision <= query->timetable->revision) {
            row_add(query, &zone, &history.items[i - 1], table);
        }
    }
    history_finish(&history);
    return code;
}
