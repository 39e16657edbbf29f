/* importers/rooms: see rooms.h. */
#include "importers/rooms.h"

#include <stdlib.h>
#include <string.h>

enum {
    ITEM_BYTES = LIMIT_NOTE_BYTES * 2
};

static const char WHOLE[] = " 整堂";
static const char ID_OPEN[] = "〔";
static const char ID_CLOSE[] = "〕";

static bool starts(const char *at, const char *word)
{
    return strncmp(at, word, strlen(word)) == 0;
}

static size_t separator_length(const char *at)
{
    static const char *const SEPARATORS[] = {";", ",", "\n", "\r", "；", "、", "，"};
    for (size_t i = 0; i < sizeof SEPARATORS / sizeof *SEPARATORS; i++) {
        if (starts(at, SEPARATORS[i])) {
            return strlen(SEPARATORS[i]);
        }
    }
    return 0;
}

/* Past the closing mark of "…", in which "" is one; NULL when it never closes. */
static const char *quoted_end(const char *at)
{
    for (at++; *at != '\0'; at++) {
        if (*at == '"' && at[1] != '"') {
            return at + 1;
        }
        at += *at == '"' ? 1 : 0;
    }
    return NULL;
}

/* Past "[…]" or "〔…〕"; NULL when it never closes. */
static const char *bracket_end(const char *at, const char *close)
{
    if (*at == '"') {
        at = quoted_end(at);
        return at != NULL && starts(at, close) ? at + strlen(close) : NULL;
    }
    const char *end = strstr(at, close);
    return end == NULL ? NULL : end + strlen(close);
}

/* Past what begins at `at` and must not be cut into items: at the first byte of an item a quotation mark,
 * after a blank a bracket. NULL when it never closes; `at` when nothing begins. */
static const char *skip_whole(const char *at, bool is_first)
{
    if (is_first && *at == '"') {
        return quoted_end(at);
    }
    if (starts(at, " [")) {
        return bracket_end(at + 2, "]");
    }
    if (*at == ' ' && starts(at + 1, ID_OPEN)) {
        return bracket_end(at + 1 + strlen(ID_OPEN), ID_CLOSE);
    }
    return at;
}

/* The next item, without blanks around it, into the arena; NULL at the end, or when a mark never closes. */
static const char *item_next(struct intake *intake, const char **at, bool *ret_open)
{
    const char *from = *at;
    for (size_t step = 1; step > 0; from += step) {
        step = *from == ' ' || *from == '\t' ? 1 : separator_length(from);
        step = step == 0 && starts(from, "　") ? strlen("　") : step;
        if (step == 0) {
            break;
        }
    }
    if (*from == '\0') {
        return NULL;
    }
    const char *end = from;
    while (*end != '\0' && separator_length(end) == 0) {
        const char *past = skip_whole(end, end == from);
        if (past == NULL) {
            *ret_open = true;
            return NULL;
        }
        end = past == end ? end + 1 : past;
    }
    *at = end;
    while (end > from && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }
    const char *item = arena_copy_bytes(&intake->arena, from, (size_t)(end - from));
    if (item == NULL) {
        intake->failed = ERR_MEMORY;
    }
    return item;
}

/* The text between `at` and `end`, without its quotation marks. */
static const char *unquoted(struct intake *intake, const char *at, const char *end)
{
    char *copy = arena_copy_bytes(&intake->arena, at, (size_t)(end - at));
    if (copy == NULL) {
        intake->failed = ERR_MEMORY;
        return "";
    }
    size_t length = strlen(copy);
    if (length < 2 || copy[0] != '"' || copy[length - 1] != '"') {
        return copy;
    }
    size_t used = 0;
    for (size_t i = 1; i + 1 < length; i++) {
        copy[used++] = copy[i];
        i += copy[i] == '"' && copy[i + 1] == '"' ? 1 : 0;
    }
    copy[used] = '\0';
    return copy;
}

/* "120", "(40人)", "：60座" at the end of `head`: cut off and counted. False: more than a hall can hold. */
static bool capacity_cut(char *head, int64_t *ret_capacity)
{
    static const char *const TAILS[] = {"人", "座", ")", "）", " ", "個", "个"};
    size_t length = strlen(head);
    bool is_cut = true;
    while (is_cut) {
        is_cut = false;
        for (size_t i = 0; i < sizeof TAILS / sizeof *TAILS; i++) {
            size_t size = strlen(TAILS[i]);
            if (length > size && memcmp(head + length - size, TAILS[i], size) == 0) {
                length -= size;
                is_cut = true;
            }
        }
    }
    size_t digits = 0;
    while (digits < length && head[length - digits - 1] >= '0' && head[length - digits - 1] <= '9') {
        digits++;
    }
    if (digits == 0) {
        return true;
    }
    int64_t capacity = 0;
    for (size_t i = length - digits; i < length && capacity <= ROOM_CAPACITY_MAX; i++) {
        capacity = capacity * 10 + (head[i] - '0');
    }
    size_t name = length - digits;
    while (name > 0 && strchr(" (:", head[name - 1]) != NULL) {
        name--;
    }
    if (name >= 3 && (memcmp(head + name - 3, "（", 3) == 0 || memcmp(head + name - 3, "：", 3) == 0)) {
        name -= 3;
    }
    head[name] = '\0';
    *ret_capacity = capacity;
    return capacity <= ROOM_CAPACITY_MAX;
}

/* Cuts "[…]" and "〔…〕" off the end of the item's tail, from left to right. */
static bool marks_read(struct intake *intake, const char *at, struct room_draft *room)
{
    while (*at != '\0') {
        bool is_id = *at == ' ' && starts(at + 1, ID_OPEN);
        const char *inside = at + 1 + (is_id ? strlen(ID_OPEN) : 1);
        const char *past = is_id || starts(at, " [") ? skip_whole(at, false) : NULL;
        if (past == NULL) {
            return false;
        }
        const char *text = unquoted(intake, inside, past - (is_id ? strlen(ID_CLOSE) : 1));
        struct value value;
        struct fault fault;
        struct value_rule rule = {.max = is_id ? LIMIT_ID_BYTES : LIMIT_NOTE_BYTES};
        bool is_good = *text == '\0' ? !is_id
                       : is_id       ? value_code(&rule, text, &intake->context, &value, &fault)
                                     : value_list(&rule, text, &intake->context, &value, &fault);
        if (!is_good) {
            return false;
        }
        *(is_id ? &room->id : &room->facilities) = *text == '\0' ? "" : value.text;
        at = past;
    }
    return true;
}

static void not_read(struct intake *intake, size_t column, const char *item)
{
    intake_error(intake, column, CODE_ITEMS, "看不懂场地“%s”，请写成“大礼堂 120；讲堂 40”",
                 "cannot read the room \"%s\"; write rooms like \"大礼堂 120; 讲堂 40\"", item);
}

static bool room_read(struct intake *intake, size_t column, const char *item, struct room_draft *ret_room)
{
    struct room_draft room = {.capacity = -1};
    const char *name_end = *item == '"' ? quoted_end(item) : item;
    const char *marks = name_end;
    while (*marks != '\0' && skip_whole(marks, false) == marks) {
        marks++;
    }
    char *head = arena_copy_bytes(&intake->arena, name_end, (size_t)(marks - name_end));
    if (head == NULL) {
        intake->failed = ERR_MEMORY;
        return false;
    }
    size_t length = strlen(head);
    size_t whole = sizeof WHOLE - 1;
    if (length >= whole && strcmp(head + length - whole, WHOLE) == 0) {
        head[length - whole] = '\0';
        room.whole_hall = true;
    }
    bool is_good = marks_read(intake, marks, &room) && capacity_cut(head, &room.capacity);
    room.name = name_end == item ? head : unquoted(intake, item, name_end);
    size_t name_length = strlen(room.name);
    is_good =
        is_good && name_length > 0 && name_length <= LIMIT_NAME_BYTES && (name_end == item || *head == '\0');
    if (!is_good) {
        not_read(intake, column, item);
        return false;
    }
    *ret_room = room;
    return true;
}

size_t rooms_read(struct intake *intake, size_t column, struct room_draft rooms[HALL_ROOMS_MAX])
{
    size_t count = 0;
    const char *at = intake_text(intake, column);
    const char *item = NULL;
    bool is_open = false;
    while ((item = item_next(intake, &at, &is_open)) != NULL) {
        struct room_draft room;
        if (!room_read(intake, column, item, &room)) {
            continue;
        }
        bool is_double = false;
        for (size_t i = 0; i < count; i++) {
            is_double = is_double || strcmp(rooms[i].name, room.name) == 0;
        }
        if (is_double || count == HALL_ROOMS_MAX) {
            intake_error(intake, column, CODE_ITEMS, is_double ? "场地“%s”写了两次" : "场地过多：“%s”",
                         is_double ? "room \"%s\" stands twice" : "too many rooms: \"%s\"", room.name);
            return count;
        }
        rooms[count++] = room;
    }
    if (is_open) {
        not_read(intake, column, at);
    }
    return count;
}

/* ---- the way out ---- */

static void quoted_add(struct text *out, const char *text)
{
    text_add_char(out, '"');
    for (; *text != '\0'; text++) {
        text_add(out, *text == '"' ? "\"" : "");
        text_add_char(out, *text);
    }
    text_add_char(out, '"');
}

static bool name_is_plain(const char *name)
{
    static const char *const ENDS[] = {" ", "(", ":", "（", "：", "\t"};
    size_t length = strlen(name);
    bool is_plain = length > 0 && *name != '"' && *name != ' ' && *name != '\t' && !starts(name, "　") &&
                    strstr(name, " [") == NULL && strstr(name, " 〔") == NULL;
    for (const char *at = name; *at != '\0' && is_plain; at++) {
        is_plain = separator_length(at) == 0;
    }
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS && is_plain; i++) {
        size_t size = strlen(ENDS[i]);
        is_plain = length < size || memcmp(name + length - size, ENDS[i], size) != 0;
    }
    return is_plain;
}

static void mark_add(struct text *out, const char *open, const char *text, const char *close)
{
    bool is_plain = *text != '"' && strstr(text, close) == NULL;
    text_addf(out, " %s", open);
    if (is_plain) {
        text_add(out, text);
    } else {
        quoted_add(out, text);
    }
    text_add(out, close);
}

/* The first of the hall's rooms in the order, and how many there are. */
static size_t rooms_of(const struct showing *showing, size_t *ret_first)
{
    const struct stored_table *table = &showing->rows->tables[TABLE_ROOM];
    const char *hall = show_string(showing, "id");
    uint32_t first = map_get(&showing->rooms.first, hall);
    size_t count = 0;
    while (first != MAP_NONE && first + count < table->count &&
           strcmp(stored_cell(table, &table->rows[showing->rooms.order[first + count]], "hall_id").text,
                  hall) == 0) {
        count++;
    }
    *ret_first = first;
    return count;
}

static const struct stored_row *room_at(const struct showing *showing, size_t position)
{
    return &showing->rows->tables[TABLE_ROOM].rows[showing->rooms.order[position]];
}

static bool facilities_agree(const struct showing *showing, size_t first, size_t count)
{
    const struct stored_table *table = &showing->rows->tables[TABLE_ROOM];
    bool is_same = true;
    for (size_t i = 1; i < count; i++) {
        is_same = is_same && strcmp(stored_cell(table, room_at(showing, first + i), "facilities").text,
                                    stored_cell(table, room_at(showing, first), "facilities").text) == 0;
    }
    return is_same;
}

void rooms_show(const struct showing *showing, const struct column_form *form, struct text *out)
{
    (void)form;
    const struct stored_table *table = &showing->rows->tables[TABLE_ROOM];
    size_t first = 0;
    size_t count = rooms_of(showing, &first);
    bool is_same = facilities_agree(showing, first, count);
    for (size_t i = 0; i < count; i++) {
        const struct stored_row *room = room_at(showing, first + i);
        char seats[STORED_NUMBER_SIZE];
        const char *name = stored_cell(table, room, "name").text;
        text_add(out, i == 0 ? "" : "；");
        if (name_is_plain(name)) {
            text_add(out, name);
        } else {
            quoted_add(out, name);
        }
        text_addf(out, " %s", stored_text(table, room, "capacity", seats));
        text_add(out, stored_cell(table, room, "whole_hall").integer != 0 ? WHOLE : "");
        if (!is_same) {
            mark_add(out, "[", stored_cell(table, room, "facilities").text, "]");
        }
        mark_add(out, ID_OPEN, stored_cell(table, room, "id").text, ID_CLOSE);
    }
}

void rooms_show_facilities(const struct showing *showing, const struct column_form *form, struct text *out)
{
    (void)form;
    size_t first = 0;
    size_t count = rooms_of(showing, &first);
    if (count > 0 && facilities_agree(showing, first, count)) {
        text_add(out,
                 stored_cell(&showing->rows->tables[TABLE_ROOM], room_at(showing, first), "facilities").text);
    }
}
