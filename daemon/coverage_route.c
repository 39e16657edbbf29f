/* daemon/coverage_route: /api/coverage: the figures of the coverage page as JSON. */
#include "daemon/router.h"

enum error_code route_coverage(const struct route_request *request, int argument, struct reply_draft *draft,
                               struct error *err)
{
    struct dashboard_options options;
    (void)argument;
    enum error_code code = figures_resolve(request->published, &request->figures, &options, err);
    if (code == ERR_NONE) {
        draft->content_type = "application/json";
        code = dashboard_json(request->published->timetable, &options, &draft->body, err);
    }
    return code;
}
