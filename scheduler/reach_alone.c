/* Who cannot be reached, even if it were the only one: proven by walking over every place there is on top of
 * the published sessions. */
#include "scheduler/reach_work.h"

#include <stdlib.h>

enum {
    ALONE_NEED_MAX = 6 /* sessions of one target whose combinations are tried */
};

static enum reach_step first_take(void *context, const struct reach_found *found)
{
    struct reach_found *first = context;
    *first = *found;
    return WALK_STOP;
}

/* How many of its sessions go in one after the other, with nobody else there. */
static enum error_code alone_fill(struct reach_work *work, struct reach_aim *aim, struct error *err)
{
    uint32_t slots[LIMIT_REACH_NEED];
    uint32_t lessons[LIMIT_REACH_NEED];
    enum error_code code = ERR_NONE;
    bool any = true;
    aim->possible = 0;
    while (code == ERR_NONE && any && aim->possible < aim->need) {
        struct reach_found found = {.lesson = NONE};
        const struct reach_walk walk = {
            .site = aim->site, .person = NONE, .menu_too = true, .visit = first_take, .context = &found};
        code = field_walk(&work->base, &walk, err);
        any = code == ERR_NONE && found.lesson != NONE;
        if (any) {
            code = book_add(work->base_book, &found.place.at, &slots[aim->possible], err);
        }
        if (any && code == ERR_NONE) {
            struct reach_lesson *lesson = &work->base.lessons[found.lesson];
            lessons[aim->possible++] = found.lesson;
            lesson->left -= lesson->left == INT32_MAX ? 0 : 1;
            code = field_refresh(&work->base, found.place.at.instructors[0]);
        }
    }
    for (int32_t s = aim->possible; s-- > 0;) {
        struct reach_lesson *lesson = &work->base.lessons[lessons[s]];
        uint32_t person = book_at(work->base_book, slots[s])->instructors[0];
        lesson->left += lesson->left == INT32_MAX ? 0 : 1;
        book_remove(work->base_book, slots[s]);
        enum error_code refreshed = field_refresh(&work->base, person);
        code = code == ERR_NONE ? refreshed : code;
    }
    return code;
}

/* One after the other is not the only way: all combinations, unless there are too many. */
static enum error_code alone_prove(struct reach_work *work, uint32_t i, struct error *err)
{
    struct reach_aim *aim = &work->aims[i];
    struct reach_domain domain;
    struct reach_best best = {.reached = 0};
    enum error_code code = domain_collect(work, &i, 1, &domain, err);
    if (code == ERR_NONE && domain.whole) {
        code = domain_thin(work, &domain);
        code = code == ERR_NONE ? domain_exhaust(work, &domain, 1, &best, err) : code;
        aim->impossible = code == ERR_NONE && best.whole && best.reached == 0;
    }
    free(best.chosen);
    domain_finish(&domain);
    return code;
}

static enum error_code aim_alone(struct reach_work *work, uint32_t i, struct error *err)
{
    struct reach_aim *aim = &work->aims[i];
    enum error_code code = alone_fill(work, aim, err);
    if (code != ERR_NONE || aim->possible == aim->need) {
        return code;
    }
    aim->impossible = aim->possible == 0;
    if (aim->possible > 0 && aim->need <= ALONE_NEED_MAX) {
        work_phase(work);
        code = alone_prove(work, i, err);
    }
    return code;
}

enum error_code work_alone(struct reach_work *work, struct error *err)
{
    enum error_code code = work_base(work, err);
    for (uint32_t i = 0; i < work->aim_count && code == ERR_NONE; i++) {
        struct reach_aim *aim = &work->aims[i];
        /* Where one session is enough, a place among the others' sessions is a place without them. */
        if (!aim_is_placed(aim) && !(aim->has_best && aim->need == 1)) {
            code = work_goes_on(work) ? aim_alone(work, i, err) : code;
        }
    }
    return code == ERR_NONE ? ERR_NONE : error_set(err, code, "reach: %s", error_sentence_en(code));
}
