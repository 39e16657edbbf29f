/* reports/propose_text: proposals in sentences, for a coordinator: see propose.h. */
#include "base/date.h"
#include "reports/propose_private.h"

#include <inttypes.h>

static void date_add(int32_t day, bool chinese, struct text *out)
{
    char date[DATE_TEXT_SIZE];
    struct civil civil = date_to_civil(day);
    date_format(day, date);
    if (chinese) {
        text_addf(out, "%d 年 %d 月 %d 日", civil.year, civil.month, civil.day);
    } else {
        text_add(out, date);
    }
}

void propose_place_text(const struct timetable *timetable, const struct reach_place *place,
                        enum audience audience, bool chinese, struct text *out)
{
    const struct placement *at = &place->at;
    const struct room *room = &timetable->rooms[at->room];
    uint32_t township = timetable_hall_township(timetable, room->hall);
    char start[TIME_TEXT_SIZE];
    char end[TIME_TEXT_SIZE];
    minute_format(at->start_min, start);
    minute_format(at->start_min + at->minutes, end);
    text_addf(out, "%s%s%s", township != NONE ? timetable->areas[township].name : "",
              township != NONE ? "·" : "", timetable->halls[room->hall].name);
    text_add(out, chinese ? "：可排 " : ": ");
    date_add(at->day, chinese, out);
    text_addf(out, chinese ? " %s–%s《%s》（%s）" : " %s–%s %s (%s)", start, end,
              timetable->courses[at->course].name, room->name);
    if (audience_may_know(audience, PERSON_PROPOSED)) {
        text_addf(out, chinese ? "，讲师 %s" : ", by %s", timetable->instructors[at->instructors[0]].name);
    }
    text_addf(out, chinese ? "，增程 %" PRId32 " 分钟" : ", %" PRId32 " min more on the road",
              place->travel_min);
    if (place->wished) {
        text_addf(out, chinese ? "，满足点单 %s" : ", for request %s", timetable->requests[at->request].id);
    }
    if (!place->easy) {
        text_add(out, chinese ? "（逢节假日、集市、非偏好时段或与邻近场次过近）"
                              : " (a holiday, a market day, an unwelcome hour, or close to another session)");
    }
}

const char *target_name(const struct timetable *timetable, const struct reach_target *target)
{
    return target->hall != NONE ? timetable->halls[target->hall].name : timetable->areas[target->area].name;
}

const char *target_id(const struct timetable *timetable, const struct reach_target *target)
{
    return target->hall != NONE ? timetable->halls[target->hall].id : timetable->areas[target->area].id;
}

static uint32_t target_township(const struct timetable *timetable, const struct reach_target *target)
{
    return target->hall != NONE ? timetable_hall_township(timetable, target->hall)
                                : timetable->areas[target->area].township;
}

/* ---- the whole ---- */

static void days_add(const struct proposal_set *set, bool chinese, struct text *out)
{
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    date_format(set->reach->from_day, from);
    date_format(set->reach->to_day, to);
    text_addf(out, chinese ? "%s 至 %s" : "%s to %s", from, to);
}

static void summary_add(const struct proposal_set *set, bool chinese, struct text *out)
{
    const struct reach *reach = set->reach;
    struct coverage after = propose_after(set);
    char rate[COVERAGE_RATE_SIZE];
    coverage_rate(&after, rate);
    text_add(out, chinese ? "现在：" : "now: ");
    coverage_sentence(&set->before, chinese, out);
    text_add(out, chinese ? "\n建议：" : "\nproposed: ");
    text_addf(out,
              chinese ? "%zu 场，新增覆盖 %zu 处，增程合计 %" PRId64 " 分钟，"
                      : "%zu sessions reach %zu more, %" PRId64 " min more on the road, ",
              reach->proposal_count, reach->reached, reach->travel_min);
    days_add(set, chinese, out);
    text_addf(out,
              chinese ? "\n发布后：%s %%（%" PRId64 " ÷ %" PRId64 "）"
                      : "\nonce published: %s %% (%" PRId64 " of %" PRId64 ")",
              rate, after.numerator, after.denominator);
    if (set->options.definition == COVERAGE_HALLS_HELD) {
        text_add(out, chinese ? "；按已开展口径，须办完并登记后计入"
                              : "; by sessions held, once they were held and entered");
    }
    text_add(out, "\n");
}

static void fewest_add(const struct reach *reach, bool chinese, struct text *out)
{
    if ((int64_t)reach->proposal_count == reach->sessions_least) {
        text_addf(out,
                  chinese ? "可以达到，%zu 场已是最少" : "and can be reached; %zu sessions are the fewest",
                  reach->proposal_count);
    } else {
        text_addf(out,
                  chinese ? "可以达到，用 %zu 场，至少需 %" PRId64 " 场"
                          : "and can be reached with %zu sessions, at least %" PRId64,
                  reach->proposal_count, reach->sessions_least);
    }
}

/* Whether the rate is met, and how sure it is that no other choice does better. */
static void verdict_add(const struct proposal_set *set, bool chinese, struct text *out)
{
    const struct reach *reach = set->reach;
    if (set->options.hall != NONE) {
        return;
    }
    if (set->before.denominator == 0) {
        text_add(out, chinese ? "没有应覆盖的对象，覆盖率不计算。\n"
                              : "nothing is to be reached here: there is no rate.\n");
        return;
    }
    text_addf(out, chinese ? "目标 %d.%02d %%：需新增 %zu 处，" : "target %d.%02d %%: %zu more are needed, ",
              set->options.target_hundredths / 100, set->options.target_hundredths % 100, set->goal);
    if (set->goal == 0) {
        text_add(out, chinese ? "已经达到" : "it is met already");
    } else if (propose_is_met(set)) {
        fewest_add(reach, chinese, out);
    } else if (reach->proven) {
        text_addf(out,
                  chinese ? "达不到：已证明最多新增 %zu 处" : "and cannot be reached: proven, %zu at most",
                  reach->reached_most);
    } else {
        text_addf(out,
                  chinese ? "未能达到：找到 %zu 处，上界 %zu 处"
                          : "and was not reached: %zu found, the bound says %zu at most",
                  reach->reached, reach->reached_most);
    }
    text_add(out, chinese ? "。\n" : ".\n");
}

static void left_out_add(const struct proposal_set *set, bool chinese, struct text *out)
{
    const struct reach *reach = set->reach;
    const struct timetable *t = reach->timetable;
    for (size_t i = 0; i < reach->target_count; i++) {
        if (reach->verdicts[i].state < REACH_IMPOSSIBLE) {
            continue;
        }
        uint32_t township = target_township(t, &set->targets[i]);
        bool named = set->targets[i].hall != NONE && township != NONE;
        text_add(out, chinese ? "排不上：" : "no: ");
        text_addf(out, "%s%s%s", named ? t->areas[township].name : "", named ? "·" : "",
                  target_name(t, &set->targets[i]));
        text_add(out, chinese ? "：" : ": ");
        reach_verdict_text(t, &reach->verdicts[i], AUDIENCE_OFFICE, chinese, out);
        text_add(out, "\n");
    }
}

void propose_text(const struct proposal_set *set, bool chinese, struct text *out)
{
    summary_add(set, chinese, out);
    verdict_add(set, chinese, out);
    for (size_t i = 0; i < set->reach->proposal_count; i++) {
        text_addf(out, "%zu. ", i + 1);
        propose_place_text(set->reach->timetable, &set->reach->proposals[i].place, AUDIENCE_OFFICE, chinese,
                           out);
        text_add(out, "\n");
    }
    left_out_add(set, chinese, out);
}
