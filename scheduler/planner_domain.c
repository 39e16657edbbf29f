/* Questions about a block's domain, and a spot as a placement of the timetable. */
#include "scheduler/planner_problem.h"

#include "scheduler/placement.h"

bool problem_block_allows(const struct planner_problem *p, const struct block *block, uint32_t room,
                          uint32_t instructor)
{
    uint32_t low = block->first_room;
    uint32_t high = low + block->room_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (p->domain_rooms[middle] < room) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < block->first_room + block->room_count && p->domain_rooms[low] == room &&
           problem_qualified(p, block->course, instructor);
}

bool problem_blocked_then(const struct planner_problem *p, uint32_t room, uint32_t day, int32_t from_min,
                          int32_t to_min, bool is_hard)
{
    uint32_t low = p->blocked_start[room];
    uint32_t end = p->blocked_start[room + 1];
    uint32_t high = end;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (p->blocked[middle].day < day) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    for (; low < end && p->blocked[low].day == day; low++) {
        const struct blocked *blocked = &p->blocked[low];
        if ((blocked->is_hard != 0) == is_hard && blocked->from_min < to_min && from_min < blocked->to_min) {
            return true;
        }
    }
    return false;
}

bool problem_day_unwelcome(const struct planner_problem *p, uint32_t course, uint32_t day)
{
    bool is_wanted = p->lessons[course].holidays_wanted;
    return (p->is_off[day] && !is_wanted) || (p->is_makeup[day] && is_wanted);
}

static bool meeting_blocked(const struct planner_problem *p, const struct block *block,
                            const struct spot *spot, uint32_t day)
{
    int32_t start = slot_minute(spot->slot);
    return p->is_off[day] ||
           (spot->room != NONE && problem_blocked(p, spot->room, day, start - block->setup_min,
                                                  start + block->minutes + block->clear_min, true));
}

uint32_t problem_dates(const struct planner_problem *p, const struct block *block, const struct spot *spot,
                       uint16_t *ret_days)
{
    uint32_t day = spot->day;
    if (!block->is_series) {
        ret_days[0] = spot->day;
        return day >= block->day_from && day <= block->day_to && problem_in_season(p, block->course, day) ? 1
                                                                                                          : 0;
    }
    uint32_t count = 0;
    uint32_t steps = 0;
    if (day < block->day_from) {
        return 0;
    }
    for (; steps < block->meetings; day += 7) {
        if (day > block->day_to || !problem_in_season(p, block->course, day)) {
            return 0;
        }
        bool is_blocked = meeting_blocked(p, block, spot, day);
        if (!is_blocked) {
            ret_days[count++] = (uint16_t)day;
        } else if (block->holiday_rule == HOLIDAY_FORBID || count == 0) {
            return 0;
        }
        steps += is_blocked && block->holiday_rule == HOLIDAY_SHIFT ? 0 : 1;
    }
    if (block->is_published) {
        return count == block->session_count ? count : 0;
    }
    /* A series of which less than half is left is no series. */
    return 2 * count >= block->meetings ? count : 0;
}

bool problem_day_possible(const struct planner_problem *p, const struct block *block, uint32_t day)
{
    uint16_t days[LIMIT_SERIES_MEETINGS];
    struct spot spot = {.room = NONE, .instructor = NONE, .day = (uint16_t)day};
    if (block->is_published) {
        return problem_in_season(p, block->course, day); /* the number of meetings depends on the room */
    }
    return problem_dates(p, block, &spot, days) > 0;
}

struct placement problem_placement(const struct planner_problem *p, uint32_t index, const struct spot *spot,
                                   uint32_t day)
{
    const struct block *block = &p->blocks[index];
    struct placement at = {.course = block->course,
                           .room = spot->room,
                           .instructors = {spot->instructor},
                           .instructor_count = 1,
                           .day = p->day_zero + (int32_t)day,
                           .start_min = slot_minute(spot->slot),
                           .minutes = block->minutes,
                           .setup_min = block->setup_min,
                           .clear_min = block->clear_min,
                           .request = block->request,
                           .heads = block->heads};
    return at;
}

/* The starts at which a first meeting fits in an empty timetable. */
static uint64_t starts_alone(const struct planner_problem *p, const struct block *block, uint32_t day,
                             uint32_t room, uint32_t instructor)
{
    return block_starts(block, p->room_open[(size_t)room * p->day_count + day],
                        p->instructor_open[(size_t)instructor * p->day_count + day]);
}

/* Some start at which all meetings of a series fit. */
static bool series_fits(const struct planner_problem *p, const struct block *block, uint32_t day,
                        uint32_t room, uint32_t instructor, uint64_t starts)
{
    uint16_t days[LIMIT_SERIES_MEETINGS];
    for (; starts != 0; starts &= starts - 1) {
        struct spot spot = {room, instructor, (uint16_t)day, (uint8_t)__builtin_ctzll(starts)};
        uint32_t count = problem_dates(p, block, &spot, days);
        bool fits = count > 0;
        for (uint32_t i = 0; fits && i < count; i++) {
            fits = (starts_alone(p, block, days[i], room, instructor) >> spot.slot & 1) != 0;
        }
        if (fits) {
            return true;
        }
    }
    return false;
}

bool problem_placeable(const struct planner_problem *p, uint32_t index, uint64_t looks)
{
    const struct block *block = &p->blocks[index];
    for (uint32_t day = block->day_from; day <= block->day_to; day++) {
        if (!problem_day_possible(p, block, day)) {
            continue;
        }
        for (uint32_t r = block->first_room; r < block->first_room + block->room_count; r++) {
            uint32_t room = p->domain_rooms[r];
            if (slots_run(p->room_open[(size_t)room * p->day_count + day], block->room_slots) == 0) {
                continue;
            }
            for (uint32_t k = p->qualified_start[block->course]; k < p->qualified_start[block->course + 1];
                 k++) {
                uint64_t starts = starts_alone(p, block, day, room, p->qualified[k]);
                if (starts != 0 &&
                    (!block->is_series || series_fits(p, block, day, room, p->qualified[k], starts))) {
                    return true;
                }
                if (looks-- == 0) {
                    return true; /* not shown to be impossible */
                }
            }
        }
    }
    return false;
}
