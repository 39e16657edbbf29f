/* On which days a request could be held at all: free words of rooms and people, rounded in its favour. */
#include "base/date.h"
#include "scheduler/bound_private.h"
#include "scheduler/closure.h"

#include <stdlib.h>

enum {
    GRID_FROM_MIN = 6 * 60,
    GRID_SLOTS = 64,
    SLOT_MIN = 15
};

/* ---- words ---- */

/* Slots that [from, to) minutes touch, or, inwards, that lie inside. */
static uint64_t word_of(int32_t from_min, int32_t to_min, bool inwards)
{
    int32_t from = from_min - GRID_FROM_MIN;
    int32_t to = to_min - GRID_FROM_MIN;
    from = from < 0 ? 0 : inwards ? (from + SLOT_MIN - 1) / SLOT_MIN : from / SLOT_MIN;
    to = to < 0 ? 0 : inwards ? to / SLOT_MIN : (to + SLOT_MIN - 1) / SLOT_MIN;
    to = to > GRID_SLOTS ? GRID_SLOTS : to;
    if (from >= to) {
        return 0;
    }
    uint64_t below_to = to == GRID_SLOTS ? UINT64_MAX : (UINT64_C(1) << to) - 1;
    return below_to & ~((UINT64_C(1) << from) - 1);
}

static uint64_t word_of_hours(const struct hours *hours, uint8_t weekday)
{
    uint64_t word = hours->count == 0 ? UINT64_MAX : 0;
    for (uint8_t i = 0; i < hours->count; i++) {
        if (hours->spans[i].weekday == weekday) {
            word |= word_of(hours->spans[i].from_min, hours->spans[i].to_min, false);
        }
    }
    return word;
}

/* Bits at which a run of `slots` free ones begins. */
static uint64_t runs(uint64_t word, int32_t slots)
{
    int32_t have = 1;
    if (slots > GRID_SLOTS) {
        return 0;
    }
    while (have < slots) {
        int32_t step = have < slots - have ? have : slots - have;
        word &= word >> step;
        have += step;
    }
    return word;
}

static int32_t slots_up(int32_t minutes)
{
    return (minutes + SLOT_MIN - 1) / SLOT_MIN;
}

/* Starts of the session (not of its set-up) at which the room has time for all of it. */
static uint64_t room_starts(uint64_t word, const struct course *course)
{
    uint64_t begin = runs(word, slots_up(course->setup_min + course->minutes + course->clear_min));
    int32_t least = course->setup_min / SLOT_MIN;
    int32_t most = (course->setup_min + SLOT_MIN - 1) / SLOT_MIN;
    return most >= GRID_SLOTS ? 0 : begin << least | begin << most;
}

/* ---- rooms and people ---- */

static uint64_t take_closures(const struct bound_work *work, uint64_t word, const uint32_t *start,
                              const uint32_t *list, uint32_t of, uint32_t day)
{
    const struct timetable *t = work->timetable;
    int32_t date = work->from_day + (int32_t)day;
    for (uint32_t i = start[of]; i < start[of + 1]; i++) {
        const struct closure *closure = &t->closures[list[i]];
        if (closure->strength == CLOSURE_HARD && date >= closure->from_day && date <= closure->to_day &&
            (!closure->has_rule || day_rule_matches(&closure->rule, &work->days[day]))) {
            word &= ~word_of(closure->from_min, closure->to_min, true);
        }
    }
    return word;
}

uint64_t bound_room_word(const struct bound_work *work, uint32_t room, uint32_t day)
{
    const struct timetable *t = work->timetable;
    uint32_t hall = t->rooms[room].hall;
    int32_t date = work->from_day + (int32_t)day;
    if (date < t->halls[hall].valid_from || date > t->halls[hall].valid_to) {
        return 0;
    }
    uint64_t word = work->hall_words[(size_t)hall * 7 + work->days[day].weekday - 1];
    if (word == 0 || t->closure_count == 0) {
        return word;
    }
    word = take_closures(work, word, t->room_closures_start, t->room_closures, room, day);
    word = take_closures(work, word, t->hall_closures_start, t->hall_closures, hall, day);
    uint32_t area = t->halls[hall].area;
    for (int step = 0; step < AREA_ANCESTORS_MAX && area != NONE; step++) {
        word = take_closures(work, word, t->area_closures_start, t->area_closures, area, day);
        area = t->areas[area].parent;
    }
    return word;
}

static void person_fill(struct bound_work *work, uint32_t person)
{
    const struct timetable *t = work->timetable;
    const struct instructor *who = &t->instructors[person];
    uint64_t *words = &work->person_words[(size_t)person * work->day_count];
    for (uint32_t day = 0; day < work->day_count; day++) {
        int32_t date = work->from_day + (int32_t)day;
        bool there = date >= who->valid_from && date <= who->valid_to;
        words[day] = there ? word_of_hours(&who->hours, work->days[day].weekday) : 0;
    }
    for (uint32_t i = t->absence_count == 0 ? 0 : t->absences_start[person];
         t->absence_count > 0 && i < t->absences_start[person + 1]; i++) {
        const struct absence *absence = &t->absences[t->absences_list[i]];
        uint64_t taken = word_of(absence->from_min, absence->to_min, true);
        int32_t from = absence->from_day - work->from_day;
        for (int32_t day = from < 0 ? 0 : from;
             day <= absence->to_day - work->from_day && day < (int32_t)work->day_count; day++) {
            words[day] &= ~taken;
        }
    }
}

static enum error_code qualified_fill(struct bound_work *work)
{
    const struct timetable *t = work->timetable;
    size_t total = 0;
    for (size_t i = 0; i < t->instructor_count; i++) {
        total += t->instructors[i].course_count;
    }
    work->qualified = malloc((total + 1) * sizeof *work->qualified);
    if (work->qualified == NULL) {
        return ERR_MEMORY;
    }
    for (uint32_t i = 0; i < t->instructor_count; i++) {
        work->shortest[i] = DAY_MINUTES;
        for (size_t k = 0; k < t->instructors[i].course_count; k++) {
            const struct course *course = &t->courses[t->instructors[i].courses[k]];
            work->qualified_start[t->instructors[i].courses[k] + 2]++;
            work->shortest[i] = course->minutes < work->shortest[i] ? course->minutes : work->shortest[i];
        }
    }
    for (size_t c = 2; c < t->course_count + 2; c++) {
        work->qualified_start[c] += work->qualified_start[c - 1];
    }
    for (uint32_t i = 0; i < t->instructor_count; i++) {
        for (size_t k = 0; k < t->instructors[i].course_count; k++) {
            work->qualified[work->qualified_start[t->instructors[i].courses[k] + 1]++] = i;
        }
    }
    return ERR_NONE;
}

static enum error_code areas_fill(struct bound_work *work)
{
    const struct timetable *t = work->timetable;
    work->area_start = calloc(t->area_count + 2, sizeof *work->area_start);
    work->area_halls = malloc((t->hall_count * AREA_ANCESTORS_MAX + 1) * sizeof *work->area_halls);
    if (work->area_start == NULL || work->area_halls == NULL) {
        return ERR_MEMORY;
    }
    /* Counted first, then filled in. */
    for (int pass = 0; pass < 2; pass++) {
        for (uint32_t h = 0; h < t->hall_count; h++) {
            uint32_t area = t->halls[h].area;
            for (int step = 0; step < AREA_ANCESTORS_MAX && area != NONE;
                 step++, area = t->areas[area].parent) {
                if (pass == 0) {
                    work->area_start[area + 2]++;
                } else {
                    work->area_halls[work->area_start[area + 1]++] = h;
                }
            }
        }
        for (size_t a = 2; pass == 0 && a < t->area_count + 2; a++) {
            work->area_start[a] += work->area_start[a - 1];
        }
    }
    return ERR_NONE;
}

const uint32_t *bound_halls_of(const struct bound_work *work, uint32_t index, size_t *ret_count)
{
    const struct request *request = &work->timetable->requests[index];
    if (request->hall != NONE) {
        *ret_count = 1;
        return &request->hall;
    }
    *ret_count = work->area_start[request->area + 1] - work->area_start[request->area];
    return &work->area_halls[work->area_start[request->area]];
}

static void courses_fill(struct bound_work *work)
{
    const struct timetable *t = work->timetable;
    for (uint32_t c = 0; c < t->course_count; c++) {
        int32_t slots = slots_up(t->courses[c].minutes);
        uint64_t *starts = &work->course_starts[(size_t)c * work->day_count];
        for (uint32_t q = work->qualified_start[c]; q < work->qualified_start[c + 1]; q++) {
            const uint64_t *words = &work->person_words[(size_t)work->qualified[q] * work->day_count];
            for (uint32_t day = 0; day < work->day_count; day++) {
                starts[day] |= runs(words[day], slots);
            }
        }
    }
}

static void days_fill(struct bound_work *work)
{
    uint32_t part = 0;
    for (uint32_t day = 0; day < work->day_count; day++) {
        int32_t date = work->from_day + (int32_t)day;
        work->days[day] = timetable_day(work->timetable, date);
        if (day > 0 && (date_week_start(date) == date || date_to_civil(date).day == 1)) {
            part++;
        }
        work->part_of_day[day] = part;
        if (day == 0 || work->part_of_day[day - 1] != part) {
            work->part_from[part] = (int32_t)day;
        }
    }
    work->part_count = part + 1;
    work->part_from[work->part_count] = (int32_t)work->day_count;
}

enum error_code bound_days_open(struct bound_work *work)
{
    const struct timetable *t = work->timetable;
    size_t days = work->day_count;
    work->days = malloc(days * sizeof *work->days);
    work->part_of_day = malloc(days * sizeof *work->part_of_day);
    work->part_from = malloc((days + 1) * sizeof *work->part_from);
    work->hall_words = malloc((t->hall_count + 1) * 7 * sizeof *work->hall_words);
    work->person_words = malloc((t->instructor_count + 1) * days * sizeof *work->person_words);
    work->course_starts = calloc((t->course_count + 1) * days, sizeof *work->course_starts);
    work->qualified_start = calloc(t->course_count + 2, sizeof *work->qualified_start);
    work->shortest = malloc((t->instructor_count + 1) * sizeof *work->shortest);
    work->open = calloc(t->request_count + 1, sizeof *work->open);
    work->published = calloc(t->request_count + 1, sizeof *work->published);
    work->possible_start = calloc(t->request_count + 2, sizeof *work->possible_start);
    if (work->days == NULL || work->part_of_day == NULL || work->part_from == NULL ||
        work->hall_words == NULL || work->person_words == NULL || work->course_starts == NULL ||
        work->qualified_start == NULL || work->shortest == NULL || work->open == NULL ||
        work->published == NULL || work->possible_start == NULL || qualified_fill(work) != ERR_NONE ||
        areas_fill(work) != ERR_NONE) {
        return ERR_MEMORY;
    }
    days_fill(work);
    for (size_t h = 0; h < t->hall_count; h++) {
        for (uint8_t weekday = 1; weekday <= 7; weekday++) {
            work->hall_words[h * 7 + weekday - 1] = word_of_hours(&t->halls[h].hours, weekday);
        }
    }
    for (uint32_t i = 0; i < t->instructor_count; i++) {
        person_fill(work, i);
    }
    courses_fill(work);
    return ERR_NONE;
}

void bound_days_close(struct bound_work *work)
{
    free(work->days);
    free(work->part_of_day);
    free(work->part_from);
    free(work->hall_words);
    free(work->person_words);
    free(work->course_starts);
    free(work->area_start);
    free(work->area_halls);
    free(work->qualified_start);
    free(work->qualified);
    free(work->shortest);
    free(work->open);
    free(work->published);
    free(work->possible);
    free(work->possible_start);
}

/* ---- requests ---- */

bool bound_room_fits(const struct timetable *t, uint32_t index, uint32_t room)
{
    const struct request *request = &t->requests[index];
    const struct course *course = &t->courses[request->course];
    int32_t heads = request->heads > 0 ? request->heads : course->heads;
    return (course->facilities & ~t->rooms[room].facilities) == 0 &&
           (t->rooms[room].capacity == 0 || heads <= t->rooms[room].capacity) &&
           request_allows_hall(t, index, t->rooms[room].hall);
}

static void possible_days(struct bound_work *work, uint32_t index, uint32_t room, const bool *in_window)
{
    const struct course *course = &work->timetable->courses[work->timetable->requests[index].course];
    const uint64_t *people =
        &work->course_starts[(size_t)work->timetable->requests[index].course * work->day_count];
    bool *possible = &work->possible[work->possible_start[index]];
    for (uint32_t day = 0; day < work->day_count; day++) {
        if (in_window[day] && !possible[work->part_of_day[day]] &&
            (room_starts(bound_room_word(work, room, day), course) & people[day]) != 0) {
            possible[work->part_of_day[day]] = true;
        }
    }
}

/* ---- series ---- */

/* How many meetings a series from the day on can have at one start; 0 when its holiday rule does not bear it.
 * words[day]: starts at which room and person are free, 0 outside the window. */
static int32_t series_from(const struct bound_work *work, const struct request *request,
                           const uint64_t *words, const bool *in_window, int32_t meetings, uint32_t first)
{
    int32_t best = 0;
    for (uint64_t starts = words[first]; starts != 0 && best < meetings; starts &= starts - 1) {
        uint64_t start = starts & (~starts + 1);
        int32_t met = 0;
        int32_t weeks = 0;
        bool whole = true;
        for (uint32_t day = first; day < work->day_count && in_window[day] && met < meetings &&
                                   (weeks < meetings || request->holiday_rule == HOLIDAY_SHIFT);
             day += 7) {
            bool meets = (words[day] & start) != 0;
            met += meets;
            whole &= meets;
            weeks++;
        }
        bool done = request->holiday_rule == HOLIDAY_SHIFT  ? met == meetings
                    : request->holiday_rule == HOLIDAY_SKIP ? weeks == meetings && 2 * met >= meetings
                                                            : whole && met == meetings;
        best = done && met > best ? met : best;
    }
    return best;
}

/* The most meetings of the request's series in the room; all that are open, when some series has them all. */
static int32_t series_possible(const struct bound_work *work, uint32_t index, uint32_t room,
                               const bool *in_window, uint64_t *words)
{
    const struct timetable *t = work->timetable;
    const struct request *request = &t->requests[index];
    const struct course *course = &t->courses[request->course];
    /* More than a year's meetings are split into several series: it is enough that one of them fits. */
    int32_t meetings = work->open[index] < LIMIT_SERIES_MEETINGS ? work->open[index] : LIMIT_SERIES_MEETINGS;
    int32_t rest = work->open[index] % LIMIT_SERIES_MEETINGS;
    int32_t slots = slots_up(course->minutes);
    int32_t most = 0;
    for (uint32_t q = work->qualified_start[request->course];
         q < work->qualified_start[request->course + 1] && most < work->open[index]; q++) {
        const uint64_t *person = &work->person_words[(size_t)work->qualified[q] * work->day_count];
        for (uint32_t day = 0; day < work->day_count; day++) {
            bool meets = in_window[day] && !work->days[day].is_off;
            words[day] =
                meets ? room_starts(bound_room_word(work, room, day), course) & runs(person[day], slots) : 0;
        }
        for (uint32_t first = 0; first < work->day_count && most < work->open[index]; first++) {
            int32_t met =
                words[first] == 0 ? 0 : series_from(work, request, words, in_window, meetings, first);
            bool other = words[first] != 0 && rest > 0 && rest != meetings;
            bool any = met > 0 || (other && series_from(work, request, words, in_window, rest, first) > 0);
            /* Of several series together the most is not worked out. */
            met = any && work->open[index] > LIMIT_SERIES_MEETINGS ? work->open[index] : met;
            most = met > most ? met : most;
        }
    }
    return most;
}

/* ---- all requests ---- */

static void request_look(struct bound_work *work, uint32_t index, bool *in_window, uint64_t *words)
{
    const struct timetable *t = work->timetable;
    const struct request *request = &t->requests[index];
    bool series = request_is_weekly(request, work->open[index]);
    int32_t most = 0;
    size_t count = 0;
    const uint32_t *halls = bound_halls_of(work, index, &count);
    for (uint32_t day = 0; day < work->day_count; day++) {
        in_window[day] = request_allows_day(t, index, work->from_day + (int32_t)day);
    }
    for (size_t i = 0; i < count; i++) {
        const struct hall *hall = &t->halls[halls[i]];
        for (uint32_t room = hall->first_room; room < hall->first_room + hall->room_count; room++) {
            if (!bound_room_fits(t, index, room)) {
                continue;
            }
            possible_days(work, index, room, in_window);
            if (most < work->open[index]) {
                int32_t here =
                    series ? series_possible(work, index, room, in_window, words) : work->open[index];
                most = here > most ? here : most;
            }
        }
    }
    const bool *possible = &work->possible[work->possible_start[index]];
    bool any = false;
    for (uint32_t part = 0; part < work->part_count; part++) {
        any = any || possible[part];
    }
    if (most == 0 || !any) {
        work->open[index] = 0;
    } else {
        work->left_out += work->open[index] - most;
        work->open[index] = most;
    }
}

enum error_code bound_requests(struct bound_work *work)
{
    const struct timetable *t = work->timetable;
    size_t wanted = 0;
    for (uint32_t r = 0; r < t->request_count; r++) {
        work->possible_start[r] = wanted;
        wanted += work->open[r] > 0 ? work->part_count : 0;
    }
    work->possible = calloc(wanted + 1, sizeof *work->possible);
    bool *in_window = malloc(work->day_count * sizeof *in_window);
    uint64_t *words = malloc(work->day_count * sizeof *words);
    enum error_code code =
        work->possible == NULL || in_window == NULL || words == NULL ? ERR_MEMORY : ERR_NONE;
    for (uint32_t r = 0; r < t->request_count && code == ERR_NONE; r++) {
        if (work->open[r] > 0) {
            request_look(work, r, in_window, words);
        }
    }
    free(in_window);
    free(words);
    return code;
}
