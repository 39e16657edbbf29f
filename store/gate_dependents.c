/* A visible change of a hall, a room, a course … raises changed_at of every session that shows it, and of no
 * other: Android's ICSx5 ignores what does not raise LAST-MODIFIED (DESIGN §7.2). First the sessions are
 * found that hang on a changed row, then those of them are raised that look different: a village's name is
 * not seen where the hall has an address, a county's and a provider's nowhere. */
#include "store/gate.h"

#include <string.h>

/* One flag per row of the timetable. */
struct shown_flags {
    bool everything; /* may look different: a setting changed */
    bool template;   /* looks different, though no row says so */
    bool *halls, *rooms, *courses, *categories, *instructors, *areas;
};

static enum error_code flags_begin(struct gate *gate, struct shown_flags *flags, struct error *err)
{
    const struct timetable *timetable = gate->timetable;
    const struct {
        bool **flags;
        size_t count;
    } wanted[] = {
        {&flags->halls, timetable->hall_count},
        {&flags->rooms, timetable->room_count},
        {&flags->courses, timetable->course_count},
        {&flags->categories, timetable->category_count},
        {&flags->instructors, timetable->instructor_count},
        {&flags->areas, timetable->area_count},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        *wanted[i].flags = arena_array(&gate->arena, wanted[i].count + 1, sizeof **wanted[i].flags);
        if (*wanted[i].flags == NULL) {
            return gate_memory(err);
        }
    }
    return ERR_NONE;
}

static void flag_set(bool *flags, uint32_t index)
{
    if (index != NONE) {
        flags[index] = true;
    }
}

/* Settings that every event shows; others stand in the heads of feeds or are the daemon's own. */
static bool setting_shows(const char *name)
{
    static const char *const SHOWN[] = {"tzid", "uid_domain", "organizer", "public_url"};
    for (size_t i = 0; i < sizeof SHOWN / sizeof *SHOWN; i++) {
        if (strcmp(name, SHOWN[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void row_flag(const struct timetable *timetable, const struct shown_row *row,
                     struct shown_flags *flags)
{
    switch ((int)row->table) {
    case TABLE_SETTING:
        flags->everything = flags->everything || setting_shows(row->key);
        flags->template = flags->template || strcmp(row->key, "feed_template") == 0;
        break;
    case TABLE_AREA:
        flag_set(flags->areas, timetable_find_area(timetable, row->key));
        break;
    case TABLE_HALL:
        flag_set(flags->halls, timetable_find_hall(timetable, row->key));
        break;
    case TABLE_ROOM:
        flag_set(flags->rooms, timetable_find_room(timetable, row->key));
        break;
    case TABLE_COURSE:
        flag_set(flags->courses, timetable_find_course(timetable, row->key));
        break;
    case TABLE_CATEGORY:
        flag_set(flags->categories, timetable_find_category(timetable, row->key));
        break;
    case TABLE_INSTRUCTOR:
        flag_set(flags->instructors, timetable_find_instructor(timetable, row->key));
        break;
    default:
        break;
    }
}

/* A hall hangs on its village, township and county. */
static void areas_spread(const struct timetable *timetable, struct shown_flags *flags)
{
    enum {
        LEVELS_MAX = 8
    };
    for (size_t i = 0; i < timetable->hall_count; i++) {
        uint32_t area = timetable->halls[i].area;
        for (int step = 0; step < LEVELS_MAX && area != NONE; step++) {
            flags->halls[i] = flags->halls[i] || flags->areas[area];
            area = timetable->areas[area].parent;
        }
    }
}

static bool session_hangs(const struct timetable *timetable, const struct session *session,
                          const struct shown_flags *flags)
{
    const struct placement *at = &session->at;
    const struct course *course = &timetable->courses[at->course];
    bool hangs = flags->everything || flags->template || flags->rooms[at->room] ||
                 flags->halls[timetable->rooms[at->room].hall] || flags->courses[at->course] ||
                 flags->categories[course->category];
    for (uint8_t i = 0; !hangs && i < at->instructor_count; i++) {
        hangs = flags->instructors[at->instructors[i]];
    }
    return hangs;
}

/* NULL shows as nothing. */
static bool text_same(const char *left, const char *right)
{
    return strcmp(left == NULL ? "" : left, right == NULL ? "" : right) == 0;
}

static const char *area_name(const struct timetable *timetable, uint32_t area)
{
    return area == NONE ? "" : timetable->areas[area].name;
}

/* The village stands in the place of a missing address. */
static const char *village_shown(const struct timetable *timetable, uint32_t index)
{
    const struct hall *hall = &timetable->halls[index];
    bool has_address = hall->address != NULL && hall->address[0] != '\0';
    return has_address || hall->area == timetable_hall_township(timetable, index)
               ? ""
               : area_name(timetable, hall->area);
}

static bool place_same(const struct timetable *then, const struct session *old, const struct timetable *now,
                       const struct session *session)
{
    uint32_t old_index = then->rooms[old->at.room].hall;
    uint32_t new_index = now->rooms[session->at.room].hall;
    const struct hall *from = &then->halls[old_index];
    const struct hall *to = &now->halls[new_index];
    bool point_same = from->place.known == to->place.known &&
                      (!to->place.known ||
                       (from->place.lat_e6 == to->place.lat_e6 && from->place.lon_e6 == to->place.lon_e6));
    return point_same && text_same(then->rooms[old->at.room].name, now->rooms[session->at.room].name) &&
           text_same(from->name, to->name) && text_same(from->address, to->address) &&
           text_same(area_name(then, timetable_hall_township(then, old_index)),
                     area_name(now, timetable_hall_township(now, new_index))) &&
           text_same(village_shown(then, old_index), village_shown(now, new_index));
}

/* Does the event say the same by both timetables? What ical/event shows; tests/daemon/test_feed_dependency.c
 * compares this with the feeds themselves. */
static bool event_same(const struct timetable *then, const struct session *old, const struct timetable *now,
                       const struct session *session)
{
    const struct course *from = &then->courses[old->at.course];
    const struct course *to = &now->courses[session->at.course];
    bool same = text_same(then->tzid, now->tzid) && text_same(then->uid_domain, now->uid_domain) &&
                text_same(then->organizer, now->organizer) && text_same(then->public_url, now->public_url) &&
                text_same(from->name, to->name) &&
                text_same(then->categories[from->category].name, now->categories[to->category].name) &&
                old->at.instructor_count == session->at.instructor_count &&
                place_same(then, old, now, session);
    for (uint8_t i = 0; same && i < session->at.instructor_count; i++) {
        same = text_same(then->instructors[old->at.instructors[i]].name,
                         now->instructors[session->at.instructors[i]].name);
    }
    return same;
}

static bool session_changes(const struct gate *gate, const struct session *session,
                            const struct shown_flags *flags)
{
    const struct session *old =
        gate->before == NULL ? NULL : timetable_find_session(gate->before, session->at.session_id);
    return session_hangs(gate->timetable, session, flags) &&
           (flags->template || old == NULL || !event_same(gate->before, old, gate->timetable, session));
}

/* Sessions of the set: where they will be counts, and a visible edit has raised them already. */
static const struct session *session_as_it_will_be(const struct gate *gate, const struct session *stored,
                                                   bool *ret_raised)
{
    uint32_t known = id_map_get(&gate->work_of, stored->at.session_id);
    if (known == ID_MAP_NONE) {
        *ret_raised = false;
        return stored;
    }
    *ret_raised = gate->works.items[known].after.changed_at != stored->changed_at;
    return &gate->works.items[known].after;
}

static enum error_code sessions_raise(struct gate *gate, const struct shown_flags *flags, struct error *err)
{
    struct statement raise;
    enum error_code code = statement_prepare(
        &raise, gate->db, "UPDATE session SET changed_at = max(:now, changed_at + 1) WHERE id = :id", err);
    for (size_t i = 0; i < gate->timetable->session_count && code == ERR_NONE; i++) {
        bool raised;
        const struct session *session = session_as_it_will_be(gate, &gate->timetable->sessions[i], &raised);
        if (!raised && session_changes(gate, session, flags)) {
            statement_integer(&raise, ":now", gate->now_s);
            statement_integer(&raise, ":id", session->at.session_id);
            code = statement_run(&raise, err);
        }
    }
    statement_finish(&raise);
    return code;
}

enum error_code gate_raise_dependents(struct gate *gate, struct error *err)
{
    struct shown_flags flags = {0};
    if (gate->shown.count == 0 || gate->timetable == NULL) {
        return ERR_NONE;
    }
    enum error_code code = flags_begin(gate, &flags, err);
    if (code != ERR_NONE) {
        return code;
    }
    for (size_t i = 0; i < gate->shown.count; i++) {
        row_flag(gate->timetable, &gate->shown.items[i], &flags);
    }
    areas_spread(gate->timetable, &flags);
    return sessions_raise(gate, &flags, err);
}
