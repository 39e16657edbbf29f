#include "ical/feed_compare.h"

#include "ical/event.h"

#include <stdlib.h>
#include <string.h>

static bool text_same(const char *left, const char *right)
{
    /* NULL shows as nothing. */
    left = left == NULL ? "" : left;
    right = right == NULL ? "" : right;
    return left == right || strcmp(left, right) == 0;
}

static bool area_same(const struct feed_compare *compare, uint32_t old, uint32_t area)
{
    return old == area &&
           (area == NONE || text_same(compare->old->areas[old].name, compare->timetable->areas[area].name));
}

static bool hall_same(const struct feed_compare *compare, uint32_t i)
{
    const struct hall *old = &compare->old->halls[i];
    const struct hall *hall = &compare->timetable->halls[i];
    return text_same(old->name, hall->name) && text_same(old->address, hall->address) &&
           old->place.known == hall->place.known && old->place.lat_e6 == hall->place.lat_e6 &&
           old->place.lon_e6 == hall->place.lon_e6 && area_same(compare, old->area, hall->area) &&
           area_same(compare, timetable_hall_township(compare->old, i),
                     timetable_hall_township(compare->timetable, i)) &&
           timetable_hall_county(compare->old, i) == timetable_hall_county(compare->timetable, i);
}

static void rooms_compare(struct feed_compare *compare)
{
    const struct timetable *old = compare->old;
    const struct timetable *timetable = compare->timetable;
    uint32_t known = NONE; /* rooms stand by hall: the last hall's answer serves its next room */
    bool same = false;
    for (uint32_t i = 0; i < timetable->room_count && i < old->room_count; i++) {
        uint32_t hall = timetable->rooms[i].hall;
        if (hall != known) {
            known = hall;
            same = hall < old->hall_count && hall_same(compare, hall);
        }
        compare->rooms[i] =
            same && old->rooms[i].hall == hall && text_same(old->rooms[i].name, timetable->rooms[i].name);
    }
}

static void courses_compare(struct feed_compare *compare)
{
    const struct timetable *old = compare->old;
    const struct timetable *timetable = compare->timetable;
    for (size_t i = 0; i < timetable->course_count && i < old->course_count; i++) {
        const struct course *from = &old->courses[i];
        const struct course *to = &timetable->courses[i];
        compare->courses[i] = text_same(from->name, to->name) && from->provider == to->provider &&
                              from->category == to->category &&
                              (to->category == NONE || text_same(old->categories[to->category].name,
                                                                 timetable->categories[to->category].name));
    }
}

enum error_code feed_compare_init(struct feed_compare *compare, const struct timetable *old,
                                  const struct timetable *timetable, bool same_day)
{
    *compare = (struct feed_compare){.old = old, .timetable = timetable, .same_day = same_day};
    compare->same_frame =
        text_same(old->tzid, timetable->tzid) && text_same(old->uid_domain, timetable->uid_domain) &&
        text_same(old->organizer, timetable->organizer) && text_same(old->public_url, timetable->public_url);
    compare->rooms = calloc(timetable->room_count + 1, sizeof *compare->rooms);
    compare->courses = calloc(timetable->course_count + 1, sizeof *compare->courses);
    compare->instructors = calloc(timetable->instructor_count + 1, sizeof *compare->instructors);
    if (compare->rooms == NULL || compare->courses == NULL || compare->instructors == NULL) {
        feed_compare_finish(compare);
        return ERR_MEMORY;
    }
    rooms_compare(compare);
    courses_compare(compare);
    for (size_t i = 0; i < timetable->instructor_count && i < old->instructor_count; i++) {
        compare->instructors[i] = text_same(old->instructors[i].name, timetable->instructors[i].name);
    }
    return ERR_NONE;
}

void feed_compare_finish(struct feed_compare *compare)
{
    free(compare->rooms);
    free(compare->courses);
    free(compare->instructors);
    *compare = (struct feed_compare){0};
}

/* Both halves of the product: each bit of either factor counts. */
static uint64_t fold(uint64_t left, uint64_t right)
{
    __extension__ typedef unsigned __int128 product_type;
    product_type product = (product_type)left * right;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t pair(int64_t low, int64_t high)
{
    return ((uint64_t)low & UINT32_MAX) | (uint64_t)high << 32;
}

uint64_t feed_signature(const struct session *session)
{
    /* Digits of pi, as everybody takes them: one key a word, so that equal words do not cancel out. */
    static const uint64_t KEYS[] = {
        UINT64_C(0x243f6a8885a308d3), UINT64_C(0x13198a2e03707344), UINT64_C(0xa4093822299f31d0),
        UINT64_C(0x082efa98ec4e6c89), UINT64_C(0x452821e638d01377), UINT64_C(0xbe5466cf34e90c6c),
        UINT64_C(0xc0ac29b7c97c50dd), UINT64_C(0x3f84d5b5b5470917), UINT64_C(0x9216d5d98979fb1b),
        UINT64_C(0xd1310ba698dfb5ac), UINT64_C(0x2ffd72dbd01adfb7), UINT64_C(0xb8e1afed6a267e96),
    };
    const struct placement *at = &session->at;
    uint32_t people[LIMIT_SESSION_INSTRUCTORS] = {0};
    for (size_t i = 0; i < at->instructor_count && i < LIMIT_SESSION_INSTRUCTORS; i++) {
        people[i] = at->instructors[i];
    }
    int64_t state = (int64_t)session->status << 8 | at->instructor_count;
    uint64_t hash = fold((uint64_t)at->session_id ^ KEYS[0], (uint64_t)session->changed_at ^ KEYS[1]) +
                    fold((uint64_t)session->created_at ^ KEYS[2], (uint64_t)session->moved_at ^ KEYS[3]) +
                    fold(pair(at->course, at->room) ^ KEYS[4], pair(people[0], people[1]) ^ KEYS[5]) +
                    fold(pair(people[2], people[3]) ^ KEYS[6], pair(at->day, at->start_min) ^ KEYS[7]) +
                    fold(pair(at->minutes, state) ^ KEYS[8], (uint64_t)session->sequence ^ KEYS[9]) +
                    fold(pair(session->moved_from_day, session->moved_from_min) ^ KEYS[10], KEYS[11]);
    if (session->note != NULL && session->note[0] != '\0') {
        hash = event_hash_text(hash ^ KEYS[0], session->note);
    }
    if (session->cancel_reason != NULL && session->cancel_reason[0] != '\0') {
        hash = event_hash_text(hash ^ KEYS[1], session->cancel_reason);
    }
    return hash;
}

bool feed_compare_same(const struct feed_compare *compare, uint64_t then, uint64_t now,
                       const struct session *session)
{
    const struct placement *at = &session->at;
    bool same =
        then == now && compare->same_frame && compare->rooms[at->room] && compare->courses[at->course];
    for (size_t i = 0; same && i < at->instructor_count && i < LIMIT_SESSION_INSTRUCTORS; i++) {
        same = compare->instructors[at->instructors[i]];
    }
    return same && (compare->same_day || (session->moved_at == 0 && session->status != SESSION_CANCELLED));
}
