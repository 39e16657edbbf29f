/* Three calendar programs that poll now and then while sessions are edited and days pass: what each has kept
 * by its own rule must be what the database says. LITANG_CLIENT_EDITS sets the number of edits (500).
 *
 * ICSx5 takes an event over only if LAST-MODIFIED rose, and deletes what is absent; Thunderbird replaces all;
 * Evolution takes over what has another revision (LAST-MODIFIED and SEQUENCE) and deletes what is absent. */
#include "feed_city.h"

#include "base/rng.h"

#include <libical/ical.h>

enum {
    SESSIONS = 40,
    NAME_SIZE = 96,
    RULES = 3,
    EVENTS_MAX = SESSIONS,
    SHANGHAI_S = 28800
};

/* ---- the database ---- */

struct database {
    struct rng rng;
    int64_t now;
    int names;
    char courses[2][NAME_SIZE], halls[2][NAME_SIZE], addresses[2][NAME_SIZE], instructors[3][NAME_SIZE];
    char notes[SESSIONS][NAME_SIZE];
    struct session sessions[SESSIONS];
};

static int32_t local_day(int64_t seconds)
{
    return (int32_t)((seconds + SHANGHAI_S) / 86400);
}

static uint32_t pick(struct database *db, uint32_t below)
{
    return rng_below(&db->rng, below);
}

static void name_make(struct database *db, char ret_name[NAME_SIZE])
{
    static const char *const HOSTILE[] = {"上垟,村;礼堂\\n",
                                          "\"引号\" ^n ^'",
                                          "🎎🏮 𠮷野",
                                          "\u202e反\u202c BEGIN:VEVENT",
                                          "很长很长很长很长很长很长很长很长很长",
                                          "a:b=c;d,e\\"};
    snprintf(ret_name, NAME_SIZE, "示例%d%s", db->names++, HOSTILE[pick(db, 6)]);
}

static void database_init(struct database *db, uint64_t seed)
{
    *db = (struct database){.now = instant("2026-03-16T01:00:00Z")};
    rng_seed(&db->rng, seed);
    for (size_t i = 0; i < 2; i++) {
        name_make(db, db->courses[i]);
        name_make(db, db->halls[i]);
        name_make(db, db->addresses[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        name_make(db, db->instructors[i]);
    }
    for (size_t i = 0; i < SESSIONS; i++) {
        db->sessions[i] = plain_session((int64_t)i + 1, the_today() - 10 + (int32_t)pick(db, 60),
                                        480 + 15 * (int32_t)pick(db, 40));
        db->sessions[i].at.course = pick(db, 2);
        db->sessions[i].at.room = pick(db, 3);
        db->sessions[i].at.instructors[0] = pick(db, 3);
    }
}

/* As the store does it: docs/store.md, "What feeds rely on". */
static void touch(struct database *db, struct session *session)
{
    session->changed_at = db->now > session->changed_at ? db->now : session->changed_at + 1;
}

enum shown {
    SHOWN_COURSE,
    SHOWN_HALL,
    SHOWN_INSTRUCTOR
};

static void touch_shown(struct database *db, enum shown shown, uint32_t index)
{
    for (size_t i = 0; i < SESSIONS; i++) {
        struct session *session = &db->sessions[i];
        uint32_t value = shown == SHOWN_COURSE ? session->at.course
                         : shown == SHOWN_HALL ? (session->at.room == ROOM_SECOND ? 1 : 0)
                                               : session->at.instructors[0];
        if (value == index) {
            touch(db, session);
        }
    }
}

static void rename_something(struct database *db)
{
    uint32_t which = pick(db, 2);
    switch (pick(db, 4)) {
    case 0:
        name_make(db, db->courses[which]);
        touch_shown(db, SHOWN_COURSE, which);
        break;
    case 1:
        name_make(db, db->halls[which]);
        touch_shown(db, SHOWN_HALL, which);
        break;
    case 2:
        name_make(db, db->addresses[which]);
        touch_shown(db, SHOWN_HALL, which);
        break;
    default:
        which = pick(db, 3);
        name_make(db, db->instructors[which]);
        touch_shown(db, SHOWN_INSTRUCTOR, which);
        break;
    }
}

static void move(struct database *db, struct session *session)
{
    session->moved_from_day = session->at.day;
    session->moved_from_min = session->at.start_min;
    session->at.day = local_day(db->now) - 10 + (int32_t)pick(db, 60);
    session->at.start_min = 480 + 15 * (int32_t)pick(db, 40);
    session->moved_at = db->now;
    session->sequence++;
}

/* One edit of a session, of a name, or time that passes. */
static void database_edit(struct database *db)
{
    uint32_t index = pick(db, SESSIONS);
    struct session *session = &db->sessions[index];
    db->now += pick(db, 3) == 0 ? 0 : pick(db, 7200);
    switch (pick(db, 8)) {
    case 0:
        rename_something(db);
        return;
    case 1:
        db->now += (int64_t)pick(db, 3) * 86400;
        return;
    case 2:
        move(db, session);
        break;
    case 3:
        session->at.room = pick(db, 3);
        session->sequence++;
        break;
    case 4:
        session->at.instructors[0] = pick(db, 3);
        break;
    case 5:
        session->status = session->status == SESSION_CANCELLED ? SESSION_CONFIRMED : SESSION_CANCELLED;
        session->cancelled_at = session->status == SESSION_CANCELLED ? db->now : 0;
        session->sequence++;
        break;
    case 6:
        name_make(db, db->notes[index]);
        break;
    default:
        session->at.course = pick(db, 2);
        break;
    }
    touch(db, session);
}

static const char *copy(struct timetable *tt, const char *text)
{
    char *kept = arena_copy_text(&tt->arena, text);
    assert_non_null(kept);
    return kept;
}

static struct feed_set *database_feeds(const struct database *db, const struct feed_set *previous)
{
    struct timetable *tt = city_open(NULL, "https://litang.example");
    for (size_t i = 0; i < SESSIONS; i++) {
        struct session session = db->sessions[i];
        session.note = db->notes[i];
        add_session(tt, session);
    }
    for (size_t i = 0; i < 2; i++) {
        tt->courses[i].name = copy(tt, db->courses[i]);
        tt->halls[i].name = copy(tt, db->halls[i]);
        tt->halls[i].address = copy(tt, db->addresses[i]);
    }
    for (size_t i = 0; i < 3; i++) {
        tt->instructors[i].name = copy(tt, db->instructors[i]);
    }
    city_seal(tt);
    return set_of(tt, local_day(db->now), previous);
}

/* ---- the calendar programs ---- */

struct event_kept {
    int64_t id, modified_at; /* of the UID; LAST-MODIFIED */
    int sequence;
    icalcomponent *component; /* owned */
};

struct calendar_kept {
    struct event_kept events[EVENTS_MAX];
    size_t count;
};

enum rule {
    RULE_ICSX5,
    RULE_THUNDERBIRD,
    RULE_EVOLUTION
};

struct client {
    enum feed_scope scope;
    uint32_t index;
    struct feed_options options;
    char *bytes; /* of the last answer: stands for its ETag */
    struct calendar_kept calendars[RULES];
};

static void calendar_clear(struct calendar_kept *calendar)
{
    for (size_t i = 0; i < calendar->count; i++) {
        icalcomponent_free(calendar->events[i].component);
    }
    calendar->count = 0;
}

static const struct event_kept *event_find(const struct calendar_kept *calendar, int64_t id)
{
    for (size_t i = 0; i < calendar->count; i++) {
        if (calendar->events[i].id == id) {
            return &calendar->events[i];
        }
    }
    return NULL;
}

static int64_t last_modified(icalcomponent *event)
{
    icalproperty *property = icalcomponent_get_first_property(event, ICAL_LASTMODIFIED_PROPERTY);
    assert_non_null(property);
    return (int64_t)icaltime_as_timet(icalproperty_get_lastmodified(property));
}

static void calendar_parse(const char *bytes, struct calendar_kept *ret_calendar)
{
    icalcomponent *root = icalparser_parse_string(bytes);
    assert_non_null(root);
    ret_calendar->count = 0;
    icalcomponent *event = icalcomponent_get_first_component(root, ICAL_VEVENT_COMPONENT);
    for (; event != NULL; event = icalcomponent_get_next_component(root, ICAL_VEVENT_COMPONENT)) {
        long long id = 0;
        assert_int_equal(sscanf(icalcomponent_get_uid(event), "s-%lld@", &id), 1);
        assert_in_range(ret_calendar->count, 0, EVENTS_MAX - 1);
        ret_calendar->events[ret_calendar->count++] = (struct event_kept){
            id, last_modified(event), icalcomponent_get_sequence(event), icalcomponent_new_clone(event)};
    }
    icalcomponent_free(root);
}

static bool takes_over(enum rule rule, const struct event_kept *known, const struct event_kept *fresh)
{
    switch (rule) {
    case RULE_ICSX5:
        return known == NULL || fresh->modified_at > known->modified_at;
    case RULE_EVOLUTION:
        return known == NULL || fresh->modified_at != known->modified_at ||
               fresh->sequence != known->sequence;
    case RULE_THUNDERBIRD:
        break;
    }
    return true;
}

static void calendar_update(struct calendar_kept *calendar, enum rule rule, const char *bytes)
{
    struct calendar_kept fresh;
    calendar_parse(bytes, &fresh);
    for (size_t i = 0; i < fresh.count; i++) {
        const struct event_kept *known = event_find(calendar, fresh.events[i].id);
        if (!takes_over(rule, known, &fresh.events[i])) {
            icalcomponent_free(fresh.events[i].component);
            fresh.events[i] = *known;
            fresh.events[i].component = icalcomponent_new_clone(known->component);
        }
    }
    calendar_clear(calendar);
    *calendar = fresh;
}

static void client_poll(struct client *client, const struct feed_set *set)
{
    char *bytes = render_with(set, client->scope, client->index, &client->options, NULL);
    if (client->bytes != NULL && strcmp(client->bytes, bytes) == 0) {
        free(bytes); /* 304 */
        return;
    }
    free(client->bytes);
    client->bytes = bytes;
    for (int rule = 0; rule < RULES; rule++) {
        calendar_update(&client->calendars[rule], (enum rule)rule, bytes);
    }
}

/* ---- are they equal? ---- */

/* By the contract of docs/feeds.md, not by the code under test. */
static bool is_expected(const struct database *db, const struct client *client, const struct session *session)
{
    int32_t today = local_day(db->now);
    int32_t end_day = session->at.day + (session->at.start_min + session->at.minutes) / 1440;
    bool in_scope = client->scope == FEED_TOWNSHIP ? session->at.room != ROOM_SECOND
                    : client->scope == FEED_HALL   ? session->at.room == ROOM_SECOND
                                                   : session->at.instructors[0] == client->index;
    return in_scope && session->at.day >= today - 90 && session->at.day <= today + 400 &&
           (client->options.category == NONE || session->at.course == client->options.category) &&
           (session->status != SESSION_CANCELLED || today <= end_day + 7);
}

static void check_time(icalproperty *property, const struct session *session, int32_t minutes)
{
    struct icaltimetype time = icalvalue_get_datetime(icalproperty_get_value(property));
    struct civil civil = date_to_civil(session->at.day + (session->at.start_min + minutes) / 1440);
    assert_int_equal(time.year, civil.year);
    assert_int_equal(time.month, civil.month);
    assert_int_equal(time.day, civil.day);
    assert_int_equal(time.hour * 60 + time.minute, (session->at.start_min + minutes) % 1440);
}

static void check_event(const struct database *db, const struct client *client, const struct session *session,
                        icalcomponent *event)
{
    bool english = client->options.english;
    bool cancelled = session->status == SESSION_CANCELLED;
    bool moved = session->moved_at != 0 && local_day(db->now) < local_day(session->moved_at) + 7;
    const char *mark = cancelled ? (english ? "[CANCELLED] " : "【停课】")
                       : moved   ? (english ? "[MOVED] " : "【改期】")
                                 : "";
    char wanted[4 * NAME_SIZE];
    snprintf(wanted, sizeof wanted, "%s%s", mark, db->courses[session->at.course]);
    assert_string_equal(icalcomponent_get_summary(event), wanted);
    static const char *const ROOMS[] = {"大礼堂", "讲堂", "示例礼堂二"};
    uint32_t hall = session->at.room == ROOM_SECOND ? 1 : 0;
    snprintf(wanted, sizeof wanted, "%s, %s\n%s", db->halls[hall], ROOMS[session->at.room],
             db->addresses[hall]);
    assert_string_equal(icalcomponent_get_location(event), wanted);
    const char *description = icalcomponent_get_description(event);
    assert_non_null(strstr(description, db->instructors[session->at.instructors[0]]));
    assert_non_null(strstr(description, db->notes[session->at.session_id - 1]));
    assert_int_equal(icalcomponent_get_status(event),
                     cancelled ? ICAL_STATUS_CANCELLED : ICAL_STATUS_CONFIRMED);
    assert_int_equal(icalcomponent_get_sequence(event), session->sequence);
    check_time(icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY), session, 0);
    check_time(icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY), session, session->at.minutes);
}

static void client_check(const struct database *db, const struct client *client)
{
    for (int rule = 0; rule < RULES; rule++) {
        const struct calendar_kept *calendar = &client->calendars[rule];
        size_t wanted = 0;
        for (size_t i = 0; i < SESSIONS; i++) {
            const struct session *session = &db->sessions[i];
            const struct event_kept *kept = event_find(calendar, session->at.session_id);
            bool expected = is_expected(db, client, session);
            wanted += expected ? 1 : 0;
            assert_int_equal(kept != NULL, expected);
            if (expected) {
                check_event(db, client, session, kept->component);
            }
        }
        assert_int_equal(calendar->count, wanted);
    }
}

/* Sets made one after the other give the bytes that a fresh one gives. */
static void check_fresh(const struct database *db, const struct feed_set *set)
{
    struct feed_set *fresh = database_feeds(db, NULL);
    for (int scope = FEED_CITY; scope < FEED_SCOPES; scope++) {
        uint32_t index = scope == FEED_TOWNSHIP ? TOWNSHIP_1 : 0;
        char *left = render(set, (enum feed_scope)scope, index, 0, NULL);
        char *right = render(fresh, (enum feed_scope)scope, index, 0, NULL);
        assert_string_equal(left, right);
        free(left);
        free(right);
    }
    feed_set_unref(fresh);
}

static void clients_stay_equal(void **state)
{
    (void)state;
    const char *wish = getenv("LITANG_CLIENT_EDITS");
    long edits = wish != NULL ? strtol(wish, NULL, 10) : 500;
    struct database *db = malloc(sizeof *db);
    assert_non_null(db);
    database_init(db, 20260316);
    struct client clients[] = {
        {.scope = FEED_TOWNSHIP, .index = TOWNSHIP_1, .options = {.category = NONE}},
        {.scope = FEED_HALL, .index = 1, .options = {.alarm_min = 60, .category = NONE}},
        {.scope = FEED_INSTRUCTOR, .index = JIA, .options = {.english = true, .category = NONE}},
        {.scope = FEED_TOWNSHIP, .index = TOWNSHIP_1, .options = {.english = true, .category = 1}},
    };
    enum {
        CLIENTS = sizeof clients / sizeof clients[0]
    };
    struct feed_set *set = database_feeds(db, NULL);
    for (long edit = 0; edit < edits; edit++) {
        database_edit(db);
        struct feed_set *next = database_feeds(db, set);
        feed_set_unref(set);
        set = next;
        for (size_t i = 0; i < CLIENTS; i++) {
            /* Nobody polls after every edit. */
            if (pick(db, 2) == 0) {
                client_poll(&clients[i], set);
                client_check(db, &clients[i]);
            }
        }
        if (edit % 16 == 0) {
            check_fresh(db, set);
        }
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        for (int rule = 0; rule < RULES; rule++) {
            calendar_clear(&clients[i].calendars[rule]);
        }
        free(clients[i].bytes);
    }
    feed_set_unref(set);
    free(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clients_stay_equal),
    };
    return cmocka_run_group_tests(tests, library_setup, NULL);
}
