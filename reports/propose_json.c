/* reports/propose_json: proposals as JSON: see propose.h. The same set gives the same bytes. */
#include "base/date.h"
#include "reports/propose_private.h"

#include <inttypes.h>

static void key_add(const char *key, struct text *out)
{
    text_addf(out, "\"%s\":", key);
}

/* NULL: null. A comma follows. */
static void string_add(const char *key, const char *value, struct text *out)
{
    key_add(key, out);
    if (value == NULL) {
        text_add(out, "null");
    } else {
        text_add_json(out, value);
    }
    text_add(out, ",");
}

static void number_add(const char *key, int64_t value, struct text *out)
{
    text_addf(out, "\"%s\":%" PRId64 ",", key, value);
}

static void date_add(const char *key, int32_t day, struct text *out)
{
    char date[DATE_TEXT_SIZE];
    date_format(day, date);
    string_add(key, date, out);
}

static void minute_add(const char *key, int32_t minute, struct text *out)
{
    char time[TIME_TEXT_SIZE];
    minute_format(minute, time);
    string_add(key, time, out);
}

void place_json(const struct timetable *timetable, const struct reach_place *place, enum audience audience,
                struct text *out)
{
    const struct placement *at = &place->at;
    const struct room *room = &timetable->rooms[at->room];
    const struct hall *hall = &timetable->halls[room->hall];
    const struct instructor *leader = &timetable->instructors[at->instructors[0]];
    uint32_t township = timetable_hall_township(timetable, room->hall);
    struct text sentence[2];
    date_add("date", at->day, out);
    minute_add("start", at->start_min, out);
    minute_add("end", at->start_min + at->minutes, out);
    string_add("hall_id", hall->id, out);
    string_add("hall", hall->name, out);
    string_add("township_code", township != NONE ? timetable->areas[township].id : NULL, out);
    string_add("township", township != NONE ? timetable->areas[township].name : NULL, out);
    string_add("room_id", room->id, out);
    string_add("room", room->name, out);
    string_add("course_id", timetable->courses[at->course].id, out);
    string_add("course", timetable->courses[at->course].name, out);
    bool named = audience_may_know(audience, PERSON_PROPOSED);
    string_add("instructor_id", named && audience_may_know(audience, PERSON_ID) ? leader->id : NULL, out);
    string_add("instructor", named ? leader->name : NULL, out);
    string_add("request_id", place->wished ? timetable->requests[at->request].id : NULL, out);
    number_add("travel_min", place->travel_min, out);
    text_addf(out, "\"easy\":%s,", place->easy ? "true" : "false");
    for (int k = 0; k < 2; k++) {
        text_init(&sentence[k], LIMIT_NOTE_BYTES * 2);
        propose_place_text(timetable, place, audience, k == 0, &sentence[k]);
    }
    string_add("zh", text_string(&sentence[0]), out);
    key_add("en", out);
    text_add_json(out, text_string(&sentence[1]));
    text_finish(&sentence[0]);
    text_finish(&sentence[1]);
}

static const char *state_name(enum reach_state state)
{
    static const char *const NAMES[] = {[REACH_PLACED] = "placed",
                                        [REACH_SPARE] = "not-needed",
                                        [REACH_IMPOSSIBLE] = "impossible",
                                        [REACH_CROWDED] = "crowded"};
    return NAMES[state];
}

void verdict_json(const struct timetable *timetable, const struct reach_verdict *verdict,
                  enum audience audience, struct text *out)
{
    const struct reach_reasons *reasons = reach_reasons_for(verdict, audience);
    struct text sentence[2];
    string_add("state", state_name(verdict->state), out);
    number_add("possible", verdict->possible, out);
    number_add("looked_at", verdict->looked_at, out);
    string_add("always", reasons->always != RULE_COUNT ? rule_name(reasons->always) : NULL, out);
    text_addf(out, "\"rules_alone\":%s,\"rules\":[", reasons->by_rule_alone ? "true" : "false");
    for (size_t i = 0; i < reasons->rule_count; i++) {
        text_addf(out, "%s{\"rule\":\"%s\",\"places\":%" PRIu32 "}", i == 0 ? "" : ",",
                  rule_name(reasons->rules[i]), reasons->by_rule[i]);
    }
    text_addf(out, "],\"has_change\":%s,", reasons->has_change ? "true" : "false");
    for (int k = 0; k < 2; k++) {
        text_init(&sentence[k], LIMIT_NOTE_BYTES * 4);
        reach_verdict_text(timetable, verdict, audience, k == 0, &sentence[k]);
    }
    string_add("zh", text_string(&sentence[0]), out);
    key_add("en", out);
    text_add_json(out, text_string(&sentence[1]));
    text_finish(&sentence[0]);
    text_finish(&sentence[1]);
}

/* ---- the whole ---- */

static void figure_add(const char *key, const struct coverage *coverage, struct text *out)
{
    char rate[COVERAGE_RATE_SIZE];
    coverage_rate(coverage, rate);
    text_addf(out, "\"%s\":{\"rate\":\"%s\",\"numerator\":%" PRId64 ",\"denominator\":%" PRId64 "},", key,
              rate, coverage->numerator, coverage->denominator);
}

static void head_add(const struct proposal_set *set, struct text *out)
{
    const struct reach *reach = set->reach;
    struct coverage after = propose_after(set);
    string_add("definition", coverage_name(set->options.definition), out);
    date_add("from", set->options.from_day, out);
    date_add("to", set->options.to_day, out);
    date_add("first_day", reach->from_day, out);
    date_add("by", reach->to_day, out);
    number_add("minimum", set->options.minimum, out);
    number_add("revision", set->before.revision, out);
    figure_add("before", &set->before, out);
    figure_add("after", &after, out);
    text_addf(out, "\"target\":\"%d.%02d\",", set->options.target_hundredths / 100,
              set->options.target_hundredths % 100);
    number_add("goal", (int64_t)set->goal, out);
    number_add("reached", (int64_t)reach->reached, out);
    number_add("reached_most", (int64_t)reach->reached_most, out);
    text_addf(out, "\"met\":%s,\"proven\":%s,", propose_is_met(set) ? "true" : "false",
              reach->proven ? "true" : "false");
    number_add("sessions", (int64_t)reach->proposal_count, out);
    number_add("sessions_least", reach->sessions_least, out);
    number_add("travel_min", reach->travel_min, out);
}

void propose_json(const struct proposal_set *set, enum audience audience, struct text *out)
{
    const struct reach *reach = set->reach;
    bool any = false;
    text_add(out, "{");
    head_add(set, out);
    text_add(out, "\"proposals\":[");
    for (size_t i = 0; i < reach->proposal_count; i++) {
        text_addf(out, "%s\n{\"rank\":%zu,", i == 0 ? "" : ",", i + 1);
        string_add("reaches", target_id(reach->timetable, &set->targets[reach->proposals[i].target]), out);
        place_json(reach->timetable, &reach->proposals[i].place, audience, out);
        text_add(out, "}");
    }
    text_add(out, "],\n\"left_out\":[");
    for (size_t i = 0; i < reach->target_count; i++) {
        if (reach->verdicts[i].state < REACH_IMPOSSIBLE) {
            continue;
        }
        text_add(out, any ? ",\n{" : "\n{");
        any = true;
        string_add("id", target_id(reach->timetable, &set->targets[i]), out);
        string_add("name", target_name(reach->timetable, &set->targets[i]), out);
        verdict_json(reach->timetable, &reach->verdicts[i], audience, out);
        text_add(out, "}");
    }
    text_add(out, "]}\n");
}
