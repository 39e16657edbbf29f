/* daemon/routes: the table of addresses. */
#include "daemon/router.h"
#include "daemon/static_text.h"

enum {
    FEED_OPTIONS = OPTION_ALARM | OPTION_LANG | OPTION_CATEGORY
};

const struct route ROUTES[] = {
    {"/", OPTION_LANG, 0, ROUTE_PAGE, route_index},
    {"/coverage", OPTION_LANG | OPTION_FIGURES, 0, ROUTE_PAGE | ROUTE_SLOW, route_coverage_page},
    {"/township/*", OPTION_LANG, 0, ROUTE_PAGE, route_township},
    {"/hall/*", OPTION_LANG, 0, ROUTE_PAGE, route_hall},
    {"/instructor/*", OPTION_LANG, 0, ROUTE_PAGE | ROUTE_PERSON, route_instructor},
    {"/i/*", OPTION_LANG, 0, ROUTE_PAGE | ROUTE_SECRET, route_instructor},
    {"/session/*", OPTION_LANG, 0, ROUTE_PAGE, route_session},
    {"/subscribe/county/*", OPTION_LANG, FEED_COUNTY, ROUTE_PAGE, route_subscribe},
    {"/subscribe/township/*", OPTION_LANG, FEED_TOWNSHIP, ROUTE_PAGE, route_subscribe},
    {"/subscribe/hall/*", OPTION_LANG, FEED_HALL, ROUTE_PAGE, route_subscribe},
    {"/subscribe/instructor/*", OPTION_LANG, FEED_INSTRUCTOR, ROUTE_PAGE | ROUTE_PERSON, route_subscribe},
    {"/subscribe/provider/*", OPTION_LANG, FEED_PROVIDER, ROUTE_PAGE, route_subscribe},
    {"/subscribe/category/*", OPTION_LANG, FEED_CATEGORY, ROUTE_PAGE, route_subscribe},
    {"/subscribe/secret/*", OPTION_LANG, 0, ROUTE_PAGE | ROUTE_SECRET, route_subscribe},
    {"/feed/city.ics", 0, FEED_CITY, 0, route_feed},
    {"/feed/county/*.ics", FEED_OPTIONS, FEED_COUNTY, ROUTE_FEED, route_feed},
    {"/feed/township/*.ics", FEED_OPTIONS, FEED_TOWNSHIP, ROUTE_FEED, route_feed},
    {"/feed/hall/*.ics", FEED_OPTIONS, FEED_HALL, ROUTE_FEED, route_feed},
    {"/feed/instructor/*.ics", FEED_OPTIONS, FEED_INSTRUCTOR, ROUTE_FEED | ROUTE_PERSON, route_feed},
    {"/feed/provider/*.ics", FEED_OPTIONS, FEED_PROVIDER, ROUTE_FEED, route_feed},
    {"/feed/category/*.ics", FEED_OPTIONS, FEED_CATEGORY, ROUTE_FEED, route_feed},
    {"/feed/secret/*.ics", FEED_OPTIONS, 0, ROUTE_FEED | ROUTE_SECRET, route_feed},
    {"/feed/county/*.jcal", FEED_OPTIONS, FEED_COUNTY, ROUTE_FEED, route_jcal},
    {"/feed/township/*.jcal", FEED_OPTIONS, FEED_TOWNSHIP, ROUTE_FEED, route_jcal},
    {"/feed/hall/*.jcal", FEED_OPTIONS, FEED_HALL, ROUTE_FEED, route_jcal},
    {"/feed/instructor/*.jcal", FEED_OPTIONS, FEED_INSTRUCTOR, ROUTE_FEED | ROUTE_PERSON, route_jcal},
    {"/feed/provider/*.jcal", FEED_OPTIONS, FEED_PROVIDER, ROUTE_FEED, route_jcal},
    {"/feed/category/*.jcal", FEED_OPTIONS, FEED_CATEGORY, ROUTE_FEED, route_jcal},
    {"/feed/secret/*.jcal", FEED_OPTIONS, 0, ROUTE_FEED | ROUTE_SECRET, route_jcal},
    {"/freebusy/hall/*.ifb", 0, FEED_HALL, 0, route_freebusy},
    {"/freebusy/instructor/*.ifb", 0, FEED_INSTRUCTOR, ROUTE_PERSON, route_freebusy},
    {"/freebusy/secret/*.ifb", 0, 0, ROUTE_SECRET, route_freebusy},
    {"/sessions/county/*.json", 0, FEED_COUNTY, 0, route_sessions},
    {"/sessions/township/*.json", 0, FEED_TOWNSHIP, 0, route_sessions},
    {"/sessions/hall/*.json", 0, FEED_HALL, 0, route_sessions},
    {"/sessions/instructor/*.json", 0, FEED_INSTRUCTOR, ROUTE_PERSON, route_sessions},
    {"/sessions/provider/*.json", 0, FEED_PROVIDER, 0, route_sessions},
    {"/sessions/category/*.json", 0, FEED_CATEGORY, 0, route_sessions},
    {"/sessions/secret/*.json", 0, 0, ROUTE_SECRET, route_sessions},
    {"/api/coverage", OPTION_FIGURES, 0, ROUTE_SLOW, route_coverage},
    {"/api/proposals", OPTION_FIGURES | OPTION_PLACE, 0, ROUTE_SLOW, route_proposals},
    {"/api/receipts/township/*.json", OPTION_REVISION, 0, ROUTE_LIVE, route_receipts},
    {"/assets/*", 0, 0, 0, route_asset},
    {"/robots.txt", 0, STATIC_ROBOTS, 0, route_text},
    {"/style.css", 0, STATIC_STYLE, 0, route_text},
    {"/favicon.ico", 0, STATIC_ICON, 0, route_text},
    {"/health", 0, STATIC_HEALTH, 0, route_text},
};
const size_t ROUTE_COUNT = sizeof ROUTES / sizeof ROUTES[0];
