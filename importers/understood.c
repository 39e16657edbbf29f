#include "importers/understood.h"

#include "base/date.h"

#include <inttypes.h>

static void day_add(int64_t day, struct text *out)
{
    char date[DATE_TEXT_SIZE];
    date_format((int32_t)day, date);
    text_add(out, date);
}

static void minutes_add(int64_t from_min, int64_t to_min, struct text *out)
{
    char minute[TIME_TEXT_SIZE];
    minute_format((int32_t)from_min, minute);
    text_add(out, minute);
    if (to_min >= 0) {
        if (to_min == DAY_MINUTES) {
            text_add(out, "–24:00");
            return;
        }
        minute_format((int32_t)to_min, minute);
        text_addf(out, "–%s", minute);
    }
}

static void date_add(const struct value *value, struct text *out)
{
    int64_t length = value->number_to < 0 ? 1 : value->number_to - value->number + 1;
    bool is_whole = length >= 1 && length <= DATE_DAYS_MAX &&
                    value->days == (length >= DATE_DAYS_MAX ? ~UINT64_C(0) : (UINT64_C(1) << length) - 1);
    day_add(value->number, out);
    if (value->number_to >= 0 && is_whole) {
        text_add(out, " – ");
        day_add(value->number_to, out);
    }
    for (int i = 1; value->number_to >= 0 && !is_whole && i < DATE_DAYS_MAX; i++) {
        if ((value->days >> i & 1U) != 0) {
            text_add(out, ", ");
            day_add(value->number + i, out);
        }
    }
    if (value->from_min >= 0) {
        int32_t usual = (value->how & HOW_PART) != 0 ? time_usual_start(value->from_min, value->to_min) : -1;
        text_add(out, " ");
        minutes_add(usual >= 0 ? usual : value->from_min, usual >= 0 ? -1 : value->to_min, out);
    }
}

static void degrees_add(int64_t e6, struct text *out)
{
    int64_t whole = e6 < 0 ? -e6 : e6;
    text_addf(out, "%s%" PRId64 ".%06" PRId64, e6 < 0 ? "-" : "", whole / 1000000, whole % 1000000);
}

void value_understood(value_parser parse, const struct value *value, struct text *out)
{
    if (!value->given) {
        return;
    }
    if (value_is_dated(parse) && value->days != 0) {
        date_add(value, out);
    } else if (parse == value_time || parse == value_when || parse == value_end_time) {
        minutes_add(value->number, value->number_to, out);
    } else if (parse == value_degrees) {
        degrees_add(value->number, out);
    } else if (parse == value_count) {
        text_addf(out, "%" PRId64, value->number);
    } else if (parse == value_minutes || parse == value_lessons || parse == value_clock_hours) {
        text_addf(out, "%" PRId64 " min", value->number);
    } else if (parse == value_percent) {
        text_addf(out, "%" PRId64 "%%", value->number);
    } else if (parse == value_boolean) {
        text_add(out, value->number != 0 ? "是" : "否");
    } else {
        text_add(out, value->text);
    }
}

const char *year_source_text(enum import_year_source source, bool chinese)
{
    static const char *const TEXTS[][2] = {[YEAR_UNKNOWN] = {"未知", "unknown"},
                                           [YEAR_OPTION] = {"--year", "--year"},
                                           [YEAR_TITLE] = {"标题", "the title"},
                                           [YEAR_COLUMN] = {"同列其他日期", "the other dates of the column"},
                                           [YEAR_FILE_NAME] = {"文件名", "the file's name"},
                                           [YEAR_NEIGHBOURS] = {"上下相邻日期", "the dates above and below"}};
    return TEXTS[source][chinese ? 0 : 1];
}

void how_explain(uint16_t how, enum import_year_source source, bool chinese, struct text *out)
{
    static const char *const WORDS[HOW_KINDS][2] = {
        [0] = {NULL, NULL},
        [1] = {"年份取自", "the year is from "},
        [2] = {"表格日期序号", "a spreadsheet's serial number"},
        [3] = {"由农历换算", "converted from the lunar calendar"},
        [4] = {"按惯例时间", "the usual time of that part of the day"},
        [5] = {"概数，取所写的数", "an approximate figure, taken as written"},
        [6] = {"止于次年", "ends in the next year"},
        [7] = {"表中未写明，按惯例", "not said in the row, as is usual"},
        [8] = {"写法不同，认作同一个", "another spelling, taken for the same"},
        [9] = {"由所写坐标系换算", "converted from the datum named"}};
    const char *between = "";
    for (unsigned i = 0; i < HOW_KINDS; i++) {
        const char *words = WORDS[i][chinese ? 0 : 1];
        if (((unsigned)how >> i & 1U) == 0 || words == NULL) {
            continue;
        }
        text_addf(out, "%s%s%s", between, words,
                  (1U << i) == HOW_YEAR ? year_source_text(source, chinese) : "");
        between = chinese ? "；" : "; ";
    }
}
