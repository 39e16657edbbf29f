/* The rules over all touched sessions at once: all are taken out of the book, all are put where they will
 * be, then each is asked about; so two may change places. */
#include "store/gate.h"

#include <inttypes.h>

static enum error_code book_begin(struct gate *gate, struct error *err)
{
    enum error_code code =
        gate->book == NULL ? book_create(gate->timetable, false, &gate->book, err) : ERR_NONE;
    for (size_t i = 0; i < gate->dropped.count && code == ERR_NONE; i++) {
        uint32_t slot = book_slot_of(gate->book, gate->dropped.items[i]);
        if (slot != NONE) {
            book_remove(gate->book, slot);
        }
    }
    for (size_t i = 0; i < gate->works.count && code == ERR_NONE; i++) {
        const struct session *before = gate->works.items[i].before;
        if (before != NULL && before->status != SESSION_CANCELLED) {
            book_remove(gate->book, book_slot_of(gate->book, before->at.session_id));
        }
    }
    for (size_t i = 0; i < gate->works.count && code == ERR_NONE; i++) {
        struct session_work *work = &gate->works.items[i];
        if (work->is_new && !work->is_restored) {
            work->after.at.session_id = -(int64_t)i - 1; /* until it gets its number; see numbers_clear */
        }
        if (work->after.status != SESSION_CANCELLED) {
            code = book_add(gate->book, &work->after.at, &work->slot, err);
        }
    }
    return code;
}

/* A note, a pin or a confirmation on a session that is in conflict already is not refused for that. */
static bool must_check(const struct session_work *work)
{
    const struct session *before = work->before;
    const struct placement *to = &work->after.at;
    if (work->after.status == SESSION_CANCELLED || !work->is_changed) {
        return false;
    }
    if (before == NULL || before->status == SESSION_CANCELLED) {
        return true;
    }
    const struct placement *from = &before->at;
    bool same = from->course == to->course && from->room == to->room && from->day == to->day &&
                from->start_min == to->start_min && from->minutes == to->minutes &&
                from->setup_min == to->setup_min && from->clear_min == to->clear_min &&
                from->instructor_count == to->instructor_count && from->heads == to->heads &&
                from->series_exception == to->series_exception && (from->overrides & ~to->overrides) == 0;
    for (uint8_t i = 0; same && i < to->instructor_count; i++) {
        same = from->instructors[i] == to->instructors[i];
    }
    return !same;
}

static void override_grant(struct gate *gate, struct session_work *work, enum rule_code rule)
{
    if ((work->after.at.overrides & RULE_BIT(rule)) == 0 && work->override_count < OVERRIDES_MAX) {
        work->overrides[work->override_count++] =
            (struct override_row){rule, gate->set->override_reason, gate->set->actor, gate->now_s};
        work->after.at.overrides |= RULE_BIT(rule);
        work->is_changed = true;
    }
}

/* Sets aside what the actor said may be set aside, from `first` on in the list. */
static size_t overrides_apply(struct gate *gate, struct session_work *work, size_t first)
{
    struct clash_list *list = &gate->result->clashes;
    size_t granted = 0;
    bool is_meant = work->after.at.day <= gate->set->override_until;
    for (size_t i = first; i < list->count; i++) {
        struct clash *clash = &list->items[i];
        bool may = is_meant && (gate->set->override_rules & RULE_BIT(clash->rule)) != 0 &&
                   rule_overridable(clash->rule);
        if (!clash->overridden && may) {
            override_grant(gate, work, clash->rule);
            clash->overridden = true;
            granted++;
        }
    }
    return granted;
}

/* The work of a session of the set, or NULL. */
static const struct session_work *work_find(const struct gate *gate, int64_t session_id)
{
    if (session_id < 0) {
        return &gate->works.items[-(session_id + 1)];
    }
    uint32_t known = id_map_get(&gate->work_of, session_id);
    return known == ID_MAP_NONE ? NULL : &gate->works.items[known];
}

/* Two sessions of the set that clash with each other say so once: the first one has. Answers how many hard
 * ones went. */
static size_t echoes_drop(struct gate *gate, const struct session_work *work, size_t first)
{
    struct clash_list *list = &gate->result->clashes;
    size_t kept = first;
    size_t hard = 0;
    for (size_t i = first; i < list->count; i++) {
        const struct clash *clash = &list->items[i];
        const struct session_work *other =
            clash->party == PARTY_SESSION ? work_find(gate, clash->other.session_id) : NULL;
        if (other != NULL && other < work && must_check(other)) {
            hard += !clash->overridden;
        } else {
            list->items[kept++] = *clash;
        }
    }
    list->count = kept;
    return hard;
}

/* New sessions have no number that anybody could look up. */
static void numbers_clear(struct gate *gate)
{
    struct clash_list *list = &gate->result->clashes;
    for (size_t i = 0; i < list->count; i++) {
        struct clash *clash = &list->items[i];
        clash->subject.session_id = clash->subject.session_id < 0 ? 0 : clash->subject.session_id;
        clash->other.session_id = clash->other.session_id < 0 ? 0 : clash->other.session_id;
    }
    for (size_t i = 0; i < gate->works.count; i++) {
        struct placement *at = &gate->works.items[i].after.at;
        at->session_id = at->session_id < 0 ? 0 : at->session_id;
    }
}

/* A ledger of the past may set aside a rule for every one of its sessions. What was set aside fills at most
 * half of the list: a clash that is not listed could neither be set aside nor told. */
static void overridden_thin(struct clash_list *list, size_t first)
{
    size_t kept = first;
    for (size_t i = first; i < list->count; i++) {
        if (list->items[i].overridden && kept >= LIMIT_CLASHES / 2) {
            list->dropped++;
        } else {
            list->items[kept++] = list->items[i];
        }
    }
    list->count = kept;
}

/* A session that stays where it is, and what may be set aside there. */
static enum error_code approve(struct gate *gate, struct session_work *work, struct error *err)
{
    struct clash_list *list = &gate->result->clashes;
    size_t first = list->count;
    size_t hard = 0;
    enum error_code code = rules_check(gate->book, &work->after.at, work->slot, list, &hard, err);
    if (code == ERR_NONE) {
        (void)overrides_apply(gate, work, first);
        size_t kept = first;
        for (size_t i = first; i < list->count; i++) {
            if (list->items[i].overridden) {
                list->items[kept++] = list->items[i];
            }
        }
        list->count = kept;
        overridden_thin(list, first);
    }
    return code;
}

static enum error_code work_check(struct gate *gate, struct session_work *work, struct error *err)
{
    struct clash_list *list = &gate->result->clashes;
    const struct session *before = work->before;
    size_t hard = 0;
    enum error_code code = ERR_NONE;
    if (before != NULL && before->status != SESSION_CANCELLED) {
        bool stays = work->after.status != SESSION_CANCELLED;
        struct placement from = before->at;
        /* An undo that takes the pin back, too, may move what the same revision pinned. */
        from.pinned = from.pinned && ((work->op->fields & EDIT_OVERRIDES) == 0 || work->after.at.pinned);
        /* `before` has the attendance of this set already; a session is kept for what was entered before it.
         */
        const struct session *was = timetable_find_session(gate->before, from.session_id);
        from.held = was != NULL && !held_took_place(was->at.held) ? HELD_UNKNOWN : from.held;
        code = rules_check_change(&from, stays ? &work->after.at : NULL, list, &hard, err);
        gate->hard += hard;
    }
    if (code == ERR_NONE && must_check(work)) {
        size_t first = list->count;
        hard = 0;
        code = rules_check(gate->book, &work->after.at, work->slot, list, &hard, err);
        if (code == ERR_NONE) {
            hard -= overrides_apply(gate, work, first);
            gate->hard += hard - echoes_drop(gate, work, first);
            overridden_thin(list, first);
        }
    } else if (code == ERR_NONE && (work->op->fields & EDIT_APPROVE) != 0 &&
               work->after.status != SESSION_CANCELLED) {
        code = approve(gate, work, err);
    }
    return code;
}

/* The first hard clash in a sentence, for who only sees the error. */
static enum error_code refuse(const struct gate *gate, struct error *err)
{
    const struct clash_list *list = &gate->result->clashes;
    const struct timetable *timetable = gate->timetable != NULL ? gate->timetable : gate->before;
    struct text zh;
    struct text en;
    text_init(&zh, LIMIT_NOTE_BYTES);
    text_init(&en, LIMIT_NOTE_BYTES);
    for (size_t i = 0; i < list->count; i++) {
        if (!list->items[i].overridden) {
            clash_sentence(timetable, &list->items[i], true, &zh);
            clash_sentence(timetable, &list->items[i], false, &en);
            break;
        }
    }
    enum error_code code = gate->hard > 1
                               ? error_set(err, ERR_CLASH, "%s (%s) 等 %zu 处冲突 (%zu clashes)",
                                           text_string(&zh), text_string(&en), gate->hard, gate->hard)
                               : error_set(err, ERR_CLASH, "%s (%s)", text_string(&zh), text_string(&en));
    text_finish(&zh);
    text_finish(&en);
    return code;
}

enum error_code gate_check_rules(struct gate *gate, struct error *err)
{
    enum error_code code = gate->works.count > 0 ? book_begin(gate, err) : ERR_NONE;
    for (size_t i = 0; i < gate->works.count && code == ERR_NONE; i++) {
        code = work_check(gate, &gate->works.items[i], err);
    }
    numbers_clear(gate);
    if (code == ERR_NONE && gate->hard > 0) {
        code = refuse(gate, err);
    }
    return code;
}
