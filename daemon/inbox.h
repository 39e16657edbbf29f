/* daemon/inbox: a watched drop folder. A file that has settled (its size and time stand still) is read or
 * imported by the policy on a worker, one at a time, and moved into done/ or failed/ within the folder, its
 * report beside it. Files are reached through the folder's descriptor and never through a link, so nothing
 * outside the folder is read or moved.
 *
 * The loop thread owns the handles and starts the jobs; everything that touches the disk is in
 * daemon/inbox_job. inbox_open → inbox_start → (loop) → inbox_stop → (loop ends) → inbox_close */
#ifndef LITANG_DAEMON_INBOX_H
#define LITANG_DAEMON_INBOX_H

#include "daemon/inbox_job.h"

#include <uv.h>

struct inbox {
    struct inbox_job job; /* a worker's while `working` */
    uv_fs_event_t event;
    uv_timer_t timer;
    uv_work_t work;
    bool event_open, timer_open;
    bool working, stopping, again;
};

/* job.path, .policy, .actor, .db_path and .clock are set by the caller; a NULL path is no inbox, and all
 * functions then do nothing. Opens the folder and makes done/ and failed/. ERR_NOT_FOUND, ERR_IO name what is
 * wrong. */
enum error_code inbox_open(struct inbox *inbox, struct error *err);
void inbox_start(struct inbox *inbox, uv_loop_t *loop);
/* Closes the handles. A job that runs goes on to its end; the loop ends after it. */
void inbox_stop(struct inbox *inbox);
void inbox_close(struct inbox *inbox);

#endif
