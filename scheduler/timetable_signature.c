/* timetable_signature: one number per session that tells whether anything it shows is as it was in another
 * snapshot: its own row, and the rows of room, hall, areas, course, category and instructors that it names.
 * Made once by timetable_seal, so that whoever compares two snapshots of 100,000 sessions reads 8 bytes of
 * each. */
#include "scheduler/timetable_private.h"

#include <stdlib.h>
#include <string.h>

/* Digits of pi, as everybody takes them: one key a word, so that equal words do not cancel out. */
static const uint64_t KEYS[] = {
    UINT64_C(0x243f6a8885a308d3), UINT64_C(0x13198a2e03707344), UINT64_C(0xa4093822299f31d0),
    UINT64_C(0x082efa98ec4e6c89), UINT64_C(0x452821e638d01377), UINT64_C(0xbe5466cf34e90c6c),
    UINT64_C(0xc0ac29b7c97c50dd), UINT64_C(0x3f84d5b5b5470917), UINT64_C(0x9216d5d98979fb1b),
    UINT64_C(0xd1310ba698dfb5ac), UINT64_C(0x2ffd72dbd01adfb7), UINT64_C(0xb8e1afed6a267e96),
    UINT64_C(0xba7c9045f12c7f99), UINT64_C(0x24a19947b3916cf7),
};

/* What sessions point at: the tables' rows as they show, by index. */
struct shown {
    uint64_t *rooms, *courses, *instructors;
};

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

static uint64_t mix(uint64_t hash, uint64_t word)
{
    return fold(hash ^ KEYS[0], word ^ KEYS[1]) + KEYS[2];
}

/* NULL shows as nothing. */
static uint64_t mix_text(uint64_t hash, const char *text)
{
    size_t length = text == NULL ? 0 : strlen(text);
    hash = mix(hash, length);
    for (size_t at = 0; at < length; at += 8) {
        uint64_t word = 0;
        memcpy(&word, text + at, length - at < 8 ? length - at : 8);
        hash = mix(hash, word);
    }
    return hash;
}

static uint64_t mix_area(uint64_t hash, const struct timetable *timetable, uint32_t area)
{
    return area == NONE ? mix(hash, NONE) : mix_text(mix(hash, area), timetable->areas[area].name);
}

static uint64_t hall_shown(const struct timetable *timetable, uint32_t index)
{
    const struct hall *hall = &timetable->halls[index];
    uint64_t hash = mix_text(mix_text(mix(1, index), hall->name), hall->address);
    if (hall->place.known) {
        hash = mix(hash, pair(hall->place.lat_e6, hall->place.lon_e6));
    }
    hash = mix_area(mix(hash, hall->place.known), timetable, hall->area);
    hash = mix_area(hash, timetable, timetable_hall_township(timetable, index));
    return mix(hash, timetable_hall_county(timetable, index));
}

static void rooms_show(const struct timetable *timetable, uint64_t *rooms)
{
    uint32_t known = NONE; /* rooms stand by hall: the last hall's answer serves its next room */
    uint64_t hall = 0;
    for (size_t i = 0; i < timetable->room_count; i++) {
        const struct room *room = &timetable->rooms[i];
        if (room->hall != known) {
            known = room->hall;
            hall = hall_shown(timetable, known);
        }
        rooms[i] = mix_text(mix(hall, i), room->name);
    }
}

static void courses_show(const struct timetable *timetable, uint64_t *courses)
{
    for (size_t i = 0; i < timetable->course_count; i++) {
        const struct course *course = &timetable->courses[i];
        uint64_t hash = mix_text(mix(i, pair(course->provider, course->category)), course->name);
        courses[i] =
            course->category == NONE ? hash : mix_text(hash, timetable->categories[course->category].name);
    }
}

static uint64_t session_sign(const struct session *session, const struct shown *shown)
{
    const struct placement *at = &session->at;
    int64_t state = (int64_t)session->status << 8 | at->instructor_count;
    uint64_t hash = fold((uint64_t)at->session_id ^ KEYS[0], (uint64_t)session->changed_at ^ KEYS[1]) +
                    fold((uint64_t)session->created_at ^ KEYS[2], (uint64_t)session->moved_at ^ KEYS[3]) +
                    fold(shown->rooms[at->room] ^ KEYS[4], shown->courses[at->course] ^ KEYS[5]) +
                    fold(pair(at->day, at->start_min) ^ KEYS[6], pair(at->minutes, state) ^ KEYS[7]) +
                    fold(pair(session->moved_from_day, session->moved_from_min) ^ KEYS[8],
                         (uint64_t)session->sequence ^ KEYS[9]);
    for (size_t i = 0; i < at->instructor_count && i < LIMIT_SESSION_INSTRUCTORS; i++) {
        hash += fold(shown->instructors[at->instructors[i]] ^ KEYS[10], KEYS[11] + i);
    }
    if (session->note != NULL && session->note[0] != '\0') {
        hash = mix_text(hash ^ KEYS[12], session->note);
    }
    if (session->cancel_reason != NULL && session->cancel_reason[0] != '\0') {
        hash = mix_text(hash ^ KEYS[13], session->cancel_reason);
    }
    return hash;
}

enum error_code timetable_sign(struct timetable *timetable)
{
    enum error_code code = ERR_MEMORY;
    struct shown shown = {.rooms = calloc(timetable->room_count + 1, sizeof *shown.rooms),
                          .courses = calloc(timetable->course_count + 1, sizeof *shown.courses),
                          .instructors = calloc(timetable->instructor_count + 1, sizeof *shown.instructors)};
    uint64_t *signatures = arena_array(&timetable->arena, timetable->session_count + 1, sizeof *signatures);
    if (shown.rooms == NULL || shown.courses == NULL || shown.instructors == NULL || signatures == NULL) {
        goto out;
    }
    rooms_show(timetable, shown.rooms);
    courses_show(timetable, shown.courses);
    for (size_t i = 0; i < timetable->instructor_count; i++) {
        shown.instructors[i] = mix_text(mix(2, i), timetable->instructors[i].name);
    }
    timetable->newest_change_at = INT64_MIN;
    for (size_t i = 0; i < timetable->session_count; i++) {
        const struct session *session = &timetable->sessions[i];
        signatures[i] = session_sign(session, &shown);
        if (session->changed_at > timetable->newest_change_at) {
            timetable->newest_change_at = session->changed_at;
        }
    }
    timetable->signatures = signatures;
    code = ERR_NONE;
out:
    free(shown.rooms);
    free(shown.courses);
    free(shown.instructors);
    return code;
}
