/* Published sessions that a closure, an absence, new hours … newly puts in conflict: told, not refused. */
#include "store/gate.h"

#include <inttypes.h>
#include <stdlib.h>

/* What a clash is about, in ids that hold in both timetables. */
static void clash_key(const struct timetable *timetable, const struct clash *clash, struct text *out)
{
    text_clear(out);
    text_addf(out, "%d %" PRId64 " %d", (int)clash->rule, clash->subject.session_id, (int)clash->party);
    if (clash->party == PARTY_SESSION) {
        text_addf(out, " %" PRId64, clash->other.session_id);
    } else if (clash->party == PARTY_CLOSURE && clash->other_index < timetable->closure_count) {
        text_addf(out, " %s", timetable->closures[clash->other_index].id);
    } else if (clash->party == PARTY_ABSENCE && clash->other_index < timetable->absence_count) {
        text_addf(out, " %s", timetable->absences[clash->other_index].id);
    }
    if (clash->instructor < timetable->instructor_count) {
        text_addf(out, " %s", timetable->instructors[clash->instructor].id);
    }
}

struct known_clashes {
    struct arena arena;
    struct map map;
};

static enum error_code known_collect(struct gate *gate, struct known_clashes *known, struct text *key,
                                     struct error *err)
{
    struct clash_list list;
    struct book *book = NULL;
    size_t hard = 0;
    clash_list_init(&list);
    enum error_code code = book_create(gate->before, false, &book, err);
    if (code == ERR_NONE) {
        code = rules_check_all(book, &list, &hard, err);
    }
    for (size_t i = 0; i < list.count && code == ERR_NONE; i++) {
        clash_key(gate->before, &list.items[i], key);
        const char *copy = arena_copy_text(&known->arena, text_string(key));
        code = copy == NULL ? ERR_MEMORY : map_put(&known->map, copy, 1);
    }
    clash_list_finish(&list);
    book_destroy(book);
    return code;
}

/* Is it one of the set's own? Those were judged by themselves. */
static bool is_own(const struct gate *gate, int64_t session_id)
{
    return session_id <= 0 || id_map_get(&gate->work_of, session_id) != ID_MAP_NONE;
}

static bool is_new(struct gate *gate, const struct known_clashes *known, const struct clash *clash,
                   struct text *key)
{
    bool own = is_own(gate, clash->subject.session_id) ||
               (clash->party == PARTY_SESSION && is_own(gate, clash->other.session_id));
    if (clash->overridden || own) {
        return false;
    }
    clash_key(gate->timetable, clash, key);
    return map_get(&known->map, text_string(key)) == MAP_NONE;
}

static enum error_code reflag_collect(struct gate *gate, const struct known_clashes *known, struct text *key,
                                      struct error *err)
{
    struct clash_list list;
    struct clash_list *told = &gate->result->reflagged;
    size_t hard = 0;
    clash_list_init(&list);
    enum error_code code =
        gate->book == NULL ? book_create(gate->timetable, false, &gate->book, err) : ERR_NONE;
    if (code == ERR_NONE) {
        code = rules_check_all(gate->book, &list, &hard, err);
    }
    for (size_t i = 0; i < list.count && code == ERR_NONE; i++) {
        if (is_new(gate, known, &list.items[i], key)) {
            VEC_PUSH(code, told, list.items[i], LIMIT_CLASHES);
        }
    }
    told->dropped = list.dropped;
    clash_list_finish(&list);
    return code;
}

enum error_code gate_reflag(struct gate *gate, struct error *err)
{
    if (gate->before == NULL || gate->timetable == NULL || gate->before == gate->timetable ||
        gate->before->session_count == 0) {
        return ERR_NONE;
    }
    struct known_clashes known;
    struct text key;
    arena_init(&known.arena);
    map_init(&known.map);
    text_init(&key, LIMIT_NOTE_BYTES);
    enum error_code code = known_collect(gate, &known, &key, err);
    if (code == ERR_NONE) {
        code = reflag_collect(gate, &known, &key, err);
    }
    text_finish(&key);
    map_finish(&known.map);
    arena_finish(&known.arena);
    return code;
}
