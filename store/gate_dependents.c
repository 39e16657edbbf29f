/* A visible change of a hall, a room, a course … raises changed_at of every session that shows it, and of no
 * other: Android's ICSx5 ignores what does not raise LAST-MODIFIED (DESIGN §7.2). */
#include "store/gate.h"

#include <string.h>

/* One flag per row of the timetable. */
struct shown_flags {
    bool everything;
    bool *halls, *rooms, *courses, *categories, *providers, *instructors, *areas;
};

static enum error_code flags_begin(struct gate *gate, struct shown_flags *flags, struct error *err)
{
    const struct timetable *timetable = gate->timetable;
    const struct {
        bool **flags;
        size_t count;
    } wanted[] = {
        {&flags->halls, timetable->hall_count},         {&flags->rooms, timetable->room_count},
        {&flags->courses, timetable->course_count},     {&flags->categories, timetable->category_count},
        {&flags->providers, timetable->provider_count}, {&flags->instructors, timetable->instructor_count},
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

/* Settings that every event shows; others are the daemon's own. */
static bool setting_shows(const char *name)
{
    static const char *const SHOWN[] = {"city_name", "tzid",       "uid_domain",
                                        "organizer", "public_url", "feed_template"};
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
    case TABLE_PROVIDER:
        flag_set(flags->providers, timetable_find_provider(timetable, row->key));
        break;
    case TABLE_INSTRUCTOR:
        flag_set(flags->instructors, timetable_find_instructor(timetable, row->key));
        break;
    default:
        break;
    }
}

/* A hall shows its village, township and county. */
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

static bool session_shows(const struct timetable *timetable, const struct session *session,
                          const struct shown_flags *flags)
{
    const struct placement *at = &session->at;
    const struct course *course = &timetable->courses[at->course];
    bool shows = flags->everything || flags->rooms[at->room] ||
                 flags->halls[timetable->rooms[at->room].hall] || flags->courses[at->course] ||
                 flags->categories[course->category] ||
                 (course->provider != NONE && flags->providers[course->provider]);
    for (uint8_t i = 0; !shows && i < at->instructor_count; i++) {
        shows = flags->instructors[at->instructors[i]];
    }
    return shows;
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
        if (!raised && session_shows(gate->timetable, session, flags)) {
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
