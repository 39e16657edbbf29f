/* scheduler/clash_words: the words that sentences about sessions are made of: places, spans, days, hours,
 * in Chinese and English. For scheduler/ only. Names are shown as the office wrote them. Any thread. */
#ifndef LITANG_SCHEDULER_CLASH_WORDS_H
#define LITANG_SCHEDULER_CLASH_WORDS_H

#include "base/text.h"
#include "scheduler/timetable.h"

struct words {
    const struct timetable *timetable; /* borrowed */
    bool chinese;
    struct text *out; /* borrowed */
};

/* One of the two. */
void words_say(const struct words *words, const char *zh, const char *en);
/* A space, but none after a Chinese bracket, which has its own. */
void words_gap(const struct words *words);
void words_number(const struct words *words, int64_t number);
/* "下各镇·示例一村文化礼堂" */
void words_hall(const struct words *words, uint32_t hall);
/* "下各镇·示例一村文化礼堂（大礼堂）" */
void words_room(const struct words *words, uint32_t room);
void words_course(const struct words *words, uint32_t course);
void words_instructor(const struct words *words, uint32_t instructor);
void words_day(const struct words *words, int32_t day);
/* "2026-05-10", "2026-05-10 至 2026-05-14", "自 2026-05-10 起"; both in range of dates. */
void words_days(const struct words *words, int32_t from_day, int32_t to_day);
/* "周二", "Tuesday" */
void words_weekday(const struct words *words, int32_t day);
/* "14:00–16:00", "23:00–次日 01:00"; minutes of one day, from < 0 is the day before. */
void words_minutes(const struct words *words, int32_t from_min, int32_t to_min);
/* "2026-05-12 14:30–15:00" */
void words_span(const struct words *words, int64_t from_abs_min, int64_t to_abs_min);
/* Does that day's weekday have any, and which: "08:00–11:30、13:30–17:00". */
bool words_has_hours(const struct hours *hours, int32_t day);
void words_hours(const struct words *words, const struct hours *hours, int32_t day);

#endif
