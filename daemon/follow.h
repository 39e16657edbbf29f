/* daemon/follow: reads the calendars that are due, one after the other, on a worker thread with a store of
 * its own. The daemon answers meanwhile; what a reading commits is seen by daemon/watch like any other
 * commit. Loop thread. */
#ifndef LITANG_DAEMON_FOLLOW_H
#define LITANG_DAEMON_FOLLOW_H

#include "base/clock.h"
#include "base/limits.h"
#include "store/store.h"

#include <uv.h>

struct follow_desk {
    /* set by the caller: */
    const char *db_path; /* borrowed */
    struct clock_source clock;

    uv_timer_t timer;
    uv_work_t work;
    bool timer_open, working;
    bool cancel; /* atomic: the job in flight is to give up */

    /* of the one job in flight, else of nobody: */
    struct store *store; /* owned; NULL while none is open */
    dev_t device;        /* which file it is: a restored database is another one */
    ino_t inode;
    bool trouble_told; /* the database could not be read, and the log says so */
    /* Looks that changed nothing and are not in the table; in no order. */
    struct follow_look {
        int64_t id, checked_at;
    } looks[LIMIT_FOLLOWS];
    size_t look_count;
};

enum {
    FOLLOW_TICK_MS = 1000
};

void follow_desk_start(struct follow_desk *desk, uv_loop_t *loop);
/* Nothing new begins, and what is in flight gives up; desk->working falls soon after. */
void follow_desk_stop(struct follow_desk *desk);
/* After the loop has ended. */
void follow_desk_close(struct follow_desk *desk);

#endif
