/* importers/problem: what there is to plan as one JSON text ("litang-problem/1"), and what came of it
 * ("litang-plan/1"), so that any other solver can be run on the same problem and be judged by the same score.
 * docs/interchange.md describes both forms. Pure but for problem_file_store; any thread. */
#ifndef LITANG_IMPORTERS_PROBLEM_H
#define LITANG_IMPORTERS_PROBLEM_H

#include "scheduler/planner.h"
#include "store/change.h"

#define PROBLEM_FORMAT "litang-problem/1"
#define PLAN_FORMAT    "litang-plan/1"

struct problem_file {
    struct timetable *timetable; /* owned reference, sealed */
    struct weights weights;
    int32_t from_day, to_day; /* the plan's days, inclusive */
    int32_t frozen_until_day; /* published sessions on or before it do not move; from_day - 1: none */
    bool keep_published;      /* published sessions stay where they are */
};

/* ERR_SYNTAX with line and column; ERR_INPUT names the JSON path and the value ("$.halls[3].area = "x": …");
 * ERR_LIMIT past LIMIT_PROBLEM_BYTES. */
enum error_code problem_file_read(const char *json, size_t length, struct problem_file *ret_file,
                                  struct error *err);
void problem_file_finish(struct problem_file *file);
/* Cancelled sessions are left out: nothing depends on them. The same timetable gives the same bytes. */
enum error_code problem_file_write(const struct problem_file *file, struct text *out, struct error *err);
/* From the first day to the last that requests not withdrawn ask for; false: there are none. */
bool problem_file_window(const struct timetable *timetable, int32_t *ret_from_day, int32_t *ret_to_day);
/* As planner_run takes them. */
struct planner_options problem_file_options(const struct problem_file *file);

/* Into an empty database through the gate, sessions with their numbers; ERR_EXISTS when it holds anything.
 * Held sessions are a second commit (attendance belongs to sessions that are there). A clash refuses all of
 * it. `result` is that of the first commit, to be finished by the caller in every case. */
enum error_code problem_file_store(const struct problem_file *file, struct store *store, const char *actor,
                                   const char *reason, int64_t now_s, struct commit_result *result,
                                   struct error *err);

/* ---- plans ---- */

enum error_code plan_file_write(const struct plan *plan, struct text *out, struct error *err);
/* The plan of a problem; lengths, margins and heads come from the course and the request, never from the
 * plan. What it does is not judged here, but a session that is not there is ERR_INPUT, named like above. */
enum error_code plan_file_read(const struct problem_file *file, const char *json, size_t length,
                               struct plan **ret_plan, struct error *err);
/* The problem's book with the plan's items done. */
enum error_code plan_file_book(const struct plan *plan, struct book **ret_book, struct error *err);

/* What a plan may not do although no rule of the book is about it: it would be another problem. */
#define PLAN_FAULT_LIST(X)                                                                                   \
    X(FAULT_DAY, "day", "不在排课区间、点单时段或课程季节内",                                                \
      "outside the plan's days, the request's window or the course's season")                                \
    X(FAULT_HALL, "hall", "不在点单的礼堂或区域内", "not in the request's hall or area")                     \
    X(FAULT_MORE, "more", "超过点单所要场次", "more sessions than the request wants")                        \
    X(FAULT_SERIES, "series", "系列课不完整或不按周",                                                        \
      "a series that is not whole, or not weekly by its holiday rule")                                       \
    X(FAULT_KEPT, "kept", "已发布场次不可变动", "a published session that has to stay was moved or cancelled")
enum plan_fault_kind {
#define X(code, name, zh, en) code,
    PLAN_FAULT_LIST(X)
#undef X
    PLAN_FAULT_COUNT
};
struct plan_fault {
    enum plan_fault_kind kind;
    uint32_t request; /* or NONE */
    size_t item;      /* index in the plan; SIZE_MAX when it is about the request as a whole */
};

/* A plan judged by the rule book and by score_timetable: no code is shared with the search. */
struct plan_verdict {
    struct clash_list clashes; /* of the timetable with the plan done, and of the changes themselves */
    size_t hard;               /* those not overridden */
    size_t hard_before;        /* as many were there without the plan */
    struct plan_fault *faults; /* owned */
    size_t fault_count, fault_capacity;
    size_t faults_dropped; /* past LIMIT_PROBLEM_FAULTS */
    int64_t wanted, placed, priority_wanted, priority_placed;
    struct plan_cost cost;
};
enum error_code plan_judge(const struct problem_file *file, const struct plan *plan,
                           struct plan_verdict *ret_verdict, struct error *err);
void plan_verdict_finish(struct plan_verdict *verdict);
const char *plan_fault_name(enum plan_fault_kind kind);
/* "点单 r17：超过点单所要场次", with the placement when it is about one. */
void plan_fault_sentence(const struct plan *plan, const struct plan_fault *fault, bool chinese,
                         struct text *out);

#endif
