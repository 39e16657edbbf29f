/* cli/edit_notes: see edit_notes.h. */
#include "cli/edit_notes.h"

#include "base/date.h"
#include "base/limits.h"
#include "scheduler/rules.h"

#include <inttypes.h>
#include <stdio.h>

enum {
    NOTE_SIZE = LIMIT_NOTE_BYTES
};

static void past_note(const struct cli *cli, const struct timetable *timetable, int32_t day)
{
    char date[DATE_TEXT_SIZE];
    char zh[NOTE_SIZE];
    char en[NOTE_SIZE];
    if (day >= cli_today(cli, timetable)) {
        return;
    }
    date_format(day, date);
    snprintf(zh, sizeof zh, "注意：%s 已经过去。", date);
    snprintf(en, sizeof en, "note: %s is past.", date);
    cli_say(cli, zh, en);
}

static void window_note(const struct cli *cli, const struct request *row, int32_t day)
{
    char date[DATE_TEXT_SIZE];
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    char zh[NOTE_SIZE];
    char en[NOTE_SIZE];
    date_format(day, date);
    date_format(row->from_day, from);
    date_format(row->to_day, to);
    snprintf(zh, sizeof zh, "注意：%s 不在点单 %s 的时间范围 %s 至 %s 内。", date, row->id, from, to);
    snprintf(en, sizeof en, "note: %s is outside the ordered window of request %s, %s to %s.", date, row->id,
             from, to);
    cli_say(cli, zh, en);
}

static void hall_note(const struct cli *cli, const struct timetable *timetable, const struct request *row,
                      uint32_t hall)
{
    char zh[NOTE_SIZE];
    char en[NOTE_SIZE];
    const char *asked = request_place_name(timetable, row);
    snprintf(zh, sizeof zh, "注意：点单 %s 要的是%s，不是%s。", row->id, asked, timetable->halls[hall].name);
    snprintf(en, sizeof en, "note: request %s asks for %s, not %s.", row->id, asked,
             timetable->halls[hall].name);
    cli_say(cli, zh, en);
}

void edit_notes(const struct cli *cli, const struct timetable *timetable, const struct edit_aim *aim)
{
    past_note(cli, timetable, aim->day);
    if (aim->request >= timetable->request_count) {
        return;
    }
    const struct request *row = &timetable->requests[aim->request];
    if (!request_has_day(row, aim->day)) {
        window_note(cli, row, aim->day);
    }
    if (aim->room < timetable->room_count &&
        !request_names_hall(timetable, row, timetable->rooms[aim->room].hall)) {
        hall_note(cli, timetable, row, timetable->rooms[aim->room].hall);
    }
}

void edit_note_surplus(const struct cli *cli, const struct timetable *timetable, uint32_t request)
{
    char zh[NOTE_SIZE];
    char en[NOTE_SIZE];
    int32_t there = 1;
    if (request >= timetable->request_count) {
        return;
    }
    const struct request *row = &timetable->requests[request];
    for (size_t i = 0; i < timetable->session_count; i++) {
        const struct session *session = &timetable->sessions[i];
        there += session->at.request == request && session->status != SESSION_CANCELLED;
    }
    if (there > row->sessions) {
        snprintf(zh, sizeof zh, "注意：点单 %s 只要 %" PRId32 " 场，连同这一场已有 %" PRId32 " 场。", row->id,
                 row->sessions, there);
        snprintf(en, sizeof en,
                 "note: request %s asks for %" PRId32 " sessions, with this one it has %" PRId32 ".", row->id,
                 row->sessions, there);
        cli_say(cli, zh, en);
    }
}
