/* reports/propose_hall: the best places of one hall, or why there are none: see propose.h. */
#include "reports/propose_private.h"

enum {
    LOOKS_ONE_HALL = 40000 /* places looked at for its reasons: some tens of milliseconds */
};

struct hall_answer {
    struct reach_places places;
    struct reach *reach; /* when there is no place: its verdict */
};

static uint64_t no_clock(void *context)
{
    (void)context;
    return 0;
}

static enum error_code hall_ask(struct timetable *t, const struct reach_query *query, size_t max,
                                struct hall_answer *answer, struct error *err)
{
    struct book *book = NULL;
    const struct planner_world world = {.clock = {.mono_ns = no_clock}};
    enum error_code code = book_create(t, false, &book, err);
    code = code == ERR_NONE ? reach_alternatives(book, query, 0, max, &answer->places, err) : code;
    book_destroy(book);
    if (code == ERR_NONE && answer->places.count == 0) {
        code = reach_run(t, query, &world, &answer->reach, err);
    }
    return code;
}

static void answer_finish(struct hall_answer *answer)
{
    reach_places_finish(&answer->places);
    reach_destroy(answer->reach);
}

static enum error_code question_make(const struct timetable *t, struct reach_target *target,
                                     int32_t first_day, int32_t by_day, const struct weights *weights,
                                     struct reach_query *ret_query, struct error *err)
{
    if (target->hall >= t->hall_count) {
        return error_set(err, ERR_INPUT, "没有这个礼堂 (no such hall)");
    }
    *ret_query = reach_query_default(first_day, by_day);
    ret_query->targets = target;
    ret_query->target_count = 1;
    ret_query->looks = LOOKS_ONE_HALL;
    ret_query->weights = *weights;
    return ERR_NONE;
}

enum error_code propose_hall_json(struct timetable *timetable, uint32_t hall, int32_t first_day,
                                  int32_t by_day, size_t max, const struct weights *weights,
                                  enum audience audience, struct text *out, bool *ret_any, struct error *err)
{
    struct hall_answer answer = {.reach = NULL};
    struct reach_target target = {.hall = hall, .area = NONE, .need = 1};
    struct reach_query query;
    enum error_code code = question_make(timetable, &target, first_day, by_day, weights, &query, err);
    code = code == ERR_NONE ? hall_ask(timetable, &query, max, &answer, err) : code;
    if (code == ERR_NONE) {
        text_add(out, "{\"hall_id\":");
        text_add_json(out, timetable->halls[hall].id);
        text_add(out, ",\"hall\":");
        text_add_json(out, timetable->halls[hall].name);
        text_addf(out, ",\"revision\":%lld,\"places\":[", (long long)timetable->revision);
        for (size_t i = 0; i < answer.places.count; i++) {
            text_add(out, i == 0 ? "\n{" : ",\n{");
            place_json(timetable, &answer.places.items[i], audience, out);
            text_add(out, "}");
        }
        text_add(out, "],\"why\":");
        if (answer.reach != NULL) {
            text_add(out, "{");
            verdict_json(timetable, &answer.reach->verdicts[0], audience, out);
            text_add(out, "}");
        } else {
            text_add(out, "null");
        }
        text_add(out, "}\n");
        if (ret_any != NULL) {
            *ret_any = answer.places.count > 0;
        }
        code = text_status(out, err);
    }
    answer_finish(&answer);
    return code;
}

enum error_code propose_hall_text(struct timetable *timetable, uint32_t hall, int32_t first_day,
                                  int32_t by_day, size_t max, const struct weights *weights, bool chinese,
                                  struct text *out, bool *ret_any, struct error *err)
{
    struct hall_answer answer = {.reach = NULL};
    struct reach_target target = {.hall = hall, .area = NONE, .need = 1};
    struct reach_query query;
    enum error_code code = question_make(timetable, &target, first_day, by_day, weights, &query, err);
    code = code == ERR_NONE ? hall_ask(timetable, &query, max, &answer, err) : code;
    if (code == ERR_NONE) {
        for (size_t i = 0; i < answer.places.count; i++) {
            text_addf(out, "%zu. ", i + 1);
            propose_place_text(timetable, &answer.places.items[i], AUDIENCE_OFFICE, chinese, out);
            text_add(out, "\n");
        }
        if (answer.reach != NULL) {
            text_add(out, timetable->halls[hall].name);
            text_add(out, chinese ? "：" : ": ");
            reach_verdict_text(timetable, &answer.reach->verdicts[0], AUDIENCE_OFFICE, chinese, out);
            text_add(out, "\n");
        }
        *ret_any = answer.places.count > 0;
        code = text_status(out, err);
    }
    answer_finish(&answer);
    return code;
}
