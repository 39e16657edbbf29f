/* The daemon follows a calendar: a change, nothing new, an error, the calendar's end; sessions that a new
 * closure hits; the daemon answers meanwhile. */
#include "tests/daemon/calendar_site.h"
#include "tests/daemon/serve_process.h"

#include "daemon/follow_read.h"
#include "store/follows.h"

#define FEED "/feed/hall/H1.ics"
#define OK   "HTTP/1.1 200 OK\r\nContent-Type: text/calendar\r\n"
#define EVENT(uid, day)                                                                                      \
    "BEGIN:VEVENT\r\nUID:" uid "\r\nSUMMARY:婚宴\r\nDTSTART:" day "T010000Z\r\nDTEND:" day                   \
    "T040000Z\r\nEND:VEVENT\r\n"
#define ONE(events) "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n" events "END:VCALENDAR\r\n"

static struct store *opened(struct served *served)
{
    struct store *store = NULL;
    struct error err = {0};
    done(store_open(served->path, STORE_OPEN, served_clock(served), &store, &err), &err);
    return store;
}

static int64_t followed(struct served *served, const char *source)
{
    struct follow follow = {
        .kind = "closures", .scope = "hall", .target = "H1", .interval_s = 60, .allow_private = true};
    struct store *store = opened(served);
    struct error err = {0};
    int64_t id = 0;
    snprintf(follow.source, sizeof follow.source, "%s", source);
    done(follow_add(store, &follow, &id, &err), &err);
    store_close(store);
    return id;
}

static struct follow follow_now(struct served *served)
{
    struct store *store = opened(served);
    struct follow_list list;
    struct follow follow = {0};
    assert_int_equal(follow_list_load(store, &list, NULL), ERR_NONE);
    if (list.count > 0) {
        follow = list.items[0];
    }
    follow_list_finish(&list);
    store_close(store);
    return follow;
}

/* Lets time pass until it is due, and waits for what comes of it. */
static struct follow next_outcome(struct served *served, const char *outcome)
{
    struct follow before = follow_now(served);
    struct follow follow = before;
    int64_t due_s = follow_due_s(&before);
    int64_t soon_s = *served->now_s + 61;
    __atomic_store_n(served->now_s, due_s > soon_s ? due_s : soon_s, __ATOMIC_RELAXED);
    for (int i = 0;
         i < 200 && (follow.checked_at == before.checked_at || strcmp(follow.outcome, outcome) != 0); i++) {
        usleep(50000);
        follow = follow_now(served);
    }
    if (strcmp(follow.outcome, outcome) != 0) {
        fail_msg("expected %s, came %s: %s", outcome, follow.outcome, follow.detail);
    }
    return follow;
}

/* Lets an interval pass and waits for the request. */
static void look_again(struct served *served, struct site *site)
{
    unsigned hits = site_hits(site);
    __atomic_add_fetch(served->now_s, 61, __ATOMIC_RELAXED);
    for (int i = 0; i < 200 && site_hits(site) == hits; i++) {
        usleep(50000);
    }
    assert_int_equal(site_hits(site), hits + 1);
    usleep(200000); /* and for what is made of the answer */
}

static size_t closures(struct served *served, int32_t *ret_first_day)
{
    struct store *store = opened(served);
    struct timetable *timetable = NULL;
    assert_int_equal(store_snapshot(store, &timetable, NULL), ERR_NONE);
    size_t count = timetable->closure_count;
    if (count > 0 && ret_first_day != NULL) {
        *ret_first_day = timetable->closures[0].from_day;
        assert_string_equal(timetable->halls[timetable->closures[0].target].id, "H1");
        assert_int_equal(timetable->closures[0].from_min, 9 * 60);
        assert_int_equal(timetable->closures[0].to_min, 12 * 60);
        assert_int_equal(timetable->closures[0].strength, CLOSURE_HARD);
    }
    timetable_unref(timetable);
    store_close(store);
    return count;
}

static void a_calendar_through_its_life(void **state)
{
    struct served served = served_new();
    struct site site;
    char source[64];
    int32_t day = 0;
    (void)state;
    database_make(&served, served.path, 3); /* session 1 is in H1 today, 09:30 */
    served_start(&served);
    site_start(&site);
    snprintf(source, sizeof source, "http://127.0.0.1:%u/hall.ics", site.port);

    /* A banquet where a session is: taken in, and the session is named. */
    site_set(&site, OK "ETag: \"1\"\r\n", ONE(EVENT("a", "20261123")), "\"1\"");
    (void)followed(&served, source);
    struct follow follow = next_outcome(&served, "imported");
    assert_non_null(strstr(follow.detail, "1 created"));
    assert_non_null(strstr(follow.detail, "1 sessions now clash"));
    assert_string_equal(follow.etag, "\"1\"");
    assert_int_equal(closures(&served, &day), 1);
    assert_int_equal(day, TODAY);

    /* Nothing new: asked with the mark, nothing written. */
    struct store *store = opened(&served);
    int64_t revision = 0;
    int64_t later = 0;
    assert_int_equal(store_revision(store, &revision, NULL), ERR_NONE);
    (void)next_outcome(&served, "unchanged");
    assert_true(site_request_has(&site, "If-None-Match: \"1\""));
    assert_int_equal(store_revision(store, &later, NULL), ERR_NONE);
    assert_int_equal(revision, later);

    /* The same bytes without a mark: looked at, and left. */
    site_set(&site, OK, ONE(EVENT("a", "20261123")), NULL);
    look_again(&served, &site);
    assert_int_equal(store_revision(store, &later, NULL), ERR_NONE);
    assert_int_equal(revision, later);
    /* A look that brings no news is not written each time, for it would wake the whole daemon. */
    int64_t noted = follow_now(&served).checked_at;
    look_again(&served, &site);
    assert_int_equal(follow_now(&served).checked_at, noted);

    /* The banquet moves: the same record, and a second one comes. */
    site_set(&site, OK, ONE(EVENT("a", "20261201") EVENT("b", "20261202")), NULL);
    follow = next_outcome(&served, "imported");
    assert_non_null(strstr(follow.detail, "1 created, 1 updated"));
    assert_int_equal(closures(&served, NULL), 2);

    /* Trouble wipes nothing: an empty answer, an error page, a web page, half a calendar, one without events.
     */
    static const struct {
        const char *head, *body, *outcome;
    } TROUBLES[] = {{OK, "", "failed"},
                    {"HTTP/1.1 503 Later\r\n", "", "failed"},
                    {OK, "<html><body>login</body></html>", "faulty"},
                    {OK, "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:b\r\n", "faulty"},
                    {OK, ONE(""), "faulty"},
                    {"HTTP/1.1 410 Gone\r\n", "", "gone"},
                    {"HTTP/1.1 404 Not Found\r\n", "", "gone"}};
    for (size_t i = 0; i < sizeof TROUBLES / sizeof *TROUBLES; i++) {
        site_set(&site, TROUBLES[i].head, TROUBLES[i].body, NULL);
        follow = next_outcome(&served, TROUBLES[i].outcome);
        assert_int_equal(follow.failures, i + 1);
        assert_int_equal(closures(&served, NULL), 2);
    }

    /* It comes back, and one event has vanished. */
    site_set(&site, OK, ONE(EVENT("b", "20261202")), NULL);
    follow = next_outcome(&served, "imported");
    assert_int_equal(follow.failures, 0);
    assert_non_null(strstr(follow.detail, "1 dropped"));
    assert_int_equal(closures(&served, &day), 1);
    assert_int_equal(day, TODAY + 9);

    /* Followed no longer: the record goes, nobody asks any more, and one undo brings the record back. */
    struct commit_result result;
    struct error err = {0};
    done(follow_end(store, follow.id, false, "test", &result, &err), &err);
    assert_int_equal(result.dropped_by_table[TABLE_CLOSURE], 1);
    commit_result_finish(&result);
    assert_int_equal(closures(&served, NULL), 0);
    unsigned hits = site_hits(&site);
    __atomic_add_fetch(served.now_s, 7200, __ATOMIC_RELAXED);
    sleep(3); /* three looks at the table */
    assert_int_equal(site_hits(&site), hits);
    result = (struct commit_result){0};
    done(store_undo(store, 0, "test", "undo", &result, &err), &err);
    commit_result_finish(&result);
    assert_int_equal(closures(&served, NULL), 1);

    store_close(store);
    site_stop(&site);
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

static void the_daemon_answers_and_ends_while_a_server_hangs(void **state)
{
    struct served served = served_new();
    struct site site;
    char source[64];
    (void)state;
    database_make(&served, served.path, 3);
    served_start(&served);
    site_start(&site);
    site_set(&site, OK, "BEGIN:VCALENDAR\r\n", NULL);
    site.endless = SIZE_MAX;
    snprintf(source, sizeof source, "http://127.0.0.1:%u/hall.ics", site.port);
    (void)followed(&served, source);
    for (int i = 0; i < 100 && site_hits(&site) == 0; i++) {
        usleep(50000);
    }
    assert_int_equal(site_hits(&site), 1);
    struct http_response feed = http_get(served.port, FEED, "");
    assert_int_equal(feed.status, 200);
    response_finish(&feed);
    /* A commit is seen although a reading is under way. */
    struct change_set *set = changes();
    PUT(set, TABLE_HALL, CELL_STR("id", "H1"), CELL_STR("name", "示例新名礼堂"));
    commit(&served, served.path, set);
    assert_true(body_comes(&served, FEED, "示例新名礼堂"));
    assert_int_equal(served_stop(&served), 0); /* gives up within LIMIT_SHUTDOWN_MS, no handle is left */
    site_stop(&site);
    served_finish(&served);
}

static void a_file_is_followed_too(void **state)
{
    struct served served = served_new();
    char path[128];
    (void)state;
    database_make(&served, served.path, 3);
    snprintf(path, sizeof path, "%s/hall.ics", served.folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(ONE(EVENT("a", "20261201") EVENT("b", "20261202")), file);
    fclose(file);
    (void)followed(&served, path);
    served_start(&served);
    (void)next_outcome(&served, "imported");
    assert_int_equal(closures(&served, NULL), 2);
    (void)next_outcome(&served, "unchanged");
    file = fopen(path, "w");
    fputs(ONE(EVENT("a", "20261201")), file);
    fclose(file);
    (void)next_outcome(&served, "imported");
    assert_int_equal(closures(&served, NULL), 1);
    unlink(path);
    (void)next_outcome(&served, "gone");
    assert_int_equal(closures(&served, NULL), 1);
    assert_int_equal(served_stop(&served), 0);
    served_finish(&served);
}

static void a_failure_waits_longer_each_time(void **state)
{
    struct follow follow = {.interval_s = 3600, .checked_at = 1000};
    (void)state;
    assert_int_equal(follow_due_s(&follow), 4600);
    follow.failures = 1;
    assert_int_equal(follow_due_s(&follow), 1000 + 7200);
    follow.failures = 3;
    assert_int_equal(follow_due_s(&follow), 1000 + 28800);
    follow.failures = 50;
    assert_int_equal(follow_due_s(&follow), 1000 + 86400);
    follow.checked_at = 0;
    assert_int_equal(follow_due_s(&follow), 0);
    follow = (struct follow){.interval_s = 7 * 86400, .checked_at = 1000, .failures = 2};
    assert_int_equal(follow_due_s(&follow), 1000 + 7 * 86400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_calendar_through_its_life),
        cmocka_unit_test(the_daemon_answers_and_ends_while_a_server_hangs),
        cmocka_unit_test(a_file_is_followed_too),
        cmocka_unit_test(a_failure_waits_longer_each_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
