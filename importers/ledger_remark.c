#include "importers/ledger_remark.h"

#include "importers/values.h"
#include "importers/words.h"

static bool holds_any(const char *plain, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (strstr(plain, *words) != NULL) {
            return true;
        }
    }
    return false;
}

/* The number before `unit` that stands right after one of the words: 算2场, 共两天. */
static int32_t number_after(const char *plain, const char *const *words, const char *unit)
{
    for (; *words != NULL; words++) {
        for (const char *at = strstr(plain, *words); at != NULL; at = strstr(at + 1, *words)) {
            const char *p = at + strlen(*words);
            int32_t number = 0;
            if (numeral_take(&p, &number) && word_take(&p, unit)) {
                return number;
            }
        }
    }
    return 0;
}

/* "2天", "(两天)": the whole text. */
static int32_t days_alone(const char *plain)
{
    int32_t number = 0;
    const char *p = plain;
    bool is_open = word_take(&p, "(");
    bool is_days = numeral_take(&p, &number) && (word_take(&p, "天") || word_take(&p, "日"));
    return is_days && (!is_open || word_take(&p, ")")) && *p == '\0' ? number : 0;
}

/* 改 before a place. */
static bool is_moved_outside(const char *plain)
{
    static const char *const WAYS[] = {"改在", "改到",   "改至",   "移到",   "移至", "搬到",
                                       "转到", "改室外", "改户外", "改线上", NULL};
    static const char *const PLACES[] = {"村委会", "居委会", "村部", "广场", "操场", "学校",     "祠堂",
                                         "文化站", "活动室", "中心", "公园", "晒场", "食堂",     "院子",
                                         "家中",   "室外",   "户外", "线上", "党群", "老年协会", NULL};
    const char *at = strstr(plain, "改");
    return holds_any(plain, WAYS) || (at != NULL && holds_any(at, PLACES));
}

void remark_read(const char *text, struct remark *ret_remark)
{
    static const char *const CANCELLED[] = {"取消", "停课", "停办", "退单", "cancelled", "canceled", NULL};
    static const char *const NOT_CANCELLED[] = {"未取消", "不取消", "没有取消", NULL};
    static const char *const NOT_HELD[] = {"未开展", "未举办", "未开课",  "没有开展", "没开展",
                                           "未进行", "未上课", "notheld", NULL};
    static const char *const POSTPONED[] = {"改期", "延期", "顺延", "推迟", "改时间", NULL};
    static const char *const COUNTS[] = {"算", "计", "按", "计为", "折算", "折", "算作", NULL};
    static const char *const DAYS[] = {"共", "(", "连续", "为期", NULL};
    char plain[PLAIN_HOURS_SIZE];
    *ret_remark = (struct remark){0};
    if (!plain_text(text, plain, sizeof plain) || plain[0] == '\0') {
        return;
    }
    ret_remark->is_cancelled = holds_any(plain, CANCELLED) && !holds_any(plain, NOT_CANCELLED);
    ret_remark->is_not_held = holds_any(plain, NOT_HELD);
    ret_remark->is_postponed = holds_any(plain, POSTPONED);
    ret_remark->is_outside = !ret_remark->is_postponed && is_moved_outside(plain);
    ret_remark->counts_as = number_after(plain, COUNTS, "场");
    int32_t alone = days_alone(plain);
    ret_remark->days = alone != 0 ? alone : number_after(plain, DAYS, "天");
}

size_t remark_cut(const char *name)
{
    static const char *const OPEN[] = {"(", "（", "[", "【", NULL};
    size_t length = strlen(name);
    for (const char *at = name; *at != '\0'; at++) {
        const char *p = at;
        struct remark remark;
        if (at == name || !word_take_any(&p, OPEN)) {
            continue;
        }
        remark_read(at, &remark);
        if (remark.days != 0 || remark.counts_as != 0 || remark.is_cancelled) {
            return (size_t)(at - name);
        }
    }
    return length;
}
