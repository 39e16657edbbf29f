/* The whole domain of some targets: every place on top of the published sessions, and which of them stand for
 * others. */
#include "base/vec.h"
#include "scheduler/reach_work.h"
#include "scheduler/why_changes.h"

#include <stdlib.h>

enum {
    CHOICES_MAX = 300000, /* of all targets together, 40 MB */
    MANY = UINT32_MAX
};

struct collector {
    struct reach_domain *domain;
    uint32_t aim;
    bool is_full;
    enum error_code failed;
};

static enum reach_step choice_take(void *context, const struct reach_found *found)
{
    struct collector *c = context;
    struct reach_domain *domain = c->domain;
    const struct reach_choice choice = {c->aim, *found};
    void *grown = vec_reserve(domain->choices, &domain->choice_capacity, domain->choice_count + 1,
                              sizeof choice, CHOICES_MAX);
    if (grown == NULL) {
        c->is_full = domain->choice_count == CHOICES_MAX;
        c->failed = c->is_full ? ERR_NONE : ERR_MEMORY;
        return WALK_STOP;
    }
    domain->choices = grown;
    domain->choices[domain->choice_count++] = choice;
    return WALK_ON;
}

/* Fewest choices first. */
static int choice_compare(const void *a, const void *b)
{
    const struct reach_choice *x = a;
    const struct reach_choice *y = b;
    return (x->aim > y->aim) - (x->aim < y->aim);
}

struct ranked {
    uint32_t aim;
    size_t count;
};

static int ranked_compare(const void *a, const void *b)
{
    const struct ranked *x = a;
    const struct ranked *y = b;
    if (x->count != y->count) {
        return x->count < y->count ? -1 : 1;
    }
    return (x->aim > y->aim) - (x->aim < y->aim);
}

/* Numbers the targets anew, those with the fewest choices first. */
static enum error_code domain_rank(struct reach_domain *domain)
{
    size_t count = domain->aim_count;
    struct ranked *ranked = calloc(count + 1, sizeof *ranked);
    uint32_t *place = calloc(count + 1, sizeof *place);
    domain->first = calloc(count + 1, sizeof *domain->first);
    if (ranked == NULL || place == NULL || domain->first == NULL) {
        free(ranked);
        free(place);
        return ERR_MEMORY;
    }
    for (size_t i = 0; i < count; i++) {
        ranked[i].aim = (uint32_t)i;
    }
    for (size_t c = 0; c < domain->choice_count; c++) {
        ranked[domain->choices[c].aim].count++;
    }
    qsort(ranked, count, sizeof *ranked, ranked_compare);
    for (uint32_t i = 0; i < count; i++) {
        place[ranked[i].aim] = i;
        domain->first[i + 1] = domain->first[i] + ranked[i].count;
    }
    for (size_t c = 0; c < domain->choice_count; c++) {
        domain->choices[c].aim = place[domain->choices[c].aim];
    }
    for (size_t i = 0; i < count; i++) {
        place[i] = domain->aims[ranked[i].aim];
    }
    free(domain->aims);
    domain->aims = place;
    free(ranked);
    if (domain->choice_count > 0) {
        qsort(domain->choices, domain->choice_count, sizeof *domain->choices, choice_compare);
    }
    return ERR_NONE;
}

enum error_code domain_collect(struct reach_work *work, const uint32_t *aims, size_t count,
                               struct reach_domain *ret_domain, struct error *err)
{
    struct reach_domain *domain = ret_domain;
    *domain = (struct reach_domain){.aim_count = count, .whole = true};
    domain->aims = calloc(count + 1, sizeof *domain->aims);
    enum error_code code = domain->aims == NULL ? ERR_MEMORY : work_base(work, err);
    for (uint32_t i = 0; code == ERR_NONE && domain->whole && i < count; i++) {
        struct collector collector = {.domain = domain, .aim = i};
        const struct reach_walk walk = {.site = work->aims[aims[i]].site,
                                        .person = NONE,
                                        .menu_too = true,
                                        .visit = choice_take,
                                        .context = &collector};
        uint64_t before = work->base.steps;
        domain->aims[i] = aims[i];
        code = field_walk(&work->base, &walk, err);
        code = code == ERR_NONE ? collector.failed : code;
        work->spent += work->base.steps - before;
        domain->whole = !collector.is_full && work_goes_on(work);
    }
    if (code == ERR_NONE && domain->whole) {
        code = domain_rank(domain);
    }
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "reach: %s", error_sentence_en(code));
}

void domain_finish(struct reach_domain *domain)
{
    free(domain->aims);
    free(domain->choices);
    free(domain->first);
    *domain = (struct reach_domain){.aims = NULL};
}

/* ---- places that stand for others ---- */

struct thinner {
    const struct reach_work *work;
    struct reach_domain *domain;
    int64_t total_need;
    uint32_t *users;    /* owned; [person][day]: target + 1, MANY, 0 */
    uint32_t *villages; /* owned; [area]: the same of the halls in it */
};

static uint32_t hall_of(const struct thinner *t, const struct placement *at)
{
    return t->work->timetable->rooms[at->room].hall;
}

static void user_note(uint32_t *user, uint32_t aim)
{
    *user = *user == 0 || *user == aim + 1 ? aim + 1 : MANY;
}

static enum error_code thinner_open(struct thinner *t)
{
    const struct timetable *tt = t->work->timetable;
    size_t days = (size_t)t->work->base.day_count;
    t->users = calloc(tt->instructor_count * days + 1, sizeof *t->users);
    t->villages = calloc(tt->area_count + 1, sizeof *t->villages);
    if (t->users == NULL || t->villages == NULL) {
        return ERR_MEMORY;
    }
    for (size_t c = 0; c < t->domain->choice_count; c++) {
        const struct reach_choice *choice = &t->domain->choices[c];
        const struct placement *at = &choice->found.place.at;
        size_t day = (size_t)(at->day - t->work->query->from_day);
        user_note(&t->users[at->instructors[0] * days + day], choice->aim);
        user_note(&t->villages[tt->halls[hall_of(t, at)].area], choice->aim);
    }
    for (size_t i = 0; i < t->domain->aim_count; i++) {
        t->total_need += t->work->aims[t->domain->aims[i]].need;
    }
    return ERR_NONE;
}

/* Nobody else of the domain can be with the person on the day, or the day before or after. */
static bool is_private(const struct thinner *t, const struct reach_choice *choice)
{
    const struct placement *at = &choice->found.place.at;
    int32_t days = t->work->base.day_count;
    int32_t day = at->day - t->work->query->from_day;
    for (int32_t d = day > 0 ? day - 1 : 0; d <= day + 1 && d < days; d++) {
        uint32_t user = t->users[at->instructors[0] * (size_t)days + (size_t)d];
        if (user != 0 && user != choice->aim + 1) {
            return false;
        }
    }
    return t->work->timetable->courses[at->course].audience == NONE ||
           t->villages[t->work->timetable->halls[hall_of(t, at)].area] == choice->aim + 1;
}

/* Whatever the others do, there is enough of the course. */
static bool is_plenty(const struct thinner *t, const struct reach_choice *choice)
{
    const struct placement *at = &choice->found.place.at;
    const struct course *course = &t->work->timetable->courses[at->course];
    bool one = t->work->aims[t->domain->aims[choice->aim]].need == 1;
    return at->request == NONE && (one || course->hall_quota == 0) &&
           (course->supply_limit == 0 || count_left(t->work->base_book, RULE_SUPPLY, at) >= t->total_need);
}

/* Does a stand for b, so that b need not be tried? Both are of one target. */
static bool stands_for(const struct thinner *t, const struct reach_choice *a, const struct reach_choice *b)
{
    const struct placement *x = &a->found.place.at;
    const struct placement *y = &b->found.place.at;
    const struct course *courses = t->work->timetable->courses;
    bool one = t->work->aims[t->domain->aims[a->aim]].need == 1;
    if (x->instructors[0] != y->instructors[0] || x->day != y->day || hall_of(t, x) != hall_of(t, y) ||
        (!one && x->room != y->room)) {
        return false;
    }
    bool same_time = x->start_min == y->start_min && x->minutes == y->minutes &&
                     x->setup_min == y->setup_min && x->clear_min == y->clear_min;
    if (!same_time && !(one && is_private(t, a) && is_private(t, b))) {
        return false;
    }
    if (!same_time && x->course != y->course && !is_plenty(t, a)) {
        return false;
    }
    if (x->course == y->course && (x->request == y->request || x->request == NONE)) {
        return true;
    }
    return is_plenty(t, a) &&
           (courses[x->course].audience == NONE ||
            courses[x->course].audience == courses[y->course].audience || (one && is_private(t, a)));
}

static int place_compare(const void *a, const void *b)
{
    const struct reach_choice *x = a;
    const struct reach_choice *y = b;
    const struct placement *p = &x->found.place.at;
    const struct placement *q = &y->found.place.at;
    const int64_t keys[][2] = {{x->aim, y->aim},
                               {p->instructors[0], q->instructors[0]},
                               {p->day, q->day},
                               {p->start_min, q->start_min},
                               {p->request != NONE, q->request != NONE},
                               {p->course, q->course},
                               {p->room, q->room}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] < keys[i][1] ? -1 : 1;
        }
    }
    return 0;
}

enum error_code domain_thin(const struct reach_work *work, struct reach_domain *domain)
{
    struct thinner thinner = {.work = work, .domain = domain};
    enum error_code code = thinner_open(&thinner);
    if (code == ERR_NONE && domain->choice_count > 0) {
        qsort(domain->choices, domain->choice_count, sizeof *domain->choices, place_compare);
        size_t kept = 0;
        size_t day_first = 0; /* of the kept ones: of this target, person and day */
        for (size_t c = 0; c < domain->choice_count; c++) {
            const struct reach_choice choice = domain->choices[c];
            const struct reach_choice *last = kept > 0 ? &domain->choices[kept - 1] : NULL;
            bool is_new = last == NULL || last->aim != choice.aim ||
                          last->found.place.at.instructors[0] != choice.found.place.at.instructors[0] ||
                          last->found.place.at.day != choice.found.place.at.day;
            day_first = is_new ? kept : day_first;
            bool is_needless = false;
            for (size_t k = day_first; k < kept && !is_needless; k++) {
                is_needless = stands_for(&thinner, &domain->choices[k], &choice);
            }
            if (!is_needless) {
                domain->choices[kept++] = choice;
            }
        }
        domain->choice_count = kept;
        for (size_t i = 0, c = 0; i < domain->aim_count; i++) {
            domain->first[i] = c;
            while (c < kept && domain->choices[c].aim == i) {
                c++;
            }
            domain->first[i + 1] = c;
        }
    }
    free(thinner.users);
    free(thinner.villages);
    return code;
}
