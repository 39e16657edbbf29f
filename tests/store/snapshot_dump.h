/* Everything that a snapshot holds and reports look at, as text, so that two can be compared. changed_at is
 * left out: see store/snapshot_at.h. */
#ifndef LITANG_TESTS_STORE_SNAPSHOT_DUMP_H
#define LITANG_TESTS_STORE_SNAPSHOT_DUMP_H

#include "base/text.h"
#include "scheduler/timetable.h"

#define OR_NONE(tt, rows, index) ((index) == NONE ? "-" : (tt)->rows[index].id)
#define OR_EMPTY(text)           ((text) != NULL ? (text) : "-")

static inline void dump_places(const struct timetable *tt, struct text *out)
{
    text_addf(out, "%lld %s %s %s %s %s %d\n", (long long)tt->revision, tt->city_name, tt->tzid,
              tt->uid_domain, tt->organizer, tt->public_url, tt->coverage_target);
    for (size_t i = 0; i < tt->area_count; i++) {
        const struct area *a = &tt->areas[i];
        text_addf(out, "area %s %s %s %d %d %d %d %d\n", a->id, a->name, OR_EMPTY(a->parent_id),
                  (int)a->level, a->population, a->place.known, a->place.lat_e6, a->place.lon_e6);
    }
    for (size_t i = 0; i < tt->hall_count; i++) {
        const struct hall *h = &tt->halls[i];
        text_addf(out, "hall %s %s %s %d %d %d %s %s %d\n", h->id, h->name, OR_NONE(tt, areas, h->area),
                  h->valid_from, h->valid_to, h->exempt, OR_EMPTY(h->exempt_reason),
                  OR_NONE(tt, providers, h->school), h->stars);
    }
    for (size_t i = 0; i < tt->room_count; i++) {
        const struct room *r = &tt->rooms[i];
        text_addf(out, "room %s %s %s %d %d\n", r->id, r->name, OR_NONE(tt, halls, r->hall), r->capacity,
                  r->whole_hall);
    }
    for (size_t i = 0; i < tt->closure_count; i++) {
        const struct closure *c = &tt->closures[i];
        text_addf(out, "closure %s %d %u %d %d %d %s\n", c->id, (int)c->scope, c->target, (int)c->strength,
                  c->from_day, c->to_day, OR_EMPTY(c->reason));
    }
    for (size_t i = 0; i < tt->holiday_count; i++) {
        text_addf(out, "holiday %d %s %d\n", tt->holidays[i].day, tt->holidays[i].name,
                  tt->holidays[i].is_off);
    }
}

static inline void dump_people(const struct timetable *tt, struct text *out)
{
    for (size_t i = 0; i < tt->course_count; i++) {
        const struct course *c = &tt->courses[i];
        text_addf(out, "course %s %s %d %s %d\n", c->id, c->name, c->minutes, OR_EMPTY(c->tags), c->active);
    }
    for (size_t i = 0; i < tt->instructor_count; i++) {
        const struct instructor *t = &tt->instructors[i];
        text_addf(out, "instructor %s %s %d %zu\n", t->id, t->name, t->max_day, t->course_count);
    }
    for (size_t i = 0; i < tt->absence_count; i++) {
        const struct absence *a = &tt->absences[i];
        text_addf(out, "absence %s %s %d %d\n", a->id, OR_NONE(tt, instructors, a->instructor), a->from_day,
                  a->to_day);
    }
    for (size_t i = 0; i < tt->request_count; i++) {
        const struct request *r = &tt->requests[i];
        text_addf(out, "request %s %s %s %d %d %d\n", r->id, OR_NONE(tt, halls, r->hall),
                  OR_NONE(tt, courses, r->course), r->sessions, r->priority, r->withdrawn);
    }
    for (size_t i = 0; i < tt->series_count; i++) {
        text_addf(out, "series %lld %d\n", (long long)tt->series[i].id, (int)tt->series[i].holiday_rule);
    }
}

static inline void dump_sessions(const struct timetable *tt, struct text *out)
{
    for (size_t i = 0; i < tt->session_count; i++) {
        const struct session *s = &tt->sessions[i];
        const struct placement *at = &s->at;
        text_addf(out, "session %lld %s %s %d %d %d %d %d %s %lld %d %d %d", (long long)at->session_id,
                  tt->courses[at->course].id, tt->rooms[at->room].id, at->day, at->start_min, at->minutes,
                  at->setup_min, at->clear_min, OR_NONE(tt, requests, at->request), (long long)at->series_id,
                  at->series_exception, at->pinned, at->heads);
        for (uint8_t k = 0; k < at->instructor_count; k++) {
            text_addf(out, " %s", tt->instructors[at->instructors[k]].id);
        }
        text_addf(out, " %d %llx %d %d %lld %lld %lld %d %d %s %s", (int)at->held,
                  (unsigned long long)at->overrides, (int)s->status, s->sequence, (long long)s->created_at,
                  (long long)s->cancelled_at, (long long)s->moved_at,
                  s->moved_at != 0 ? s->moved_from_day : 0, s->moved_at != 0 ? s->moved_from_min : 0,
                  OR_EMPTY(s->note), OR_EMPTY(s->cancel_reason));
        text_addf(out, " %d %d %d %d %lld %s %s\n", s->counts_as, s->turnout.heads, s->turnout.heads_60,
                  s->turnout.satisfaction, (long long)s->turnout.recorded_at, OR_EMPTY(s->turnout.reason),
                  OR_EMPTY(s->turnout.note));
    }
}

/* A malloc'd text. */
static inline char *snapshot_dump(const struct timetable *tt)
{
    struct text out;
    text_init(&out, (size_t)16 << 20);
    dump_places(tt, &out);
    dump_people(tt, &out);
    dump_sessions(tt, &out);
    return text_take(&out);
}

#endif
