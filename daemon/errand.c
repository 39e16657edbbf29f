/* daemon/errand: see errand.h. */
#include "daemon/errand.h"

#include <string.h>

static void work_start(struct errand_desk *desk);

static void errand_finish(struct errand *errand)
{
    timetable_unref(errand->shown.timetable);
    reply_destroy(errand->reply);
    memset(errand, 0, sizeof *errand); /* ERRAND_FREE */
}

/* To be answered; or over, when nobody waits any more. */
static void errand_done(struct errand *errand)
{
    errand->state = ERRAND_DONE;
    if (errand->connection == NULL) {
        errand_finish(errand);
        return;
    }
    MHD_resume_connection(errand->connection);
}

static void on_work(uv_work_t *work)
{
    struct errand *errand = work->data;
    errand->problem.code = route_make(errand->route, &errand->request, errand->argument, errand->address,
                                      &errand->reply, &errand->problem);
}

static void on_worked(uv_work_t *work, int status)
{
    struct errand *errand = work->data;
    struct errand_desk *desk = errand->desk;
    desk->working--;
    if (status == UV_ECANCELED) {
        error_set(&errand->problem, ERR_CANCELLED, "an errand was cancelled");
    }
    errand_done(errand);
    work_start(desk);
    desk->wake(desk->context);
}

/* The one that waits longest, or NULL. */
static struct errand *errand_next(struct errand_desk *desk)
{
    struct errand *next = NULL;
    for (size_t i = 0; i < LIMIT_ERRANDS; i++) {
        struct errand *errand = &desk->items[i];
        if (errand->state == ERRAND_WAITING && (next == NULL || errand->number < next->number)) {
            next = errand;
        }
    }
    return next;
}

static void work_start(struct errand_desk *desk)
{
    struct errand *errand = NULL;
    while (desk->working < LIMIT_ERRANDS_WORKING && (errand = errand_next(desk)) != NULL) {
        errand->work.data = errand;
        errand->state = ERRAND_WORKING;
        desk->working++;
        if (uv_queue_work(desk->loop, &errand->work, on_work, on_worked) != 0) {
            desk->working--;
            error_set(&errand->problem, ERR_BUSY, "no worker for an errand");
            errand_done(errand);
        }
    }
}

enum error_code errand_begin(struct errand_desk *desk, const struct errand *wanted, void **state,
                             struct error *err)
{
    struct errand *errand = NULL;
    for (size_t i = 0; i < LIMIT_ERRANDS && errand == NULL; i++) {
        errand = desk->items[i].state == ERRAND_FREE ? &desk->items[i] : NULL;
    }
    if (errand == NULL) {
        return error_set(err, ERR_BUSY, "too many requests wait for a worker");
    }
    const struct published *now = wanted->request.published;
    *errand = *wanted;
    errand->state = ERRAND_WAITING;
    errand->desk = desk;
    errand->number = desk->count++;
    errand->shown = (struct published){.timetable = timetable_ref(now->timetable),
                                       .today = now->today,
                                       .zone = now->zone,
                                       .last_modified = now->last_modified,
                                       .audience = now->audience,
                                       .weights = now->weights};
    errand->request.published = &errand->shown;
    errand->request.receipts = NULL;
    *state = errand;
    MHD_suspend_connection(errand->connection);
    work_start(desk);
    return ERR_NONE;
}

struct errand *errand_of(struct errand_desk *desk, void *state)
{
    for (size_t i = 0; i < LIMIT_ERRANDS; i++) {
        if (state == &desk->items[i]) {
            return &desk->items[i];
        }
    }
    return NULL;
}

void errand_forget(struct errand *errand)
{
    errand->connection = NULL;
    if (errand->state != ERRAND_WORKING) { /* else its worker's end frees it */
        errand_finish(errand);
    }
}

void errand_abandon(struct errand_desk *desk, bool working_too)
{
    for (size_t i = 0; i < LIMIT_ERRANDS; i++) {
        struct errand *errand = &desk->items[i];
        if (errand->state == ERRAND_WAITING) {
            error_set(&errand->problem, ERR_BUSY, "the server stops");
            errand_done(errand);
        } else if (errand->state == ERRAND_WORKING && working_too && errand->connection != NULL) {
            MHD_resume_connection(errand->connection); /* asked again, it is told that the server stops */
        }
    }
}
