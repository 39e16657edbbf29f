/* daemon/errand: a GET whose answer takes long (ROUTE_SLOW) is made by a worker. The request waits,
 * suspended; a few are worked on at once, so that the watch for commits never waits behind them. Loop thread
 * only, but for the route's handler. */
#ifndef LITANG_DAEMON_ERRAND_H
#define LITANG_DAEMON_ERRAND_H

#include "base/limits.h"
#include "daemon/router.h"

#include <uv.h>

enum errand_state {
    ERRAND_FREE,
    ERRAND_WAITING, /* for its turn */
    ERRAND_WORKING, /* a worker has it */
    ERRAND_DONE     /* to be answered */
};

struct errand {
    enum errand_state state;
    uint64_t number;                   /* in the order of asking */
    struct MHD_Connection *connection; /* suspended; NULL when it is gone */
    struct errand_desk *desk;
    uv_work_t work;
    const struct route *route;
    struct route_request request; /* its `published` is `shown` */
    int argument;
    struct published
        shown; /* of the snapshot only: timetable (a reference), day, zone, weights; no feeds, no replies */
    char address[ROUTE_ADDRESS_SIZE];
    struct reply *reply; /* owned, when it is done well */
    struct error problem;
};

struct errand_desk {
    uv_loop_t *loop;             /* set by the caller, like the next two */
    void (*wake)(void *context); /* called when requests were resumed */
    void *context;
    struct errand items[LIMIT_ERRANDS];
    uint64_t count; /* so far */
    unsigned working;
};

/* Suspends the request of `visit` until a worker has made its reply; it is then asked again with the same
 * `state` (of the connection, http_server_state; not NULL). ERR_BUSY: too many wait. */
enum error_code errand_begin(struct errand_desk *desk, const struct errand *wanted, void **state,
                             struct error *err);
/* Is the state of a connection an errand of this desk? */
struct errand *errand_of(struct errand_desk *desk, void *state);
/* The connection ended, or the errand was answered. */
void errand_forget(struct errand *errand);
/* Ends all that wait, for the server stops; `working_too`: also those that a worker has, whose connections
 * are let go at once. They free themselves when their work ends. */
void errand_abandon(struct errand_desk *desk, bool working_too);

#endif
