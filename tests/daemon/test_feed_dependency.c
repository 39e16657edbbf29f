/* Random edits through the commit gate of a real database. After each one, every event of the city's feed
 * either says what it said, with the LAST-MODIFIED that it had, or something else with a later one; so a
 * change is raised exactly where it is seen. Three calendars poll now and then by the rules of ICSx5,
 * Thunderbird and Evolution and must hold what the database says. LITANG_CLIENT_EDITS sets the number of
 * edits (500). */
#include "tests/daemon/serve_process.h"

#include "base/rng.h"
#include "ical/feed.h"
#include "ical/safe.h"

enum {
    EVENTS_MAX = 256,
    SESSIONS = 40,
    ROOMS = 5,
    PEOPLE = 3,
    COURSES = 3,
    ID_TEXT = 16,
    SEEN_OPS = 32
};

/* One event of a feed, unfolded. */
struct entry {
    int64_t id;
    char modified[32], sequence[32];
    char *text; /* owned: all lines but DTSTAMP and LAST-MODIFIED */
};

struct entries {
    struct entry items[EVENTS_MAX];
    size_t count;
};

enum rule {
    RULE_ICSX5,
    RULE_THUNDERBIRD,
    RULE_EVOLUTION,
    RULES
};

struct world {
    struct served served;
    struct store *store;
    struct rng rng;
    struct feed_set *set;
    struct entries seen;        /* after the last edit */
    struct entries kept[RULES]; /* what the calendars hold */
    size_t done, refused, raised, silent;
    size_t by_op[SEEN_OPS];
};

static uint32_t pick(struct world *world, uint32_t below)
{
    return rng_below(&world->rng, below);
}

/* ---- a feed as text ---- */

static void entries_clear(struct entries *entries)
{
    for (size_t i = 0; i < entries->count; i++) {
        free(entries->items[i].text);
    }
    entries->count = 0;
}

static struct entry entry_copy(const struct entry *entry)
{
    struct entry copy = *entry;
    copy.text = strdup(entry->text);
    assert_non_null(copy.text);
    return copy;
}

static struct entry *entry_find(struct entries *entries, int64_t id)
{
    for (size_t i = 0; i < entries->count; i++) {
        if (entries->items[i].id == id) {
            return &entries->items[i];
        }
    }
    return NULL;
}

static void line_take(struct entry *entry, struct text *rest, const char *line)
{
    long long id = 0;
    if (strncmp(line, "LAST-MODIFIED:", 14) == 0) {
        snprintf(entry->modified, sizeof entry->modified, "%s", line + 14);
    } else if (strncmp(line, "DTSTAMP:", 8) != 0) {
        if (strncmp(line, "SEQUENCE:", 9) == 0) {
            snprintf(entry->sequence, sizeof entry->sequence, "%s", line + 9);
        }
        if (sscanf(line, "UID:s-%lld@", &id) == 1) {
            entry->id = id;
        }
        text_add(rest, line);
        text_add_char(rest, '\n');
    }
}

/* Reads a feed's events by hand, line by line. */
static void entries_read(const char *bytes, size_t length, struct entries *ret_entries)
{
    struct text flat;
    struct text rest;
    text_init(&flat, 1 << 24);
    text_init(&rest, 1 << 20);
    for (size_t i = 0; i < length; i++) {
        if (i + 2 < length && bytes[i] == '\r' && bytes[i + 1] == '\n' && bytes[i + 2] == ' ') {
            i += 2;
        } else if (bytes[i] != '\r') {
            text_add_char(&flat, bytes[i]);
        }
    }
    bool inside = false;
    struct entry entry = {0};
    ret_entries->count = 0;
    char *next = NULL;
    for (char *line = strtok_r(flat.data, "\n", &next); line != NULL; line = strtok_r(NULL, "\n", &next)) {
        if (strcmp(line, "BEGIN:VEVENT") == 0) {
            inside = true;
            entry = (struct entry){0};
            text_clear(&rest);
        } else if (strcmp(line, "END:VEVENT") == 0) {
            inside = false;
            entry.text = strdup(text_string(&rest));
            assert_non_null(entry.text);
            assert_in_range(ret_entries->count, 0, EVENTS_MAX - 1);
            ret_entries->items[ret_entries->count++] = entry;
        } else if (inside) {
            line_take(&entry, &rest, line);
        }
    }
    text_finish(&flat);
    text_finish(&rest);
}

static void feed_read(const struct feed_set *set, struct entries *ret_entries)
{
    struct text bytes;
    struct error err = {0};
    text_init(&bytes, LIMIT_CALENDAR_BYTES);
    done(feed_render(set, FEED_CITY, 0, NULL, &bytes, NULL, &err), &err);
    entries_read(text_string(&bytes), bytes.length, ret_entries);
    text_finish(&bytes);
}

/* ---- what must hold ---- */

/* The raised ones are those that look different, and no others. */
static void compare_edit(struct world *world, struct entries *fresh)
{
    for (size_t i = 0; i < fresh->count; i++) {
        const struct entry *now = &fresh->items[i];
        const struct entry *then = entry_find(&world->seen, now->id);
        if (then == NULL) {
            continue;
        }
        int order = strcmp(now->modified, then->modified);
        bool same = strcmp(now->text, then->text) == 0;
        if (same ? order != 0 : order <= 0) {
            fail_msg("session %d: %s, then %s\n%s---\n%s", (int)now->id, then->modified, now->modified,
                     then->text, now->text);
        }
        world->raised += !same;
        world->silent += same;
    }
}

static bool takes_over(enum rule rule, const struct entry *known, const struct entry *fresh)
{
    if (known == NULL || rule == RULE_THUNDERBIRD) {
        return true;
    }
    int order = strcmp(fresh->modified, known->modified);
    return rule == RULE_ICSX5 ? order > 0 : order != 0 || strcmp(fresh->sequence, known->sequence) != 0;
}

static void client_poll(struct entries *kept, enum rule rule, const struct entries *feed)
{
    struct entries next = {.count = feed->count};
    for (size_t i = 0; i < feed->count; i++) {
        const struct entry *known = entry_find(kept, feed->items[i].id);
        bool takes = takes_over(rule, known, &feed->items[i]);
        next.items[i] = entry_copy(takes ? &feed->items[i] : known);
    }
    entries_clear(kept);
    *kept = next;
}

static const char *name_or(const char *name)
{
    return name != NULL ? name : "";
}

/* All names of this city are plain, so that what an event must say is found without unescaping. */
static void entry_check(const struct timetable *tt, const struct session *session, const struct entry *entry)
{
    char wanted[256];
    char date[DATE_TEXT_SIZE];
    const struct room *room = &tt->rooms[session->at.room];
    const struct course *course = &tt->courses[session->at.course];
    date_format(session->at.day, date);
    snprintf(wanted, sizeof wanted, "\nDTSTART;TZID=Asia/Shanghai:%.4s%.2s%.2sT%02d%02d00\n", date, date + 5,
             date + 8, session->at.start_min / 60, session->at.start_min % 60);
    assert_non_null(strstr(entry->text, wanted));
    snprintf(wanted, sizeof wanted, "\nSTATUS:%s\n",
             session->status == SESSION_CANCELLED ? "CANCELLED" : "CONFIRMED");
    assert_non_null(strstr(entry->text, wanted));
    snprintf(wanted, sizeof wanted, "\nSEQUENCE:%d\n", session->sequence);
    assert_non_null(strstr(entry->text, wanted));
    bool alike = strcmp(tt->halls[room->hall].name, room->name) == 0;
    snprintf(wanted, sizeof wanted, "\nLOCATION:%s%s%s\\n", tt->halls[room->hall].name, alike ? "" : "\\, ",
             alike ? "" : room->name);
    assert_non_null(strstr(entry->text, wanted));
    snprintf(wanted, sizeof wanted, "\nCATEGORIES:%s\n", tt->categories[course->category].name);
    assert_non_null(strstr(entry->text, wanted));
    snprintf(wanted, sizeof wanted, "课程：%s\\n", course->name);
    assert_non_null(strstr(entry->text, wanted));
    snprintf(wanted, sizeof wanted, "讲师：%s\\n", tt->instructors[session->at.instructors[0]].name);
    assert_non_null(strstr(entry->text, wanted));
    snprintf(wanted, sizeof wanted, "ORGANIZER;CN=%s:", tt->organizer);
    assert_non_null(strstr(entry->text, wanted));
    snprintf(wanted, sizeof wanted, "备注：%s\n", name_or(session->note));
    assert_true(session->note == NULL || session->note[0] == '\0' || strstr(entry->text, wanted) != NULL);
    assert_int_equal(strstr(entry->text, "\nGEO:") != NULL, tt->halls[room->hall].place.known);
}

static void clients_check(struct world *world)
{
    const struct timetable *tt = feed_set_timetable(world->set);
    for (size_t rule = 0; rule < RULES; rule++) {
        size_t wanted = 0;
        for (size_t i = 0; i < tt->session_count; i++) {
            const struct session *session = &tt->sessions[i];
            const struct entry *entry = entry_find(&world->kept[rule], session->at.session_id);
            bool dropped =
                session->status == SESSION_CANCELLED && feed_set_today(world->set) > session->at.day + 7;
            assert_int_equal(entry == NULL, dropped);
            wanted += !dropped;
            if (entry != NULL) {
                entry_check(tt, session, entry);
            }
        }
        assert_int_equal(world->kept[rule].count, wanted);
    }
}

/* ---- the edits ---- */

static int64_t some_session(struct world *world)
{
    const struct timetable *tt = feed_set_timetable(world->set);
    return tt->sessions[pick(world, (uint32_t)tt->session_count)].at.session_id;
}

/* Few names, so that some edits write what is there already; none of two rows, so that to exchange them is
 * seen. */
static const char *name_of(struct world *world, const char *id)
{
    static const char *const NAMES[] = {"甲", "乙", "丙"};
    static char names[4][2 * ID_TEXT];
    static unsigned turn;
    char *name = names[turn++ % 4];
    snprintf(name, 2 * ID_TEXT, "%s%s名", id, NAMES[pick(world, 3)]);
    return name;
}

static const char *some_id(struct world *world, const char *letter, uint32_t count)
{
    static char ids[4][ID_TEXT];
    static unsigned turn;
    char *id = ids[turn++ % 4];
    snprintf(id, ID_TEXT, "%s%u", letter, pick(world, count) + 1);
    return id;
}

static void put_name(struct world *world, struct change_set *set, enum store_table table, const char *id)
{
    const char *name = name_of(world, id);
    PUT(set, table, CELL_STR("id", id), CELL_STR("name", name));
}

static void session_op(struct world *world, struct change_set *set, uint32_t op)
{
    struct error err = {0};
    struct session_edit edit = {.id = some_session(world)};
    switch (op) {
    case 0:
        edit.fields = EDIT_TIME;
        edit.day = (int32_t)(*world->served.now_s / 86400) + 1 + (int32_t)pick(world, 60);
        edit.start_min = 480 + 30 * (int32_t)pick(world, 20);
        break;
    case 1:
        edit.fields = EDIT_ROOM;
        edit.room_id = some_id(world, "R", ROOMS);
        break;
    case 2:
        edit.fields = EDIT_INSTRUCTORS;
        edit.instructor_ids[0] = some_id(world, "I", PEOPLE);
        edit.instructor_count = 1;
        break;
    case 3:
        edit.fields = EDIT_STATUS;
        edit.status = SESSION_CANCELLED;
        edit.cancel_reason = name_of(world, "因");
        break;
    case 4:
        edit.fields = EDIT_STATUS;
        edit.status = SESSION_CONFIRMED;
        break;
    case 5:
        edit.fields = EDIT_NOTE;
        edit.note = name_of(world, "注");
        break;
    case 6:
        edit.fields = EDIT_COURSE;
        edit.course_id = some_id(world, "X", COURSES);
        break;
    default: /* nobody sees these */
        edit.fields = EDIT_PINNED | EDIT_HEADS | EDIT_COUNTS_AS;
        edit.pinned = pick(world, 2) == 0;
        edit.heads = (int32_t)pick(world, 50);
        edit.counts_as = 1 + (int32_t)pick(world, 3);
        break;
    }
    done(change_set_session_edit(set, &edit, &err), &err);
}

static void place_op(struct world *world, struct change_set *set, uint32_t op)
{
    const char *hall = some_id(world, "H", 3);
    const char *room = some_id(world, "R", ROOMS);
    const char *village = some_id(world, "V", 3);
    const char *name = name_of(world, op == 9 ? "C1" : hall);
    const char *address = pick(world, 2) == 0 ? "" : name;
    switch (op) {
    case 0:
        PUT(set, TABLE_HALL, CELL_STR("id", hall), CELL_STR("name", name));
        break;
    case 1:
        PUT(set, TABLE_HALL, CELL_STR("id", hall), CELL_STR("address", address));
        break;
    case 2:
        PUT(set, TABLE_HALL, CELL_STR("id", hall), CELL_INT("lat_e6", 28600000 + pick(world, 3)),
            CELL_INT("lon_e6", 121400000));
        break;
    case 3: /* nobody sees these */
        PUT(set, TABLE_HALL, CELL_STR("id", hall), CELL_INT("stars", pick(world, 5)));
        break;
    case 4:
        PUT(set, TABLE_HALL, CELL_STR("id", hall), CELL_STR("area_id", village));
        break;
    case 5:
        put_name(world, set, TABLE_ROOM, some_id(world, "R", ROOMS));
        break;
    case 6: /* nor these */
        PUT(set, TABLE_ROOM, CELL_STR("id", room), CELL_INT("capacity", 90 + pick(world, 9)));
        break;
    case 7:
        put_name(world, set, TABLE_AREA, some_id(world, "T", 2));
        break;
    case 8: /* seen only where the hall has no address */
        put_name(world, set, TABLE_AREA, some_id(world, "V", 3));
        break;
    default: /* nor these */
        PUT(set, TABLE_AREA, CELL_STR("id", "C1"), CELL_STR("name", name),
            CELL_INT("population", pick(world, 1000)));
        break;
    }
}

static void other_op(struct world *world, struct change_set *set, uint32_t op)
{
    /* CELL_STR looks at its argument twice. */
    const char *course = some_id(world, "X", COURSES);
    const char *category = some_id(world, "K", 2);
    const char *person = some_id(world, "I", PEOPLE);
    const char *provider = pick(world, 2) == 0 ? "P1" : NULL;
    const char *name = name_of(world, course);
    switch (op) {
    case 0:
        PUT(set, TABLE_COURSE, CELL_STR("id", course), CELL_STR("name", name));
        break;
    case 1: /* nobody sees these */
        PUT(set, TABLE_COURSE, CELL_STR("id", course), CELL_STR("tags", name),
            CELL_STR("provider_id", provider));
        break;
    case 2:
        PUT(set, TABLE_COURSE, CELL_STR("id", course), CELL_STR("category_id", category));
        break;
    case 3:
        put_name(world, set, TABLE_CATEGORY, some_id(world, "K", 2));
        break;
    case 4:
        put_name(world, set, TABLE_INSTRUCTOR, some_id(world, "I", PEOPLE));
        break;
    case 5: /* nor these */
        PUT(set, TABLE_INSTRUCTOR, CELL_STR("id", person), CELL_STR("kind", name));
        break;
    case 6: /* nor these: it names the provider's feed */
        PUT(set, TABLE_PROVIDER, CELL_STR("id", "P1"), CELL_STR("name", name));
        break;
    case 7:
        PUT(set, TABLE_SETTING, CELL_STR("name", "organizer"), CELL_STR("value", name));
        break;
    default: /* nor this: it names the city's feed */
        PUT(set, TABLE_SETTING, CELL_STR("name", "city_name"), CELL_STR("value", name));
        break;
    }
}

/* ERR_CLASH and the like: what the rules refuse has changed nothing. */
static enum error_code edit_commit(struct world *world, struct change_set *set)
{
    struct commit_result result = {0};
    struct error err = {0};
    enum error_code code = store_commit(world->store, set, false, &result, &err);
    commit_result_finish(&result);
    change_set_destroy(set);
    return code;
}

static enum error_code edit_undo(struct world *world)
{
    struct commit_result result = {0};
    struct error err = {0};
    enum error_code code = store_undo(world->store, 0, "test", "test", &result, &err);
    commit_result_finish(&result);
    return code;
}

static enum error_code edit(struct world *world, uint32_t op)
{
    *world->served.now_s += pick(world, 3) == 0 ? 0 : pick(world, 7200);
    if (op == 27) {
        *world->served.now_s += (int64_t)pick(world, 3) * 86400;
        return ERR_NONE;
    }
    if (op == 28) {
        return edit_undo(world);
    }
    struct change_set *set = changes();
    if (op < 8) {
        session_op(world, set, op);
    } else if (op < 18) {
        place_op(world, set, op - 8);
    } else {
        other_op(world, set, op - 18);
    }
    return edit_commit(world, set);
}

/* ---- the run ---- */

static int32_t local_day(int64_t now_s)
{
    return (int32_t)((now_s + 28800) / 86400);
}

/* The next set, made from the one before, as the daemon does it. */
static void world_refresh(struct world *world, bool anew)
{
    struct timetable *tt = NULL;
    struct feed_set *set = NULL;
    struct error err = {0};
    done(store_snapshot(world->store, &tt, &err), &err);
    done(feed_set_create(tt, local_day(*world->served.now_s), anew ? NULL : world->set, &set, &err), &err);
    timetable_unref(tt);
    feed_set_unref(world->set);
    world->set = set;
}

static void city_grow(struct change_set *set)
{
    PUT(set, TABLE_AREA, CELL_STR("id", "T2"), CELL_STR("level", "township"), CELL_STR("name", "另一镇"),
        CELL_STR("parent_id", "C1"));
    for (int i = 1; i <= 3; i++) {
        char area[ID_TEXT];
        char hall[ID_TEXT];
        char room[ID_TEXT];
        char person[ID_TEXT];
        char course[ID_TEXT];
        snprintf(area, sizeof area, "V%d", i);
        snprintf(hall, sizeof hall, "H%d", i);
        snprintf(room, sizeof room, "R%d", i + 2);
        snprintf(person, sizeof person, "I%d", i);
        snprintf(course, sizeof course, "X%d", i);
        PUT(set, TABLE_AREA, CELL_STR("id", area), CELL_STR("level", "village"), CELL_STR("name", area),
            CELL_STR("parent_id", i == 3 ? "T2" : "T1"));
        PUT(set, TABLE_HALL, CELL_STR("id", hall), CELL_STR("name", hall), CELL_STR("area_id", area));
        PUT(set, TABLE_ROOM, CELL_STR("id", room), CELL_STR("hall_id", hall), CELL_STR("name", room),
            CELL_INT("capacity", 100));
        PUT(set, TABLE_CATEGORY, CELL_STR("id", "K2"), CELL_STR("name", "亲子"));
        PUT(set, TABLE_PROVIDER, CELL_STR("id", "P1"), CELL_STR("name", "示例学校"));
        PUT(set, TABLE_COURSE, CELL_STR("id", course), CELL_STR("name", course),
            CELL_STR("category_id", i == 3 ? "K2" : "K1"), CELL_INT("minutes", 90));
        PUT(set, TABLE_INSTRUCTOR, CELL_STR("id", person), CELL_STR("name", person));
    }
    for (int i = 1; i <= 3; i++) {
        for (int k = 1; k <= 3; k++) {
            char person[ID_TEXT];
            char course[ID_TEXT];
            snprintf(person, sizeof person, "I%d", i);
            snprintf(course, sizeof course, "X%d", k);
            PUT(set, TABLE_QUALIFICATION, CELL_STR("instructor_id", person), CELL_STR("course_id", course));
        }
    }
}

static void world_start(struct world *world)
{
    struct error err = {0};
    *world = (struct world){.served = served_new()};
    rng_seed(&world->rng, 20261123);
    database_make(&world->served, world->served.path, SESSIONS);
    struct change_set *set = changes();
    city_grow(set);
    commit(&world->served, world->served.path, set);
    done(store_open(world->served.path, STORE_OPEN, served_clock(&world->served), &world->store, &err), &err);
    world_refresh(world, true);
    feed_read(world->set, &world->seen);
}

static void a_change_is_raised_where_it_is_seen(void **state)
{
    static struct world world;
    const char *wish = getenv("LITANG_CLIENT_EDITS");
    size_t edits = wish != NULL ? strtoul(wish, NULL, 10) : 500;
    (void)state;
    world_start(&world);
    while (world.done < edits) {
        uint32_t op = pick(&world, 29);
        if (edit(&world, op) != ERR_NONE) {
            world.refused++;
            assert_true(world.refused < 20 * edits);
            continue;
        }
        struct entries fresh;
        world.done++;
        world.by_op[op]++;
        world_refresh(&world, world.done % 16 == 0);
        feed_read(world.set, &fresh);
        compare_edit(&world, &fresh);
        entries_clear(&world.seen);
        world.seen = fresh;
        for (size_t rule = 0; rule < RULES && pick(&world, 3) == 0; rule++) {
            client_poll(&world.kept[rule], (enum rule)rule, &world.seen);
        }
        if (world.done % 7 == 0) {
            for (size_t rule = 0; rule < RULES; rule++) {
                client_poll(&world.kept[rule], (enum rule)rule, &world.seen);
            }
            clients_check(&world);
        }
    }
    print_message(
        "%zu edits (%zu more refused by the rules), %zu events changed and were raised, %zu did neither\n",
        world.done, world.refused, world.raised, world.silent);
    for (uint32_t op = 0; op < 29; op++) {
        assert_true(world.by_op[op] > 0 || edits < 300);
    }
    assert_true(world.raised > world.done && world.silent > world.done);
    for (size_t rule = 0; rule < RULES; rule++) {
        entries_clear(&world.kept[rule]);
    }
    entries_clear(&world.seen);
    feed_set_unref(world.set);
    store_close(world.store);
    served_finish(&world.served);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_change_is_raised_where_it_is_seen)};
    feed_library_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
