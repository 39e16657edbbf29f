/* Sessions and what became of them as cells: for the exports of both kinds. */
#include "importers/ledger_session.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct stored_row *attendance_of(const struct showing *showing)
{
    char number[STORED_NUMBER_SIZE];
    const struct stored_table *table = &showing->rows->tables[STORED_SESSION];
    return showing_find(showing, TABLE_ATTENDANCE, stored_text(table, showing->row, "id", number));
}

void ledger_show_outcome(const struct showing *showing, const struct column_form *form, struct text *out)
{
    char number[STORED_NUMBER_SIZE];
    const struct stored_row *row = attendance_of(showing);
    if (row != NULL) {
        text_add(out, stored_text(&showing->rows->tables[TABLE_ATTENDANCE], row, form->stored, number));
    }
}

void ledger_show_status(const struct showing *showing, const struct column_form *form, struct text *out)
{
    const struct stored_table *table = &showing->rows->tables[TABLE_ATTENDANCE];
    const struct stored_row *row = attendance_of(showing);
    const char *status = show_string(showing, form->stored);
    if (row != NULL && strcmp(status, "CANCELLED") != 0) {
        text_add(out, stored_cell(table, row, "outside").integer != 0 ? "改场地"
                      : stored_cell(table, row, "held").integer != 0  ? "已开展"
                                                                      : "未开展");
        return;
    }
    text_add(out, strcmp(status, "CANCELLED") == 0   ? "取消"
                  : strcmp(status, "TENTATIVE") == 0 ? "暂定"
                                                     : "计划");
}

void ledger_show_start(const struct showing *showing, const struct column_form *form, struct text *out)
{
    int64_t minute = show_integer(showing, form->stored);
    text_addf(out, "%02" PRId64 ":%02" PRId64, minute / 60, minute % 60);
}

void ledger_show_hall_of_room(const struct showing *showing, const struct column_form *form, struct text *out)
{
    const struct stored_table *rooms = &showing->rows->tables[TABLE_ROOM];
    const struct stored_row *room = showing_find(showing, TABLE_ROOM, show_string(showing, form->stored));
    if (room != NULL) {
        show_other(showing, TABLE_HALL, stored_cell(rooms, room, "hall_id").text, "name", out);
        text_addf(out, " %s", stored_cell(rooms, room, "name").text);
    }
}

void ledger_show_people(const struct showing *showing, const struct column_form *form, struct text *out)
{
    const char *at = show_string(showing, form->stored);
    while (*at != '\0') {
        char id[LIMIT_ID_BYTES + 1];
        size_t length = strcspn(at, ";");
        (void)snprintf(id, sizeof id, "%.*s", (int)length, at);
        show_other(showing, TABLE_INSTRUCTOR, id, "name", out);
        at += length;
        at += *at == ';' ? 1 : 0;
        text_add(out, *at != '\0' ? "；" : "");
    }
}

const struct form_word LEDGER_STATUS_FORMS[] = {
    {"held", "已开展"},  {"not-held", "未开展"}, {"outside", "改场地"}, {"off", "取消"},
    {"planned", "计划"}, {"tentative", "暂定"},  {NULL, NULL}};
