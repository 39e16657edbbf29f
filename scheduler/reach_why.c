/* Reasons for a target that is left out: those that `why` finds for a wish of each course of the menu. */
#include "scheduler/reach_why.h"

#include "base/text.h"
#include "scheduler/why_changes.h"

#include <inttypes.h>

enum {
    LOOKS_LEAST = 100 /* of one course */
};

struct tally {
    uint64_t any[RULE_COUNT], only[RULE_COUNT];
    uint64_t looked_at, alone;
};

/* The commonest rules first. */
static void reasons_rank(uint64_t counts[RULE_COUNT], struct reach_reasons *reasons)
{
    for (reasons->rule_count = 0; reasons->rule_count < REACH_REASONS_MAX; reasons->rule_count++) {
        int most = 0;
        for (int rule = 1; rule < RULE_COUNT; rule++) {
            most = counts[rule] > counts[most] ? rule : most;
        }
        if (counts[most] == 0) {
            return;
        }
        reasons->rules[reasons->rule_count] = (enum rule_code)most;
        reasons->by_rule[reasons->rule_count] = (uint32_t)counts[most];
        counts[most] = 0;
    }
}

/* The first rule that removes every place. */
static enum rule_code rule_always(const struct tally *tally, bool impersonal)
{
    for (int rule = 0; rule < RULE_COUNT && tally->looked_at > 0; rule++) {
        if (tally->any[rule] == tally->looked_at && !(impersonal && rule_is_personal((enum rule_code)rule))) {
            return (enum rule_code)rule;
        }
    }
    return RULE_COUNT;
}

static void verdict_rank(const struct tally *tally, struct reach_verdict *verdict)
{
    uint64_t all[RULE_COUNT];
    uint64_t impersonal[RULE_COUNT];
    verdict->looked_at = (uint32_t)tally->looked_at;
    verdict->reasons.by_rule_alone = tally->alone > 0;
    verdict->reasons.always = rule_always(tally, false);
    verdict->impersonal.always = rule_always(tally, true);
    for (int rule = 0; rule < RULE_COUNT; rule++) {
        bool is_personal = rule_is_personal((enum rule_code)rule);
        all[rule] = tally->alone > 0 ? tally->only[rule] : tally->any[rule];
        impersonal[rule] = is_personal ? 0 : tally->any[rule];
        verdict->has_personal |= is_personal && tally->any[rule] > 0;
    }
    reasons_rank(all, &verdict->reasons);
    reasons_rank(impersonal, &verdict->impersonal);
}

static void change_take(struct reach_reasons *reasons, const struct why_change *change)
{
    bool is_best = !reasons->has_change || change_better(change, &reasons->change);
    reasons->change = is_best ? *change : reasons->change;
    reasons->has_change = true;
}

static void wish_count(const struct reach_query *query, const struct why_request *why, struct tally *tally,
                       struct reach_verdict *verdict)
{
    tally->looked_at += why->looked_at;
    for (int rule = 0; rule < RULE_COUNT; rule++) {
        tally->any[rule] += why->any[rule];
        tally->only[rule] += why->only[rule];
        tally->alone += why->only[rule];
    }
    verdict->no_room &= why->kind == WHY_NO_HALL;
    verdict->no_course &= why->kind == WHY_SEASON;
    for (size_t i = 0; i < why->change_count; i++) {
        const struct why_change *change = &why->changes[i];
        bool is_late = change->kind == CHANGE_WINDOW && change->example.day > query->latest_day;
        if (!is_late) {
            change_take(&verdict->reasons, change);
        }
        if (!is_late && !why_change_is_personal(change)) {
            change_take(&verdict->impersonal, change);
        }
    }
}

static uint32_t menu_count(const struct timetable *t)
{
    uint32_t count = 0;
    for (size_t c = 0; c < t->course_count; c++) {
        count += t->courses[c].active ? 1 : 0;
    }
    return count;
}

enum error_code verdict_explain(const struct book *book, const struct reach_query *query, uint32_t target,
                                uint32_t looks, struct reach_verdict *verdict, struct error *err)
{
    const struct timetable *t = book_timetable(book);
    const struct reach_target *at = &query->targets[target];
    uint32_t menu = menu_count(t);
    struct tally tally = {.looked_at = 0};
    struct why_options options = {.from_day = query->from_day,
                                  .weights = query->weights,
                                  .is_full = true, /* one session more has no place: the walk has shown it */
                                  .fixed_window = query->latest_day <= query->to_day};
    options.looks = menu > 0 && looks / menu > LOOKS_LEAST ? looks / menu : LOOKS_LEAST;
    verdict->no_room = menu > 0;
    verdict->no_course = true;
    enum error_code code = ERR_NONE;
    for (uint32_t c = 0; c < t->course_count && code == ERR_NONE; c++) {
        const struct request wish = {.id = "",
                                     .hall = at->hall,
                                     .area = at->area,
                                     .course = c,
                                     .sessions = at->need,
                                     .from_day = query->from_day,
                                     .to_day = query->to_day};
        struct why_request why;
        if (t->courses[c].active) {
            code = why_wish(book, &wish, &options, &why, err);
        }
        if (t->courses[c].active && code == ERR_NONE) {
            wish_count(query, &why, &tally, verdict);
        }
    }
    verdict_rank(&tally, verdict);
    return code;
}

/* ---- for whom ---- */

const struct reach_reasons *reach_reasons_for(const struct reach_verdict *verdict, enum audience audience)
{
    return audience_may_know(audience, PERSON_LIMITS) ? &verdict->reasons : &verdict->impersonal;
}

/* ---- in words ---- */

static void rules_add(const struct reach_verdict *verdict, const struct reach_reasons *reasons, bool chinese,
                      struct text *out)
{
    if (reasons->always != RULE_COUNT) {
        text_addf(out, chinese ? "每个时间都因“%s”不可行" : "every place breaks one rule: %s",
                  rule_title(reasons->always, chinese));
        return;
    }
    text_add(out, chinese ? "没有可行的时间，" : "no place is possible; ");
    text_add(out, reasons->by_rule_alone
                      ? (chinese ? "仅因一条规则不可行的：" : "kept from being so by one rule alone: ")
                      : (chinese ? "主要原因：" : "what stands against them: "));
    for (size_t i = 0; i < reasons->rule_count; i++) {
        text_addf(out, chinese ? "%s%s %" PRIu32 " 个" : "%s%s %" PRIu32,
                  i == 0    ? ""
                  : chinese ? "、"
                            : ", ",
                  rule_title(reasons->rules[i], chinese), reasons->by_rule[i]);
    }
    if (reasons == &verdict->impersonal && verdict->has_personal) {
        text_addf(out, chinese ? "%s讲师方面没有时间" : "%sinstructors cannot",
                  reasons->rule_count == 0 ? ""
                  : chinese                ? "，以及"
                                           : ", and ");
    }
    text_addf(out, chinese ? "（查看 %" PRIu32 " 个）" : " (of %" PRIu32 " looked at)", verdict->looked_at);
}

static void state_add(const struct reach_verdict *verdict, const struct reach_reasons *reasons, bool chinese,
                      struct text *out)
{
    if (verdict->no_room) {
        text_add(out, chinese ? "期间没有启用的礼堂或场地" : "no hall with a room is in use in these days");
    } else if (verdict->no_course) {
        text_add(out,
                 chinese ? "期间菜单上没有可排的课程" : "no course of the menu is in season in these days");
    } else if (verdict->state == REACH_CROWDED) {
        text_add(out, chinese
                          ? "单独可排，但与其他礼堂争用同样的讲师或名额，未能排上"
                          : "possible alone, but others take the people or the supply that it would need");
    } else if (verdict->looked_at > 0 && verdict->reasons.rule_count > 0) {
        rules_add(verdict, reasons, chinese, out);
    } else {
        text_add(out, chinese ? "没有可行的时间" : "no place is possible");
    }
    if (verdict->possible > 0 && verdict->state == REACH_IMPOSSIBLE) {
        text_addf(out,
                  chinese ? "（最多可排 %" PRId32 " 场）" : " (%" PRId32 " of its sessions could be held)",
                  verdict->possible);
    }
}

void reach_verdict_text(const struct timetable *timetable, const struct reach_verdict *verdict,
                        enum audience audience, bool chinese, struct text *out)
{
    if (verdict->state < REACH_IMPOSSIBLE) {
        text_add(out, verdict->state == REACH_PLACED
                          ? (chinese ? "已有建议" : "has proposals")
                          : (chinese ? "目标已达到，未列入" : "not needed for the target"));
        return;
    }
    const struct reach_reasons *reasons = reach_reasons_for(verdict, audience);
    state_add(verdict, reasons, chinese, out);
    if (reasons->has_change) {
        text_add(out, chinese ? "；" : "; ");
        why_change_text(timetable, &reasons->change, audience, chinese, out);
    } else {
        text_add(out, chinese ? "。" : ".");
    }
}
