#include "importers/ics_note.h"

#include "importers/values.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *zh, *en;
} NOTES[NOTE_COUNT] = {
    [NOTE_FLOATING] = {"没有时区的时间 %s 处，按本系统时区读取",
                       "times without a zone, read as the zone of this system: %s"},
    [NOTE_ZULU] =
        {"TZID 与 Z 同时出现 %s 处，按标准以 Z（UTC）为准；若原意是当地时间，会差几小时，请核对",
         "TZID and Z together %s times; Z (UTC) counts, as the standard says; check whether local time "
         "was meant"},
    [NOTE_NAMELESS_ZONE] = {"时区名为空或未指明地区 %s 处，按本系统时区读取",
                            "times whose zone has no name, read as the zone of this system: %s"},
    [NOTE_FIXED_OFFSET] = {"时区只写了时差 %s 处，按固定时差读取（不计夏令时）",
                           "times whose zone is known by its offset only; read without summer time: %s"},
    [NOTE_OWN_ZONE] = {"时区名不常见 %s 处，按文件自带的 VTIMEZONE 读取",
                       "times in a zone of the file's own, read by its VTIMEZONE: %s"},
    [NOTE_FORM] = {"时间写法不标准 %s 处，已按其意读取", "times in a form of their own, read as meant: %s"},
    [NOTE_NO_END] = {"没有长度的日程 %s 个，有时刻的按 1 小时、全天的按 1 天计",
                     "events without a length: one hour, or one day when all-day: %s"},
    [NOTE_TWO_ENDS] = {"DTEND 与 DURATION 都有的日程 %s 个，以 DTEND 为准",
                       "events with DTEND and DURATION; DTEND counts: %s"},
    [NOTE_NO_UID] = {"没有 UID 的日程 %s 个，以时间和标题辨认；时间改了会被当作新日程",
                     "events without UID, known by time and title; a moved one will be a new one: %s"},
    [NOTE_TENTATIVE] = {"暂定（TENTATIVE）的日程 %s 个", "tentative events: %s"},
    [NOTE_TRANSPARENT] = {"不占用时间（TRANSPARENT/空闲）的日程 %s 个",
                          "events that take no time (TRANSPARENT): %s"},
    [NOTE_CANCELLED] = {"已取消（CANCELLED）的日程 %s 个，未导入", "cancelled events, left out: %s"},
    [NOTE_OLD_SEQUENCE] = {"同一 UID 的旧版本 %s 个，以 SEQUENCE 最大的为准",
                           "older versions of an event; the highest SEQUENCE counts: %s"},
    [NOTE_SAME_UID] = {"不同日程共用一个 UID %s 处，均保留", "events that share a UID; all are kept: %s"},
    [NOTE_BARE_EVENT] = {"日程外面没有 VCALENDAR %s 处，已接受",
                         "events without VCALENDAR around, accepted: %s"},
    [NOTE_OTHER_PART] = {"不是日程的内容（任务、备忘、忙闲等）%s 项，已忽略",
                         "parts that are no events (to-dos, journals …), ignored: %s"},
    [NOTE_CP1252] = {"不是 UTF-8 也不是中文编码，按 Windows-1252 读取，请核对文字",
                     "neither UTF-8 nor a Chinese encoding; read as Windows-1252, check the text"},
    [NOTE_BAD_UTF8] = {"坏掉的 UTF-8 字节 %s 处，显示为 \xEF\xBF\xBD",
                       "broken UTF-8 bytes, shown as U+FFFD: %s"},
    [NOTE_CONTROL] = {"控制字符 %s 处，已去掉", "control characters, taken out: %s"},
    [NOTE_WINDOW] = {"重复日程 %s 个超出展开范围，范围外的场次未导入",
                     "series go past the window; meetings outside it were left out: %s"},
    [NOTE_NO_MATCH] = {"EXDATE 或 RECURRENCE-ID %s 处对不上该系列的任何一次",
                       "EXDATE or RECURRENCE-ID that name no meeting of their series: %s"},
    [NOTE_OFF_RULE] = {"首次时间不在自身重复规则上的日程 %s 个，首次也计入",
                       "series whose first meeting is not one of their rule; it is kept: %s"},
    [NOTE_SHIFT] = {"只写“调休”的日子 %s 个，按上班处理",
                    "days that say 调休 only, taken as working days: %s"}};

static void add(struct ics_notes *notes, bool is_warning, uint32_t line, const char *name,
                const struct fault *fault, const char *shown)
{
    struct import_finding finding = {
        .code = fault->code, .row = line, .header = name, .zh = fault->zh, .en = fault->en, .text = shown};
    if (!import_report_add(notes->report, is_warning, &finding)) {
        notes->is_out_of_memory = true;
    }
}

void ics_note(struct ics_notes *notes, enum ics_note_kind kind, uint32_t line)
{
    if (notes->tally[kind].count++ == 0) {
        notes->tally[kind].line = line;
    }
}

void ics_notes_tell(struct ics_notes *notes)
{
    for (size_t i = 0; i < NOTE_COUNT; i++) {
        if (notes->tally[i].count > 0) {
            char count[24];
            struct fault fault;
            (void)snprintf(count, sizeof count, "%zu", notes->tally[i].count);
            (void)fault_set(&fault, CODE_ASSUMED, NOTES[i].zh, NOTES[i].en, count);
            add(notes, true, notes->tally[i].line, "", &fault, "");
            notes->tally[i].count = 0;
        }
    }
}

static int finding_compare(const void *a, const void *b)
{
    const struct import_finding *left = a;
    const struct import_finding *right = b;
    return (left->row > right->row) - (left->row < right->row);
}

void ics_notes_sort(struct ics_notes *notes)
{
    struct import_findings *const lists[] = {&notes->report->errors, &notes->report->warnings};
    for (size_t i = 0; i < 2; i++) {
        if (lists[i]->count > 1) {
            qsort(lists[i]->items, lists[i]->count, sizeof *lists[i]->items, finding_compare);
        }
    }
}

bool ics_fault(struct ics_notes *notes, uint32_t line, const char *name, enum import_code code,
               const char *zh, const char *en, const char *shown)
{
    struct fault fault;
    (void)fault_set(&fault, code, zh, en, shown);
    add(notes, false, line, name, &fault, shown);
    return false;
}

void ics_warn(struct ics_notes *notes, uint32_t line, const char *name, enum import_code code, const char *zh,
              const char *en, const char *shown)
{
    struct fault fault;
    (void)fault_set(&fault, code, zh, en, shown);
    add(notes, true, line, name, &fault, shown);
}
