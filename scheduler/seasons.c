/* Seasons of a course: parts of every year, which may reach over New Year. */
#include "base/date.h"
#include "base/text.h"
#include "scheduler/timetable.h"

#include <string.h>

enum {
    PART_LENGTH = 11, /* "03-01/06-30" */
    LEAP_YEAR = 2024  /* 02-29 may begin or end a season */
};

static bool digits_pair(const char *text, int32_t *ret_number)
{
    if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9') {
        return false;
    }
    *ret_number = (text[0] - '0') * 10 + (text[1] - '0');
    return true;
}

/* "MM-DD" at `text`, five readable bytes. */
static bool month_day_parse(const char *text, int16_t *ret_month_day)
{
    struct civil civil = {.year = LEAP_YEAR};
    if (!digits_pair(text, &civil.month) || text[2] != '-' || !digits_pair(text + 3, &civil.day) ||
        !civil_valid(civil)) {
        return false;
    }
    *ret_month_day = (int16_t)(civil.month * 100 + civil.day);
    return true;
}

static bool season_parse(const char *part, size_t length, struct season *ret_season)
{
    return length == PART_LENGTH && part[5] == '/' && month_day_parse(part, &ret_season->from_md) &&
           month_day_parse(part + 6, &ret_season->to_md);
}

/* The bytes up to the next separator (";" or "；"), whose own length is in *ret_separator. */
static size_t part_length(const char *text, size_t *ret_separator)
{
    static const char WIDE[] = "；";
    size_t length = 0;
    while (text[length] != '\0' && text[length] != ';' &&
           strncmp(text + length, WIDE, sizeof WIDE - 1) != 0) {
        length++;
    }
    *ret_separator = text[length] == '\0' ? 0 : text[length] == ';' ? 1 : sizeof WIDE - 1;
    return length;
}

static const char *blanks_skip(const char *text)
{
    return text + strspn(text, " \t");
}

enum error_code seasons_parse(const char *text, struct season ret[SEASONS_MAX], size_t *ret_count,
                              struct error *err)
{
    struct season seasons[SEASONS_MAX];
    size_t count = 0;
    const char *at = blanks_skip(text == NULL ? "" : text);
    while (*at != '\0') {
        if (count == SEASONS_MAX) {
            return error_set(err, ERR_LIMIT, "季节超过 %d 段 (more than %d seasons)", (int)SEASONS_MAX,
                             (int)SEASONS_MAX);
        }
        size_t separator = 0;
        size_t length = part_length(at, &separator);
        size_t trimmed = length;
        while (trimmed > 0 && (at[trimmed - 1] == ' ' || at[trimmed - 1] == '\t')) {
            trimmed--;
        }
        if (!season_parse(at, trimmed, &seasons[count])) {
            return error_set(err, ERR_SYNTAX,
                             "季节第 %zu 段“%.*s”：应为 MM-DD/MM-DD (season %zu: MM-DD/MM-DD is wanted)",
                             count + 1, (int)utf8_cut(at, trimmed, LIMIT_ID_BYTES), at, count + 1);
        }
        count++;
        at = blanks_skip(at + length + separator);
    }
    for (size_t i = 0; i < count; i++) {
        ret[i] = seasons[i];
    }
    *ret_count = count;
    return ERR_NONE;
}

bool seasons_allow(const struct season *seasons, size_t count, int32_t day)
{
    if (count == 0) {
        return true;
    }
    struct civil civil = date_to_civil(day);
    int32_t month_day = civil.month * 100 + civil.day;
    for (size_t i = 0; i < count; i++) {
        bool after_start = month_day >= seasons[i].from_md;
        bool before_end = month_day <= seasons[i].to_md;
        bool wraps = seasons[i].from_md > seasons[i].to_md;
        if (wraps ? after_start || before_end : after_start && before_end) {
            return true;
        }
    }
    return false;
}
