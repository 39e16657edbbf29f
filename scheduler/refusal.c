/* Why a request was refused, in a sentence for a coordinator. */
#include "scheduler/plan.h"
#include "scheduler/rules.h"

#include <inttypes.h>

void refusal_attribute(uint64_t *rules, uint32_t count, uint32_t *ret_by_rule)
{
    for (int round = 0; round < RULE_COUNT; round++) {
        uint32_t tally[RULE_COUNT] = {0};
        int most = 0;
        for (uint32_t i = 0; i < count; i++) {
            for (uint64_t left = rules[i]; left != 0; left &= left - 1) {
                tally[__builtin_ctzll(left)]++;
            }
        }
        for (int rule = 1; rule < RULE_COUNT; rule++) {
            most = tally[rule] > tally[most] ? rule : most;
        }
        if (tally[most] == 0) {
            return;
        }
        ret_by_rule[most] = tally[most];
        for (uint32_t i = 0; i < count; i++) {
            rules[i] = (rules[i] & RULE_BIT(most)) != 0 ? 0 : rules[i];
        }
    }
}

static const char *kind_sentence(enum refusal_kind kind, bool is_weekly, bool chinese)
{
    static const char *const ZH[] = {
        [REFUSAL_WITHDRAWN] = "点单已撤回",
        [REFUSAL_NO_HALL] = "没有启用且设施、容量都满足的场地",
        [REFUSAL_NO_INSTRUCTOR] = "没有具备授课资格的讲师",
        [REFUSAL_NO_DAY] = "希望的日期与课程季节没有交集",
        [REFUSAL_PLAN_DAYS] = "可排课的日期内，没有一天既合希望的日期又合课程季节",
        [REFUSAL_NO_PLACE] = "即使没有其他场次，也没有可用的时间",
        [REFUSAL_CROWDED] = "可用的时间都被其他场次或上限占用",
    };
    static const char *const EN[] = {
        [REFUSAL_WITHDRAWN] = "the request was withdrawn",
        [REFUSAL_NO_HALL] = "no room in use has the facilities and the size",
        [REFUSAL_NO_INSTRUCTOR] = "nobody is qualified to teach it",
        [REFUSAL_NO_DAY] = "no day lies both in the window and in the course's season",
        [REFUSAL_PLAN_DAYS] = "no day that may be planned lies both in its window and in its season",
        [REFUSAL_NO_PLACE] = "no time is possible even without other sessions",
        [REFUSAL_CROWDED] = "every possible time is taken by other sessions or used up by caps",
    };
    if (kind == REFUSAL_NO_DAY && is_weekly) {
        return chinese ? "希望的日期、课程季节和节假日内排不下整个系列"
                       : "window, season and holidays leave no room for the whole series";
    }
    if (kind == REFUSAL_PLAN_DAYS && is_weekly) {
        return chinese ? "排课区间太短，排不下整个系列；希望的日期内本来排得下"
                       : "the plan's days are too short for the whole series, its own window is not";
    }
    return chinese ? ZH[kind] : EN[kind];
}

/* The rules that removed most, at most two. */
static void add_reasons(const struct plan_refusal *refusal, bool chinese, struct text *out)
{
    enum rule_code last = RULE_COUNT;
    for (int rank = 0; rank < 2; rank++) {
        enum rule_code most = RULE_COUNT;
        for (int rule = 0; rule < RULE_COUNT; rule++) {
            if (refusal->by_rule[rule] > 0 && rule != (int)last &&
                (most == RULE_COUNT || refusal->by_rule[rule] > refusal->by_rule[most])) {
                most = (enum rule_code)rule;
            }
        }
        if (most == RULE_COUNT || refusal->looked_at == 0) {
            return;
        }
        uint32_t percent = (uint32_t)((uint64_t)refusal->by_rule[most] * 100 / refusal->looked_at);
        if (rank == 0) {
            text_addf(out, chinese ? "；所查 %" PRIu32 " 个时间中" : "; of %" PRIu32 " times looked at,",
                      refusal->looked_at);
        }
        text_addf(out, chinese ? "%s %" PRIu32 "%% 因%s" : "%s %" PRIu32 "%% fail by: %s",
                  rank == 0 ? ""
                  : chinese ? "，"
                            : ",",
                  percent, rule_title(most, chinese));
        if (most == RULE_OPENING && refusal->assumes_hours) {
            text_add(out, chinese ? "（未填开放时间的礼堂只排 08:00–21:00）"
                                  : " (a hall without hours is used from 08:00 to 21:00)");
        }
        last = most;
    }
}

/* "需要 3 场，已排 1 场，缺 2 场" */
static void add_figures(const struct request *request, const struct plan_refusal *refusal, bool chinese,
                        struct text *out)
{
    int32_t done = request->sessions - refusal->missing - refusal->left_out;
    done = done < 0 ? 0 : done;
    text_addf(out,
              chinese ? "需要 %" PRId32 " 场，已排 %" PRId32 " 场，"
                      : " wants %" PRId32 " sessions, %" PRId32 " are planned, ",
              request->sessions, done);
    if (refusal->left_out > 0) {
        text_addf(out,
                  chinese ? "按系列规则跳过 %" PRId32 " 场，" : "%" PRId32 " left out by the series' rule, ",
                  refusal->left_out);
    }
    text_addf(out, chinese ? "缺 %" PRId32 " 场" : "%" PRId32 " missing", refusal->missing);
}

void refusal_sentence(const struct timetable *t, const struct plan_refusal *refusal, bool chinese,
                      struct text *out)
{
    const struct request *request = &t->requests[refusal->request];
    const char *place = request_place_name(t, request);
    const char *course = t->courses[request->course].name;
    text_addf(out, chinese ? "%s《%s》（点单 %s）" : "%s, \"%s\" (request %s)", place, course, request->id);
    if (refusal->missing > 0) {
        add_figures(request, refusal, chinese, out);
    }
    text_addf(out, chinese ? "：%s" : ": %s", kind_sentence(refusal->kind, refusal->is_weekly, chinese));
    add_reasons(refusal, chinese, out);
    text_add(out, chinese ? "。" : ".");
}
