/* daemon/inbox: see inbox.h. */
#include "daemon/inbox.h"

#include "base/log.h"

static void look(struct inbox *inbox);

static void on_timer(uv_timer_t *timer)
{
    look(timer->data);
}

static void wait(struct inbox *inbox, uint64_t wait_ms)
{
    if (!inbox->stopping) {
        uv_timer_start(&inbox->timer, on_timer, wait_ms, 0);
    }
}

static void on_work(uv_work_t *work)
{
    struct inbox *inbox = work->data;
    inbox_job_run(&inbox->job);
}

static void on_worked(uv_work_t *work, int status)
{
    struct inbox *inbox = work->data;
    (void)status; /* cancelled only by inbox_stop */
    inbox->working = false;
    uint64_t wait_ms =
        inbox->again && inbox->job.wait_ms > INBOX_EVENT_MS ? INBOX_EVENT_MS : inbox->job.wait_ms;
    inbox->again = false;
    wait(inbox, wait_ms);
}

static void look(struct inbox *inbox)
{
    if (inbox->working || inbox->stopping) {
        return;
    }
    inbox->work.data = inbox;
    inbox->working = uv_queue_work(inbox->timer.loop, &inbox->work, on_work, on_worked) == 0;
    if (!inbox->working) {
        wait(inbox, INBOX_POLL_MS);
    }
}

/* Only a hint: events are lost on network shares, so the poll goes on. */
static void on_event(uv_fs_event_t *event, const char *name, int events, int status)
{
    struct inbox *inbox = event->data;
    (void)name;
    (void)events;
    (void)status;
    if (inbox->working) {
        inbox->again = true;
    } else {
        wait(inbox, INBOX_EVENT_MS);
    }
}

enum error_code inbox_open(struct inbox *inbox, struct error *err)
{
    return inbox->job.path == NULL ? ERR_NONE : inbox_job_open(&inbox->job, err);
}

void inbox_start(struct inbox *inbox, uv_loop_t *loop)
{
    if (inbox->job.path == NULL) {
        return;
    }
    uv_timer_init(loop, &inbox->timer);
    inbox->timer.data = inbox;
    inbox->timer_open = true;
    inbox->event_open = uv_fs_event_init(loop, &inbox->event) == 0;
    inbox->event.data = inbox;
    int failed =
        inbox->event_open ? uv_fs_event_start(&inbox->event, on_event, inbox->job.path, 0) : UV_ENOSYS;
    log_line(
        LOG_LEVEL_INFO, "inbox %s: %s%s%s", inbox->job.path, inbox_policy_name(inbox->job.policy),
        failed == 0 ? "" : "; no events, looking now and then: ", failed == 0 ? "" : uv_strerror(failed));
    wait(inbox, 0);
}

static void on_closed(uv_handle_t *handle)
{
    (void)handle; /* the inbox lives in its server */
}

void inbox_stop(struct inbox *inbox)
{
    inbox->stopping = true;
    inbox_job_stop(&inbox->job);
    if (inbox->timer_open) {
        uv_close((uv_handle_t *)&inbox->timer, on_closed);
    }
    if (inbox->event_open) {
        uv_close((uv_handle_t *)&inbox->event, on_closed);
    }
    if (inbox->working) {
        uv_cancel((uv_req_t *)&inbox->work); /* succeeds only when it has not begun */
    }
}

void inbox_close(struct inbox *inbox)
{
    inbox_job_close(&inbox->job);
}
