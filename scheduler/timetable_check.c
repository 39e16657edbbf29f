/* The checks that every added row passes, and what the adding of rows has in common. */
#include "base/date.h"
#include "base/text.h"
#include "scheduler/timetable_private.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool has_control(const char *text, size_t length, bool is_note)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i];
        bool allowed = is_note && (byte == '\t' || byte == '\n' || byte == '\r');
        if ((byte < 0x20 || byte == 0x7F) && !allowed) {
            return true;
        }
    }
    return false;
}

static bool text_clean(const char *text, size_t max)
{
    size_t length = strnlen(text, max + 1);
    return length > 0 && length <= max && utf8_valid(text, length) && !has_control(text, length, false);
}

void row_check_fail(struct row_check *check, enum error_code code, const char *field, const char *zh,
                    const char *en)
{
    if (check->code != ERR_NONE) {
        return;
    }
    char label[LIMIT_ID_BYTES + 1];
    /* An id that is itself the trouble must not get into a message. */
    if (check->id != NULL && text_clean(check->id, LIMIT_ID_BYTES)) {
        (void)snprintf(label, sizeof label, "%s", check->id);
    } else {
        (void)snprintf(label, sizeof label, "#%" PRId64, check->number);
    }
    check->code = error_set(check->err, code, "%s %s：%s %s (%s %s: %s %s)", check->zh, label, field, zh,
                            check->en, label, field, en);
}

static void bytes_check(struct row_check *check, const char *field, const char *text, size_t max,
                        enum text_need need, bool is_note)
{
    if (check->code != ERR_NONE) {
        return;
    }
    size_t length = text == NULL ? 0 : strnlen(text, max + 1);
    if (length == 0) {
        if (need == TEXT_REQUIRED) {
            row_check_fail(check, ERR_INPUT, field, "不能为空", "must not be empty");
        }
    } else if (length > max) {
        row_check_fail(check, ERR_INPUT, field, "过长", "is too long");
    } else if (!utf8_valid(text, length)) {
        row_check_fail(check, ERR_INPUT, field, "不是有效的 UTF-8", "is not valid UTF-8");
    } else if (has_control(text, length, is_note)) {
        row_check_fail(check, ERR_INPUT, field, "含有控制字符", "holds a control character");
    }
}

void row_check_text(struct row_check *check, const char *field, const char *text, size_t max,
                    enum text_need need)
{
    bytes_check(check, field, text, max, need, false);
}

void row_check_note(struct row_check *check, const char *field, const char *text)
{
    bytes_check(check, field, text, LIMIT_NOTE_BYTES, TEXT_OPTIONAL, true);
}

void row_check_id(struct row_check *check, const struct map *ids)
{
    row_check_text(check, "id", check->id, LIMIT_ID_BYTES, TEXT_REQUIRED);
    if (check->code == ERR_NONE && map_get(ids, check->id) != MAP_NONE) {
        row_check_fail(check, ERR_EXISTS, "id", "重复", "exists already");
    }
}

void row_check_range(struct row_check *check, const char *field, int64_t value, int64_t min, int64_t max)
{
    if (check->code != ERR_NONE || (value >= min && value <= max)) {
        return;
    }
    char zh[128];
    char en[128];
    (void)snprintf(zh, sizeof zh, "为 %" PRId64 "，应在 %" PRId64 " 至 %" PRId64 " 之间", value, min, max);
    (void)snprintf(en, sizeof en, "is %" PRId64 ", not within %" PRId64 " to %" PRId64, value, min, max);
    row_check_fail(check, ERR_INPUT, field, zh, en);
}

void row_check_index(struct row_check *check, const char *field, uint32_t index, size_t count, bool optional)
{
    if (check->code == ERR_NONE && index >= count && !(optional && index == NONE)) {
        row_check_fail(check, ERR_INPUT, field, "所引用的记录不存在", "refers to nothing");
    }
}

void row_check_days(struct row_check *check, int32_t from_day, int32_t to_day)
{
    row_check_range(check, "from_day", from_day, DATE_MIN, DATE_MAX);
    row_check_range(check, "to_day", to_day, DATE_MIN, DATE_MAX);
    if (check->code == ERR_NONE && from_day > to_day) {
        row_check_fail(check, ERR_INPUT, "to_day", "早于起始日", "is before from_day");
    }
}

void row_check_minutes(struct row_check *check, int32_t from_min, int32_t to_min)
{
    row_check_range(check, "from_min", from_min, 0, DAY_MINUTES);
    row_check_range(check, "to_min", to_min, 0, DAY_MINUTES);
    if (check->code == ERR_NONE && from_min >= to_min) {
        row_check_fail(check, ERR_INPUT, "to_min", "不晚于起始时刻", "is not after from_min");
    }
}

void row_check_place(struct row_check *check, struct place place)
{
    if (place.known) {
        row_check_range(check, "lat_e6", place.lat_e6, -90000000, 90000000);
        row_check_range(check, "lon_e6", place.lon_e6, -180000000, 180000000);
    }
}

void row_check_hours(struct row_check *check, const struct hours *hours)
{
    if (check->code == ERR_NONE && !hours_valid(hours)) {
        row_check_fail(check, ERR_INPUT, "hours", "时段无效或未排序", "has a wrong or unsorted span");
    }
}

enum error_code timetable_open(const struct timetable *timetable, struct error *err)
{
    if (timetable->priv->is_sealed) {
        return error_set(err, ERR_USAGE, "时间表已封存，不能再修改 (the timetable is sealed)");
    }
    return ERR_NONE;
}

enum error_code timetable_memory(struct error *err)
{
    return error_set(err, ERR_MEMORY, "内存不足 (out of memory)");
}

enum error_code timetable_full(size_t count, struct error *err)
{
    if (count >= LIMIT_ROWS) {
        return error_set(err, ERR_LIMIT, "超过 %d 行 (more than %d rows)", (int)LIMIT_ROWS, (int)LIMIT_ROWS);
    }
    return timetable_memory(err);
}

bool timetable_keep(struct timetable *timetable, const char **text)
{
    if (*text == NULL) {
        return true;
    }
    const char *copy = arena_copy_text(&timetable->arena, *text);
    if (copy == NULL) {
        return false;
    }
    *text = copy;
    return true;
}
