#include "reports/equity.h"

#include "scheduler/standing.h"

#include <stdlib.h>

struct scratch {
    const struct timetable *tt;
    uint32_t *row_of;   /* [area]; NONE: no row */
    int64_t *villagers; /* [area]: residents of the villages below a township */
};

void equity_finish(struct equity *equity)
{
    free(equity->rows);
    free(equity->gaps);
    free(equity->offered);
    *equity = (struct equity){0};
}

static bool in_area(const struct timetable *tt, uint32_t area, uint32_t ancestor)
{
    return ancestor == NONE || timetable_area_within(tt, area, ancestor);
}

/* Townships with a hall that counts, in the order of their codes; their halls. */
static void rows_make(struct scratch *scratch, int32_t from_day, int32_t to_day, uint32_t area,
                      struct equity *equity)
{
    const struct timetable *tt = scratch->tt;
    for (uint32_t h = 0; h < tt->hall_count; h++) {
        uint32_t township = timetable_hall_township(tt, h);
        if (township != NONE && in_area(tt, township, area) &&
            hall_standing(tt, h, from_day, to_day) == HALL_COUNTS) {
            scratch->row_of[township] = 0;
        }
    }
    for (uint32_t a = 0; a < tt->area_count; a++) {
        if (tt->areas[a].level == AREA_VILLAGE && tt->areas[a].township != NONE) {
            scratch->villagers[tt->areas[a].township] += tt->areas[a].population;
        }
    }
    for (uint32_t a = 0; a < tt->area_count; a++) {
        if (scratch->row_of[a] != NONE) {
            int64_t own = tt->areas[a].population;
            scratch->row_of[a] = (uint32_t)equity->count;
            equity->rows[equity->count++] =
                (struct equity_row){.township = a, .population = own > 0 ? own : scratch->villagers[a]};
        }
    }
    for (uint32_t h = 0; h < tt->hall_count; h++) {
        uint32_t township = timetable_hall_township(tt, h);
        if (township != NONE && scratch->row_of[township] != NONE) {
            bool is_in = hall_standing(tt, h, from_day, to_day) == HALL_COUNTS;
            equity->rows[scratch->row_of[township]].halls += is_in;
        }
    }
}

static void sessions_count(const struct scratch *scratch, int32_t from_day, int32_t to_day,
                           struct equity *equity)
{
    const struct timetable *tt = scratch->tt;
    for (size_t i = 0; i < tt->session_count; i++) {
        const struct session *session = &tt->sessions[i];
        uint32_t township = timetable_hall_township(tt, tt->rooms[session->at.room].hall);
        uint32_t row = township != NONE ? scratch->row_of[township] : (uint32_t)NONE;
        if (row == NONE || session->status == SESSION_CANCELLED || !placement_is_given(&session->at) ||
            session->at.day < from_day || session->at.day > to_day) {
            continue;
        }
        equity->rows[row].sessions++;
        equity->rows[row].meetings += session->counts_as;
        equity->gaps[row * equity->category_count + tt->courses[session->at.course].category] = false;
    }
}

/* Every category on offer is a gap until a session fills it. */
static void gaps_begin(const struct timetable *tt, struct equity *equity)
{
    for (size_t i = 0; i < tt->course_count; i++) {
        equity->offered[tt->courses[i].category] |= tt->courses[i].active;
    }
    for (size_t i = 0; i < equity->count * equity->category_count; i++) {
        equity->gaps[i] = equity->offered[i % equity->category_count];
    }
}

/* Fewer sessions a hall first: a/b < c/d as a*d < c*b; then by code. */
static int compare_rows(const void *a, const void *b)
{
    const struct equity_row *const *x = a;
    const struct equity_row *const *y = b;
    int64_t left = (*x)->sessions * (*y)->halls;
    int64_t right = (*y)->sessions * (*x)->halls;
    if (left != right) {
        return left < right ? -1 : 1;
    }
    return (*x)->township < (*y)->township ? -1 : (*x)->township > (*y)->township;
}

static enum error_code rows_rank(struct equity *equity, struct error *err)
{
    struct equity_row **order = malloc((equity->count + 1) * sizeof *order);
    if (order == NULL) {
        return error_set(err, ERR_MEMORY, "内存不足 (equity: out of memory)");
    }
    for (size_t i = 0; i < equity->count; i++) {
        order[i] = &equity->rows[i];
        for (size_t c = 0; c < equity->category_count; c++) {
            equity->rows[i].gaps += equity->gaps[i * equity->category_count + c];
        }
    }
    qsort(order, equity->count, sizeof(struct equity_row *), compare_rows);
    for (size_t i = 0; i < (equity->count + 9) / 10; i++) {
        order[i]->is_lowest = true;
    }
    free(order);
    return ERR_NONE;
}

enum error_code equity_compute(const struct timetable *timetable, int32_t from_day, int32_t to_day,
                               uint32_t area, struct equity *ret_equity, struct error *err)
{
    size_t areas = timetable->area_count;
    struct equity equity = {.category_count = timetable->category_count};
    struct scratch scratch = {timetable, malloc((areas + 1) * sizeof *scratch.row_of),
                              calloc(areas + 1, sizeof *scratch.villagers)};
    enum error_code code = ERR_MEMORY;
    equity.rows = calloc(areas + 1, sizeof *equity.rows);
    equity.offered = calloc(equity.category_count + 1, sizeof *equity.offered);
    if (scratch.row_of == NULL || scratch.villagers == NULL || equity.rows == NULL ||
        equity.offered == NULL) {
        goto out;
    }
    for (size_t a = 0; a < areas; a++) {
        scratch.row_of[a] = NONE;
    }
    rows_make(&scratch, from_day, to_day, area, &equity);
    equity.gaps = calloc(equity.count * equity.category_count + 1, sizeof *equity.gaps);
    if (equity.gaps == NULL) {
        goto out;
    }
    gaps_begin(timetable, &equity);
    sessions_count(&scratch, from_day, to_day, &equity);
    code = rows_rank(&equity, err);
out:
    free(scratch.row_of);
    free(scratch.villagers);
    if (code != ERR_NONE) {
        equity_finish(&equity);
        return error_set(err, code, "内存不足 (equity: out of memory)");
    }
    *ret_equity = equity;
    return ERR_NONE;
}

const struct equity_row *equity_find(const struct equity *equity, uint32_t township)
{
    size_t low = 0;
    size_t high = equity->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (equity->rows[middle].township < township) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < equity->count && equity->rows[low].township == township ? &equity->rows[low] : NULL;
}
