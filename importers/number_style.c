#include "importers/number_style.h"

#include "base/date.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

struct number_style number_style_builtin(uint32_t id)
{
    static const struct {
        uint8_t from, to;
        enum number_kind kind;
    } RANGES[] = {
        {9, 10, NUMBER_PERCENT},    {14, 16, NUMBER_DATE},  {17, 17, NUMBER_MONTH},   {18, 21, NUMBER_TIME},
        {22, 22, NUMBER_DATE_TIME}, {27, 27, NUMBER_MONTH}, {28, 31, NUMBER_DATE},    {32, 35, NUMBER_TIME},
        {36, 36, NUMBER_MONTH},     {45, 45, NUMBER_TIME},  {46, 46, NUMBER_ELAPSED}, {47, 47, NUMBER_TIME},
        {50, 50, NUMBER_MONTH},     {51, 51, NUMBER_DATE},  {52, 52, NUMBER_MONTH},   {53, 54, NUMBER_DATE},
        {55, 56, NUMBER_TIME},      {57, 57, NUMBER_MONTH}, {58, 58, NUMBER_DATE}};
    for (size_t i = 0; i < sizeof RANGES / sizeof *RANGES; i++) {
        if (id >= RANGES[i].from && id <= RANGES[i].to) {
            return (struct number_style){.kind = RANGES[i].kind};
        }
    }
    return (struct number_style){.kind = NUMBER_PLAIN};
}

/* The letters of a format's first section that mean something, without literals; lower case. */
struct letters {
    bool year, month, day, hour, second, elapsed, percent, digit, other;
    uint8_t zeros;
};

static bool starts(const char *at, const char *word)
{
    return strncasecmp(at, word, strlen(word)) == 0;
}

/* Steps over one literal or bracket; 0 when there is none. */
static size_t literal_length(const char *at)
{
    static const char *const PARTS_OF_DAY[] = {"AM/PM", "A/P", "上午/下午", "general"};
    if (*at == '"') {
        const char *end = strchr(at + 1, '"');
        return end == NULL ? strlen(at) : (size_t)(end - at) + 1;
    }
    if (*at == '\\' || *at == '_' || *at == '*') {
        return at[1] == '\0' ? 1 : 2;
    }
    for (size_t i = 0; i < sizeof PARTS_OF_DAY / sizeof *PARTS_OF_DAY; i++) {
        if (starts(at, PARTS_OF_DAY[i])) {
            return strlen(PARTS_OF_DAY[i]);
        }
    }
    return 0;
}

static size_t bracket_length(const char *at, struct letters *letters)
{
    const char *end = strchr(at, ']');
    if (*at != '[' || end == NULL) {
        return 0;
    }
    letters->elapsed =
        letters->elapsed || strchr("hHsS", at[1]) != NULL || starts(at, "[m]") || starts(at, "[mm]");
    return (size_t)(end - at) + 1;
}

static void letter_take(char letter, struct letters *letters)
{
    switch (letter) {
    case 'y':
    case 'Y':
        letters->year = true;
        break;
    case 'm':
    case 'M':
        letters->month = true;
        break;
    case 'd':
    case 'D':
        letters->day = true;
        break;
    case 'h':
    case 'H':
        letters->hour = true;
        break;
    case 's':
    case 'S':
        letters->second = true;
        break;
    case '%':
        letters->percent = true;
        break;
    case '0':
        letters->zeros++;
        letters->digit = true;
        break;
    case '#':
    case '?':
        letters->digit = true;
        letters->other = true;
        break;
    default:
        letters->other = true;
    }
}

/* A lone m beside h or s is minutes; "yyyy-mm h:mm" keeps its month because of the year. */
static enum number_kind kind_of(const struct letters *letters)
{
    bool is_time = letters->hour || letters->second;
    bool is_date = letters->year || letters->day || (letters->month && !is_time);
    if (letters->elapsed) {
        return NUMBER_ELAPSED;
    }
    if (is_date && is_time) {
        return NUMBER_DATE_TIME;
    }
    if (is_date) {
        return letters->year && !letters->day ? NUMBER_MONTH : NUMBER_DATE;
    }
    if (is_time) {
        return NUMBER_TIME;
    }
    if (letters->percent) {
        return NUMBER_PERCENT;
    }
    return letters->zeros >= 2 && !letters->other ? NUMBER_CODE : NUMBER_PLAIN;
}

struct number_style number_style_parse(const char *code)
{
    struct letters letters = {0};
    const char *end = code + strnlen(code, NUMBER_FORMAT_BYTES);
    for (const char *at = code; at < end && *at != ';';) {
        size_t step = literal_length(at);
        step = step == 0 ? bracket_length(at, &letters) : step;
        if (step == 0) {
            /* "e" is a year in East Asian formats, and the exponent of 0.00E+00. */
            letter_take((*at == 'e' || *at == 'E') && !letters.digit ? 'y' : *at, &letters);
            step = 1;
        }
        at += step;
    }
    enum number_kind kind = kind_of(&letters);
    return (struct number_style){.kind = kind, .digits = kind == NUMBER_CODE ? letters.zeros : 0};
}

static size_t plain_number(double number, char ret_text[NUMBER_TEXT_SIZE])
{
    static const double WHOLE_MAX = 9007199254740992.0; /* 2^53 */
    double size = fabs(number);
    if (!isfinite(number)) {
        return (size_t)snprintf(ret_text, NUMBER_TEXT_SIZE, "#NUM!");
    }
    if (size < WHOLE_MAX && number == floor(number)) {
        return (size_t)snprintf(ret_text, NUMBER_TEXT_SIZE, "%.0f", number == 0 ? 0.0 : number);
    }
    if (size >= 1e15 || size < 1e-9) {
        return (size_t)snprintf(ret_text, NUMBER_TEXT_SIZE, "%.14E", number);
    }
    int decimals = 14 - (int)floor(log10(size));
    decimals = decimals < 0 ? 0 : decimals > 20 ? 20 : decimals;
    size_t length = (size_t)snprintf(ret_text, NUMBER_TEXT_SIZE, "%.*f", decimals, number);
    if (strchr(ret_text, '.') != NULL) {
        while (ret_text[length - 1] == '0') {
            length--;
        }
        length -= ret_text[length - 1] == '.' ? 1 : 0;
        ret_text[length] = '\0';
    }
    return length;
}

enum {
    DAY_SECONDS = 86400,
    /* Days from 1970-01-01 to the days 0 of both calendars; 9999-12-31 as a serial of the first. */
    EPOCH_1900 = -25569,
    EPOCH_1904 = -24107,
    SERIAL_MAX = 2958465,
    /* Lotus counted a 29 February 1900, and Excel does to this day. */
    FALSE_LEAP_DAY = 60
};

/* False when the serial is no day of the calendar. */
static bool serial_day(int64_t serial, bool is_1904, int32_t *ret_day)
{
    if (serial < (is_1904 ? 0 : 1) || serial > SERIAL_MAX || (!is_1904 && serial == FALSE_LEAP_DAY)) {
        return false;
    }
    int64_t early = !is_1904 && serial < FALSE_LEAP_DAY ? 1 : 0;
    *ret_day = (int32_t)(serial + early + (is_1904 ? EPOCH_1904 : EPOCH_1900));
    return true;
}

static size_t clock_text(int64_t seconds, char *to, size_t size)
{
    int hours = (int)(seconds / 3600);
    int minutes = (int)(seconds / 60 % 60);
    int rest = (int)(seconds % 60);
    return (size_t)(rest == 0 ? snprintf(to, size, "%02d:%02d", hours, minutes)
                              : snprintf(to, size, "%02d:%02d:%02d", hours, minutes, rest));
}

static size_t date_text(double number, enum number_kind kind, bool is_1904, char ret_text[NUMBER_TEXT_SIZE])
{
    /* To the whole second: 14:30 is stored as 0.604166666666667. */
    double total = floor(number * DAY_SECONDS + 0.5);
    if (total < 0 || total > (double)SERIAL_MAX * DAY_SECONDS + DAY_SECONDS - 1) {
        return 0;
    }
    int64_t serial = (int64_t)total / DAY_SECONDS;
    int64_t seconds = (int64_t)total % DAY_SECONDS;
    if (kind == NUMBER_ELAPSED) {
        return serial > 40 ? 0 : clock_text((int64_t)total, ret_text, NUMBER_TEXT_SIZE);
    }
    if (kind == NUMBER_TIME || (kind == NUMBER_DATE_TIME && serial == 0)) {
        return clock_text(seconds, ret_text, NUMBER_TEXT_SIZE);
    }
    int32_t day = 0;
    char date[DATE_TEXT_SIZE];
    if (!serial_day(serial, is_1904, &day)) {
        return 0;
    }
    date_format(day, date);
    if (kind == NUMBER_MONTH) {
        struct civil civil = date_to_civil(day);
        return (size_t)snprintf(ret_text, NUMBER_TEXT_SIZE, "%d年%d月", (int)civil.year, (int)civil.month);
    }
    size_t length = (size_t)snprintf(ret_text, NUMBER_TEXT_SIZE, "%s", date);
    if (kind == NUMBER_DATE_TIME && seconds > 0) {
        ret_text[length++] = ' ';
        length += clock_text(seconds, ret_text + length, NUMBER_TEXT_SIZE - length);
    }
    return length;
}

size_t number_text(double number, struct number_style style, bool is_1904, char ret_text[NUMBER_TEXT_SIZE])
{
    size_t length = 0;
    switch (style.kind) {
    case NUMBER_PLAIN:
        break;
    case NUMBER_PERCENT:
        length = plain_number(number * 100, ret_text);
        length += (size_t)snprintf(ret_text + length, NUMBER_TEXT_SIZE - length, "%%");
        break;
    case NUMBER_CODE:
        if (number >= 0 && number < 1e15 && number == floor(number)) {
            int digits = style.digits > 20 ? 20 : style.digits;
            length = (size_t)snprintf(ret_text, NUMBER_TEXT_SIZE, "%0*.0f", digits, number);
        }
        break;
    default:
        length = date_text(number, style.kind, is_1904, ret_text);
    }
    return length > 0 ? length : plain_number(number, ret_text);
}
