#include "scheduler/clash_words.h"

#include "base/date.h"

#include <inttypes.h>
#include <string.h>

void words_say(const struct words *words, const char *zh, const char *en)
{
    text_add(words->out, words->chinese ? zh : en);
}

void words_gap(const struct words *words)
{
    static const char *const wide[] = {"）", "》", "："};
    const char *said = text_string(words->out);
    for (size_t i = 0; words->chinese && i < sizeof wide / sizeof *wide; i++) {
        size_t size = strlen(wide[i]);
        if (words->out->length >= size && strcmp(said + words->out->length - size, wide[i]) == 0) {
            return;
        }
    }
    text_add(words->out, " ");
}

void words_number(const struct words *words, int64_t number)
{
    text_addf(words->out, "%" PRId64, number);
}

static const char *name_or_unknown(const char *name)
{
    return name == NULL ? "?" : name;
}

void words_hall(const struct words *words, uint32_t hall)
{
    const struct timetable *timetable = words->timetable;
    if (hall >= timetable->hall_count) {
        text_add(words->out, "?");
        return;
    }
    uint32_t township = timetable_hall_township(timetable, hall);
    if (township < timetable->area_count) {
        text_add(words->out, name_or_unknown(timetable->areas[township].name));
        text_add(words->out, "·");
    }
    text_add(words->out, name_or_unknown(timetable->halls[hall].name));
}

void words_room(const struct words *words, uint32_t room)
{
    const struct timetable *timetable = words->timetable;
    if (room >= timetable->room_count) {
        text_add(words->out, "?");
        return;
    }
    words_hall(words, timetable->rooms[room].hall);
    words_say(words, "（", " (");
    text_add(words->out, name_or_unknown(timetable->rooms[room].name));
    words_say(words, "）", ")");
}

void words_course(const struct words *words, uint32_t course)
{
    const struct timetable *timetable = words->timetable;
    text_add(words->out, "《");
    text_add(words->out,
             course < timetable->course_count ? name_or_unknown(timetable->courses[course].name) : "?");
    text_add(words->out, "》");
}

void words_instructor(const struct words *words, uint32_t instructor)
{
    const struct timetable *timetable = words->timetable;
    text_add(words->out, instructor < timetable->instructor_count
                             ? name_or_unknown(timetable->instructors[instructor].name)
                             : "?");
}

void words_day(const struct words *words, int32_t day)
{
    char date[DATE_TEXT_SIZE];
    date_format(day, date);
    text_add(words->out, date);
}

void words_days(const struct words *words, int32_t from_day, int32_t to_day)
{
    if (from_day == to_day) {
        words_day(words, from_day);
    } else if (to_day >= DATE_MAX) {
        words_say(words, "自 ", "from ");
        words_day(words, from_day);
        words_say(words, " 起", " on");
    } else if (from_day <= DATE_MIN) {
        words_say(words, "至 ", "until ");
        words_day(words, to_day);
        words_say(words, " 止", "");
    } else {
        words_day(words, from_day);
        words_say(words, " 至 ", " to ");
        words_day(words, to_day);
    }
}

void words_weekday(const struct words *words, int32_t day)
{
    static const char *const zh[] = {"周一", "周二", "周三", "周四", "周五", "周六", "周日"};
    static const char *const en[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                     "Friday", "Saturday", "Sunday"};
    int32_t index = date_weekday(day) - 1;
    words_say(words, zh[index], en[index]);
}

static void clock_add(const struct words *words, int32_t minute)
{
    char text[TIME_TEXT_SIZE];
    if (minute < 0) {
        words_say(words, "前一日 ", "the day before ");
        minute += DAY_MINUTES;
    } else if (minute > DAY_MINUTES) {
        words_say(words, "次日 ", "next day ");
        minute -= DAY_MINUTES;
    }
    /* Midnight at the end of a day is 24:00 of that day. */
    if (minute == DAY_MINUTES) {
        text_add(words->out, "24:00");
        return;
    }
    minute_format(minute, text);
    text_add(words->out, text);
}

void words_minutes(const struct words *words, int32_t from_min, int32_t to_min)
{
    clock_add(words, from_min);
    text_add(words->out, "–");
    clock_add(words, to_min);
}

void words_span(const struct words *words, int64_t from_abs_min, int64_t to_abs_min)
{
    int64_t day = from_abs_min / DAY_MINUTES - (from_abs_min % DAY_MINUTES < 0 ? 1 : 0);
    words_day(words, (int32_t)day);
    text_add(words->out, " ");
    words_minutes(words, (int32_t)(from_abs_min - day * DAY_MINUTES),
                  (int32_t)(to_abs_min - day * DAY_MINUTES));
}

bool words_has_hours(const struct hours *hours, int32_t day)
{
    for (uint8_t i = 0; i < hours->count && i < LIMIT_HOURS_SPANS; i++) {
        if (hours->spans[i].weekday == date_weekday(day)) {
            return true;
        }
    }
    return false;
}

void words_hours(const struct words *words, const struct hours *hours, int32_t day)
{
    bool is_first = true;
    for (uint8_t i = 0; i < hours->count && i < LIMIT_HOURS_SPANS; i++) {
        if (hours->spans[i].weekday != date_weekday(day)) {
            continue;
        }
        if (!is_first) {
            words_say(words, "、", ", ");
        }
        is_first = false;
        words_minutes(words, hours->spans[i].from_min, hours->spans[i].to_min);
    }
}
