/* Bounds: the parts put together, and their sentences. */
#include "scheduler/bound.h"

#include "base/date.h"
#include "base/vec.h"
#include "scheduler/bound_private.h"

#include <inttypes.h>
#include <stdlib.h>

void bound_destroy(struct bound *bound)
{
    if (bound != NULL) {
        free(bound->deficits);
        free(bound->travel);
        free(bound);
    }
}

enum error_code bound_add_deficit(struct bound *bound, const struct bound_deficit *deficit)
{
    void *grown = vec_reserve(bound->deficits, &bound->deficit_capacity, bound->deficit_count + 1,
                              sizeof *bound->deficits, LIMIT_ROWS);
    if (grown == NULL) {
        return ERR_MEMORY;
    }
    bound->deficits = grown;
    bound->deficits[bound->deficit_count++] = *deficit;
    return ERR_NONE;
}

/* What is wanted, there, and open, as score_requests and the planner count it. */
static int64_t requests_count(struct bound_work *work)
{
    const struct timetable *t = work->timetable;
    int64_t placed = 0;
    request_count_placed(t, work->published);
    for (uint32_t r = 0; r < t->request_count; r++) {
        const struct request *request = &t->requests[r];
        if (request->withdrawn || request->from_day > work->options->to_day ||
            request->to_day < work->options->from_day) {
            continue;
        }
        int32_t there = work->published[r] < request->sessions ? work->published[r] : request->sessions;
        work->open[r] = request_missing(request, there);
        placed += there;
        work->bound->wanted += there + work->open[r];
    }
    return placed;
}

static int64_t open_count(const struct bound_work *work, uint32_t *ret_requests)
{
    int64_t open = 0;
    *ret_requests = 0;
    for (size_t r = 0; r < work->timetable->request_count; r++) {
        open += work->open[r];
        *ret_requests += work->open[r] > 0;
    }
    return open;
}

static int deficit_compare(const void *a, const void *b)
{
    const struct bound_deficit *x = a;
    const struct bound_deficit *y = b;
    int64_t lack_x = x->need - x->capacity;
    int64_t lack_y = y->need - y->capacity;
    if (lack_x != lack_y) {
        return lack_x > lack_y ? -1 : 1;
    }
    if (x->kind != y->kind) {
        return x->kind < y->kind ? -1 : 1;
    }
    if (x->from_day != y->from_day) {
        return x->from_day < y->from_day ? -1 : 1;
    }
    return x->course != y->course ? (x->course < y->course ? -1 : 1)
           : x->hall < y->hall    ? -1
                                  : x->hall > y->hall;
}

static enum error_code impossible_add(struct bound_work *work, int64_t lost, uint32_t requests)
{
    if (lost == 0) {
        return ERR_NONE;
    }
    const struct bound_deficit deficit = {.kind = DEFICIT_NO_PLACE,
                                          .need = lost,
                                          .from_day = work->options->from_day,
                                          .to_day = work->options->to_day,
                                          .course = NONE,
                                          .hall = NONE,
                                          .requests = requests};
    return bound_add_deficit(work->bound, &deficit);
}

static enum error_code bound_fill(struct bound_work *work, struct error *err)
{
    struct bound *bound = work->bound;
    int64_t by_people = 0;
    int64_t by_halls = 0;
    uint32_t before_requests;
    uint32_t after_requests;
    int64_t placed = requests_count(work);
    int64_t before = open_count(work, &before_requests);
    enum error_code code = bound_requests(work);
    int64_t after = open_count(work, &after_requests);
    code = code == ERR_NONE
               ? impossible_add(work, before - after - work->left_out, before_requests - after_requests)
               : code;
    if (code != ERR_NONE) {
        return error_set(err, code, "bound: %s", error_sentence_en(code));
    }
    code = bound_by_people(work, &by_people, err);
    code = code == ERR_NONE ? bound_by_halls(work, &by_halls, err) : code;
    code = code == ERR_NONE ? bound_by_travel(work, err) : code;
    bound->placed_most = placed + (by_people < by_halls ? by_people : by_halls);
    if (bound->deficit_count > 0) {
        qsort(bound->deficits, bound->deficit_count, sizeof *bound->deficits, deficit_compare);
    }
    return code;
}

enum error_code bound_create(const struct timetable *timetable, const struct bound_options *options,
                             struct bound **ret_bound, struct error *err)
{
    struct bound_work work = {.timetable = timetable, .options = options, .from_day = options->from_day};
    if (options->to_day < options->from_day || options->to_day - options->from_day >= LIMIT_PLAN_DAYS) {
        return error_set(err, ERR_INPUT, "bound: 1 to %d days", LIMIT_PLAN_DAYS);
    }
    work.day_count = (uint32_t)(options->to_day - options->from_day) + 1;
    work.bound = calloc(1, sizeof *work.bound);
    enum error_code code = work.bound == NULL || bound_days_open(&work) != ERR_NONE
                               ? error_set(err, ERR_MEMORY, "bound: %s", error_sentence_en(ERR_MEMORY))
                               : bound_fill(&work, err);
    bound_days_close(&work);
    if (code != ERR_NONE) {
        bound_destroy(work.bound);
        return code;
    }
    *ret_bound = work.bound;
    return ERR_NONE;
}

/* ---- sentences ---- */

static void add_categories(const struct timetable *t, const struct bound_deficit *deficit, bool chinese,
                           struct text *out)
{
    for (uint32_t i = 0; i < deficit->category_count && i < DEFICIT_NAMES; i++) {
        text_addf(out, "%s%s",
                  i == 0    ? ""
                  : chinese ? "、"
                            : ", ",
                  t->categories[deficit->categories[i]].name);
    }
    if (deficit->category_count > DEFICIT_NAMES) {
        text_addf(out, chinese ? "等 %" PRIu32 " 类" : " … (%" PRIu32 " categories)",
                  deficit->category_count);
    }
}

static void deficit_zh(const struct timetable *t, const struct bound_deficit *d, const char *from,
                       const char *to, struct text *out)
{
    switch (d->kind) {
    case DEFICIT_NO_PLACE:
        text_addf(out, "%" PRIu32 " 份点单共 %" PRId64 " 场：没有一天既有合适的场地、又有能授课的讲师",
                  d->requests, d->need);
        break;
    case DEFICIT_PEOPLE:
        add_categories(t, d, true, out);
        text_addf(out,
                  "（%s 至 %s，%" PRIu32 " 份点单）：需 %" PRId64 " 场，%" PRIu32 " 位讲师最多能上 %" PRId64
                  " 场",
                  from, to, d->requests, d->need, d->people, d->capacity);
        break;
    case DEFICIT_HALLS:
        text_addf(out, "%" PRIu32 " 份点单需 %" PRId64 " 场，所在礼堂最多能容 %" PRId64 " 场", d->requests,
                  d->need, d->capacity);
        break;
    case DEFICIT_SUPPLY:
        text_addf(out, "《%s》%.4s 年供给还剩 %" PRId64 " 场，需 %" PRId64 " 场", t->courses[d->course].name,
                  from, d->capacity, d->need);
        break;
    case DEFICIT_QUOTA:
        text_addf(out, "%s《%s》%.4s 年配额还剩 %" PRId64 " 场，需 %" PRId64 " 场", t->halls[d->hall].name,
                  t->courses[d->course].name, from, d->capacity, d->need);
        break;
    }
}

static void deficit_en(const struct timetable *t, const struct bound_deficit *d, const char *from,
                       const char *to, struct text *out)
{
    switch (d->kind) {
    case DEFICIT_NO_PLACE:
        text_addf(out,
                  "%" PRIu32 " requests, %" PRId64
                  " sessions: on no day are a suitable room and somebody qualified both there",
                  d->requests, d->need);
        break;
    case DEFICIT_PEOPLE:
        add_categories(t, d, false, out);
        text_addf(out,
                  " (%s to %s, %" PRIu32 " requests): %" PRId64 " sessions are needed, %" PRIu32
                  " instructors can give %" PRId64,
                  from, to, d->requests, d->need, d->people, d->capacity);
        break;
    case DEFICIT_HALLS:
        text_addf(out, "%" PRIu32 " requests need %" PRId64 " sessions, their halls can take %" PRId64,
                  d->requests, d->need, d->capacity);
        break;
    case DEFICIT_SUPPLY:
        text_addf(out, "\"%s\": %" PRId64 " sessions are needed, the supply of %.4s has %" PRId64 " left",
                  t->courses[d->course].name, d->need, from, d->capacity);
        break;
    case DEFICIT_QUOTA:
        text_addf(out, "%s, \"%s\": %" PRId64 " sessions are needed, the quota of %.4s has %" PRId64 " left",
                  t->halls[d->hall].name, t->courses[d->course].name, d->need, from, d->capacity);
        break;
    }
}

void bound_deficit_sentence(const struct timetable *timetable, const struct bound_deficit *deficit,
                            bool chinese, struct text *out)
{
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    date_format(deficit->from_day, from);
    date_format(deficit->to_day, to);
    if (chinese) {
        deficit_zh(timetable, deficit, from, to, out);
    } else {
        deficit_en(timetable, deficit, from, to, out);
    }
    text_add(out, chinese ? "。" : ".");
}
