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
static void verdict_rank(const struct tally *tally, struct reach_verdict *verdict)
{
    uint64_t counts[RULE_COUNT];
    verdict->looked_at = (uint32_t)tally->looked_at;
    verdict->by_rule_alone = tally->alone > 0;
    verdict->always = RULE_COUNT;
    for (int rule = 0; rule < RULE_COUNT; rule++) {
        counts[rule] = verdict->by_rule_alone ? tally->only[rule] : tally->any[rule];
        if (tally->looked_at > 0 && tally->any[rule] == tally->looked_at && verdict->always == RULE_COUNT) {
            verdict->always = (enum rule_code)rule;
        }
    }
    for (verdict->rule_count = 0; verdict->rule_count < REACH_REASONS_MAX; verdict->rule_count++) {
        int most = 0;
        for (int rule = 1; rule < RULE_COUNT; rule++) {
            most = counts[rule] > counts[most] ? rule : most;
        }
        if (counts[most] == 0) {
            return;
        }
        verdict->rules[verdict->rule_count] = (enum rule_code)most;
        verdict->by_rule[verdict->rule_count] = (uint32_t)counts[most];
        counts[most] = 0;
    }
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
            bool is_best = !verdict->has_change || change_better(change, &verdict->change);
            verdict->change = is_best ? *change : verdict->change;
            verdict->has_change = true;
            return;
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

static enum rule_code rule_told(enum rule_code rule)
{
    return rule == RULE_ABSENCE ? RULE_AVAILABILITY : rule;
}

struct reach_verdict reach_verdict_for(const struct reach_verdict *verdict, enum audience audience)
{
    struct reach_verdict told = *verdict;
    if (audience_may_know(audience, PERSON_LIMITS)) {
        return told;
    }
    told.always = rule_told(verdict->always);
    told.rule_count = 0;
    for (size_t i = 0; i < verdict->rule_count; i++) {
        enum rule_code rule = rule_told(verdict->rules[i]);
        size_t at = 0;
        while (at < told.rule_count && told.rules[at] != rule) {
            at++;
        }
        told.by_rule[at] = verdict->by_rule[i] + (at < told.rule_count ? told.by_rule[at] : 0);
        told.rules[at] = rule;
        told.rule_count += at == told.rule_count;
    }
    return told;
}

/* ---- in words ---- */

static void rules_add(const struct reach_verdict *verdict, bool chinese, struct text *out)
{
    if (verdict->always != RULE_COUNT) {
        text_addf(out, chinese ? "每个时间都因“%s”不可行" : "every place breaks one rule: %s",
                  rule_title(verdict->always, chinese));
        return;
    }
    text_add(out, chinese ? "没有可行的时间，" : "no place is possible; ");
    text_add(out, verdict->by_rule_alone
                      ? (chinese ? "仅因一条规则不可行的：" : "kept from being so by one rule alone: ")
                      : (chinese ? "主要原因：" : "what stands against them: "));
    for (size_t i = 0; i < verdict->rule_count; i++) {
        text_addf(out, chinese ? "%s%s %" PRIu32 " 个" : "%s%s %" PRIu32,
                  i == 0    ? ""
                  : chinese ? "、"
                            : ", ",
                  rule_title(verdict->rules[i], chinese), verdict->by_rule[i]);
    }
    text_addf(out, chinese ? "（查看 %" PRIu32 " 个）" : " (of %" PRIu32 " looked at)", verdict->looked_at);
}

static void state_add(const struct reach_verdict *verdict, bool chinese, struct text *out)
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
    } else if (verdict->looked_at > 0 && verdict->rule_count > 0) {
        rules_add(verdict, chinese, out);
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
    const struct reach_verdict told = reach_verdict_for(verdict, audience);
    state_add(&told, chinese, out);
    if (verdict->has_change) {
        text_add(out, chinese ? "；" : "; ");
        why_change_text(timetable, &verdict->change, audience, chinese, out);
    } else {
        text_add(out, chinese ? "。" : ".");
    }
}
