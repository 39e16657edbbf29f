/* daemon/sessions_route: /sessions/SCOPE/ID.json: the sessions of a feed's scope and window as JSON, the
 * columns of `litang sessions --format json`. */
#include "daemon/router.h"
#include "reports/session_list.h"

#include <stdlib.h>

enum {
    LIST_DAYS_BACK = 90, /* as feeds: DESIGN §7.11 */
    LIST_DAYS_AHEAD = 400
};

/* Those scopes that the list's own filter does not know. */
static size_t keep_scope(const struct timetable *tt, enum feed_scope scope, uint32_t index, uint32_t *indices,
                         size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        const struct course *course = &tt->courses[tt->sessions[indices[i]].at.course];
        bool mine = (scope != FEED_PROVIDER || course->provider == index) &&
                    (scope != FEED_CATEGORY || course->category == index);
        if (mine) {
            indices[kept++] = indices[i];
        }
    }
    return kept;
}

enum error_code route_sessions(const struct route_request *request, int argument, struct reply_draft *draft,
                               struct error *err)
{
    enum feed_scope scope = (enum feed_scope)argument;
    const struct published *published = request->published;
    const struct timetable *tt = published->timetable;
    uint32_t index = route_scope_index(tt, scope, request->id);
    if (index == NONE) {
        return error_set(err, ERR_NOT_FOUND, "没有这个清单 / no such list: %s %s", feed_scope_name(scope),
                         request->id);
    }
    const struct session_filter filter = {.from_day = published->today - LIST_DAYS_BACK,
                                          .to_day = published->today + LIST_DAYS_AHEAD,
                                          .area =
                                              scope == FEED_COUNTY || scope == FEED_TOWNSHIP ? index : NONE,
                                          .hall = scope == FEED_HALL ? index : NONE,
                                          .instructor = scope == FEED_INSTRUCTOR ? index : NONE,
                                          .any_status = true};
    uint32_t *indices = NULL;
    size_t count = 0;
    enum error_code code = session_list_select(tt, &filter, &indices, &count, err);
    if (code != ERR_NONE) {
        return code;
    }
    const struct session_list list = {.timetable = tt,
                                      .zone = &published->zone,
                                      .today = published->today,
                                      .audience = published->audience,
                                      .indices = indices,
                                      .count = keep_scope(tt, scope, index, indices, count)};
    session_list_json(&list, &draft->body);
    draft->content_type = "application/json";
    draft->last_modified = published->last_modified;
    free(indices);
    return ERR_NONE;
}
