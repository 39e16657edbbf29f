/* The reports' figures as plain SQL over the tables of store/: what test_recount compares with. */
#ifndef LITANG_TESTS_REPORTS_RECOUNT_SQL_H
#define LITANG_TESTS_REPORTS_RECOUNT_SQL_H

/* up: each area and hall with everything above it. place: each hall's standing and how many sessions count.
 * s: the period's sessions with what was entered. */
#define SQL_PREPARE                                                                                          \
    "CREATE TEMP TABLE aup AS WITH RECURSIVE u(id, area) AS (SELECT id, id FROM area UNION ALL "             \
    "SELECT u.id, a.parent_id FROM u JOIN area a ON a.id = u.area WHERE a.parent_id IS NOT NULL) "           \
    "SELECT u.id, u.area, a.level FROM u JOIN area a ON a.id = u.area;"                                      \
    "CREATE TEMP TABLE up AS SELECT h.id hall, u.area, u.level FROM hall h JOIN aup u ON u.id = h.area_id;"  \
    "CREATE INDEX temp.up_hall ON up (hall, level); CREATE INDEX temp.up_area ON up (area);"                 \
    "CREATE INDEX temp.aup_id ON aup (id, level);"                                                           \
    "CREATE TEMP TABLE days AS WITH RECURSIVE d(day) AS (SELECT '" CITY_FROM "' UNION ALL "                  \
    "SELECT date(day, '+1 day') FROM d WHERE day < '" CITY_TO "') SELECT day FROM d;"                        \
    "CREATE TEMP TABLE shut AS SELECT DISTINCT h.id hall, d.day FROM hall h JOIN days d JOIN closure c ON "  \
    "c.strength = 'hard' AND c.rule = '' AND c.from_min = 0 AND c.to_min = 1440 AND d.day BETWEEN "          \
    "c.from_date AND c.to_date AND ((c.scope = 'hall' AND c.target_id = h.id) OR (c.scope = 'area' AND "     \
    "c.target_id IN (SELECT area FROM up WHERE up.hall = h.id)));"                                           \
    "CREATE TEMP TABLE s AS SELECT s.*, r.hall_id hall, c.category_id, c.provider_id, c.tags, a.session_id " \
    "entered, a.held, a.outside, a.heads came, a.heads_60 old, a.satisfaction sat, "                         \
    "s.status <> 'CANCELLED' planned, s.status <> 'CANCELLED' AND coalesce(a.held, 1) = 1 given, "           \
    "s.status <> 'CANCELLED' AND coalesce(a.held, 0) = 1 took_place FROM session s "                         \
    "JOIN room r ON r.id = s.room_id JOIN course c ON c.id = s.course_id LEFT JOIN attendance a ON "         \
    "a.session_id = s.id WHERE s.date BETWEEN '" CITY_FROM "' AND '" CITY_TO "';"                            \
    "CREATE TEMP TABLE place AS SELECT h.id hall, CASE WHEN coalesce(valid_from, '0') > '" CITY_TO "' OR "   \
    "coalesce(valid_to, '9') < '" CITY_TO "' THEN 'not-in-use' WHEN exempt = 1 THEN 'exempt' WHEN "          \
    "(SELECT count(*) FROM shut WHERE shut.hall = h.id) = (SELECT count(*) FROM days) THEN 'closed' ELSE "   \
    "'counts' END standing, h.school_id IS NOT NULL paired, "                                                \
    "(SELECT count(*) FROM s WHERE s.hall = h.id AND s.given AND coalesce(s.outside, 0) = 0) planned, "      \
    "(SELECT count(*) FROM s WHERE s.hall = h.id AND s.took_place AND s.outside = 0) held FROM hall h;"      \
    "CREATE INDEX temp.s_hall ON s (hall);"

/* Rounded half up in whole numbers; "–" for nothing. */
#define SQL_RATIO(n, d, scale)                                                                               \
    "CASE WHEN (" d ") > 0 THEN printf('%d.%02d', ((" n ") * 200 * " scale " + (" d ")) / (2 * (" d ")) / "  \
    "100, ((" n ") * 200 * " scale " + (" d ")) / (2 * (" d ")) % 100) ELSE '–' END"

/* Areas of :level and, as '', what lies in none of them. */
#define SQL_AREA_GROUPS                                                                                      \
    "WITH g AS (SELECT id code FROM area WHERE level = :level UNION ALL SELECT ''), "                        \
    "hg AS (SELECT id hall, coalesce((SELECT area FROM up WHERE up.hall = hall.id AND level = :level), '') " \
    "code FROM hall), "                                                                                      \
    "sg AS (SELECT hg.code, s.* FROM s JOIN hg ON hg.hall = s.hall) "

#define SQL_COVERAGE_OF(parts)                                                                               \
    parts " SELECT code || '|' || n || '|' || d || '|' || " SQL_RATIO(                                       \
        "n", "d", "100") " || '|' || e || "                                                                  \
                         "'|' || c || '|' || sessions || '|' || meetings FROM f WHERE code <> '' OR d + e "  \
                         "+ c > 0 OR entered > 0"

#define SQL_COVERAGE_HALLS(reached)                                                                          \
    SQL_COVERAGE_OF(SQL_AREA_GROUPS                                                                          \
                    ", f AS (SELECT g.code, coalesce(sum(p.standing = 'counts' AND (" reached ")), 0) n, "   \
                    "coalesce(sum(p.standing = 'counts'), 0) d, coalesce(sum(p.standing = 'exempt'), 0) e, " \
                    "coalesce(sum(p.standing = 'closed'), 0) c, (SELECT coalesce(sum(given), 0) FROM sg "    \
                    "WHERE sg.code = g.code) sessions, (SELECT coalesce(sum(given * counts_as), 0) FROM sg " \
                    "WHERE sg.code = g.code) meetings, (SELECT count(*) FROM sg WHERE sg.code = g.code) "    \
                    "entered FROM g LEFT JOIN hg ON hg.code = g.code LEFT JOIN place p ON p.hall = hg.hall " \
                    "GROUP BY g.code)")

/* Villages or townships: reached by the sessions of the halls below them. */
#define SQL_COVERAGE_AREAS(of)                                                                               \
    SQL_COVERAGE_OF(                                                                                         \
        SQL_AREA_GROUPS                                                                                      \
        ", t AS (SELECT a.id, coalesce((SELECT area FROM aup WHERE aup.id = a.id AND level = :level), '') "  \
        "code, (SELECT count(*) FROM s JOIN up ON up.hall = s.hall WHERE up.area = a.id AND s.given) >= "    \
        ":minimum reached FROM area a WHERE a.level = '" of "'), "                                           \
        "f AS (SELECT g.code, (SELECT coalesce(sum(reached), 0) FROM t WHERE t.code = g.code) n, "           \
        "(SELECT count(*) FROM t WHERE t.code = g.code) d, 0 e, 0 c, (SELECT coalesce(sum(given), 0) FROM "  \
        "sg WHERE sg.code = g.code) sessions, (SELECT coalesce(sum(given * counts_as), 0) FROM sg WHERE "    \
        "sg.code = g.code) meetings, (SELECT count(*) FROM sg WHERE sg.code = g.code) entered "              \
        "FROM g)")

#define SQL_BESIDE                                                                                           \
    "(SELECT count(*) FROM place WHERE standing = 'counts') d, (SELECT count(*) FROM place WHERE standing "  \
    "= 'exempt') e, (SELECT count(*) FROM place WHERE standing = 'closed') c"

#define SQL_COVERAGE_COURSES(same, table, code)                                                              \
    "WITH f AS (SELECT " code " code, (SELECT count(*) FROM place p WHERE p.standing = 'counts' AND "        \
    "(SELECT count(*) FROM s WHERE s.hall = p.hall AND " same                                                \
    " AND s.given AND coalesce(s.outside, 0) = 0) >= :minimum) n, " SQL_BESIDE                               \
    ", (SELECT coalesce(sum(given), 0) FROM s WHERE " same                                                   \
    ") sessions, (SELECT coalesce(sum(given * counts_as), 0) FROM s WHERE " same                             \
    ") meetings, 1 entered FROM " table ")"                                                                  \
    " SELECT code || '|' || n || '|' || d || '|' || " SQL_RATIO(                                             \
        "n", "d", "100") " || '|' || e || '|' || c || '|' || sessions || '|' || meetings FROM f"

/* Courses without a provider are a line of their own when something was held of them. */
#define SQL_COVERAGE_PROVIDERS                                                                               \
    SQL_COVERAGE_COURSES("coalesce(s.provider_id, '') = k.id",                                               \
                         "(SELECT id FROM provider UNION ALL SELECT '' WHERE EXISTS (SELECT 1 FROM s WHERE " \
                         "provider_id IS NULL)) k",                                                          \
                         "k.id")

/* Tags of the courses, one a row. */
#define SQL_TAGS                                                                                             \
    "WITH RECURSIVE w(course, tag, rest) AS (SELECT id, '', tags || ';' FROM course UNION ALL SELECT "       \
    "course, "                                                                                               \
    "substr(rest, 1, instr(rest, ';') - 1), substr(rest, instr(rest, ';') + 1) FROM w WHERE rest <> ''), "   \
    "ct AS (SELECT DISTINCT course, tag FROM w WHERE tag <> ''), k AS (SELECT DISTINCT tag FROM ct)"

#define SQL_COVERAGE_TAGS                                                                                    \
    SQL_TAGS ", f AS (SELECT k.tag code, (SELECT count(*) FROM place p WHERE p.standing = 'counts' AND "     \
             "(SELECT count(*) FROM s JOIN ct ON ct.course = s.course_id AND ct.tag = k.tag WHERE s.hall = " \
             "p.hall AND s.given AND coalesce(s.outside, 0) = 0) >= :minimum) n, " SQL_BESIDE " FROM k)"     \
             " SELECT code || '|' || n || '|' || d || '|' || " SQL_RATIO(                                    \
                 "n", "d", "100") " || '|' || e || '|' || c FROM f"

/* From the period's first day to the end of each month: other last days have other halls. */
#define SQL_COVERAGE_MONTHS                                                                                  \
    "WITH m(code, last) AS (VALUES ('2026-03', '2026-03-31'), ('2026-04', '2026-04-30'), ('2026-05', "       \
    "'" CITY_TO "')), x AS (SELECT m.code, h.id hall, coalesce(h.valid_from, '0') <= m.last AND "            \
    "coalesce(h.valid_to, '9') >= m.last AND h.exempt = 0 AND (SELECT count(*) FROM shut WHERE shut.hall = " \
    "h.id AND shut.day <= m.last) < (SELECT count(*) FROM days WHERE day <= m.last) counts, (SELECT "        \
    "count(*) FROM s WHERE s.hall = h.id AND s.date <= m.last AND s.given AND coalesce(s.outside, 0) = 0) "  \
    ">= :minimum reached FROM m JOIN hall h) SELECT code || '|' || sum(counts AND reached) || '|' || "       \
    "sum(counts) line FROM x GROUP BY code"

#define SQL_LIST(condition) "SELECT hall || '|' || planned FROM place WHERE " condition

/* Groups (g.code) and the group of each session (sg.code): then the sums. */
#define SQL_GROUPS_CITY "WITH g(code) AS (VALUES ('*')), sg AS (SELECT '*' code, s.* FROM s)"
#define SQL_GROUPS_AREA SQL_AREA_GROUPS
#define SQL_GROUPS_CATEGORY                                                                                  \
    "WITH g AS (SELECT id code FROM category), sg AS (SELECT category_id code, s.* FROM s)"
#define SQL_GROUPS_PROVIDER                                                                                  \
    "WITH g AS (SELECT id code FROM provider UNION ALL SELECT ''), sg AS (SELECT coalesce(provider_id, '') " \
    "code, s.* FROM s)"
#define SQL_GROUPS_TAG                                                                                       \
    SQL_TAGS                                                                                                 \
    ", g AS (SELECT tag code FROM k), sg AS (SELECT ct.tag code, s.* FROM s JOIN ct ON ct.course = "         \
    "s.course_id)"
#define SQL_GROUPS_MONTH                                                                                     \
    "WITH g(code) AS (VALUES ('2026-03'), ('2026-04'), ('2026-05')), sg AS (SELECT substr(date, 1, 7) "      \
    "code, "                                                                                                 \
    "s.* FROM s)"

#define SQL_SUM_SESSIONS                                                                                     \
    ", f AS (SELECT g.code, count(sg.id) n, coalesce(sum(planned), 0) planned, coalesce(sum(given), 0) "     \
    "given, coalesce(sum(given * counts_as), 0) meetings, coalesce(sum(took_place), 0) held, "               \
    "coalesce(sum(took_place * counts_as), 0) held_meetings, coalesce(sum(took_place * came), 0) heads, "    \
    "coalesce(sum(took_place * old), 0) old, coalesce(sum(took_place AND came IS NOT NULL), 0) he, "         \
    "coalesce(sum(took_place * sat), 0) sat, coalesce(sum(took_place AND sat IS NOT NULL), 0) se FROM g "    \
    "LEFT JOIN sg ON sg.code = g.code GROUP BY g.code) SELECT code || '|' || planned || '|' || given || "    \
    "'|' || meetings || '|' || held || '|' || held_meetings || '|' || heads || '|' || old || '|' || he || "  \
    "'|' || " SQL_RATIO("heads", "he", "1") " || '|' || sat || '|' || se || '|' || " SQL_RATIO(              \
        "sat", "se", "1") " FROM f WHERE code <> '' OR n > 0"

#define SQL_SUM_HELD                                                                                         \
    ", f AS (SELECT g.code, count(sg.id) n, coalesce(sum(planned), 0) planned, coalesce(sum(took_place), "   \
    "0) "                                                                                                    \
    "held, coalesce(sum(took_place AND outside = 1), 0) outside, coalesce(sum(planned AND held = 0), 0) "    \
    "missed, coalesce(sum(planned AND entered IS NULL), 0) unknown, coalesce(sum(took_place * counts_as), "  \
    "0) meetings, coalesce(sum(planned = 0), 0) "                                                            \
    "cancelled FROM g LEFT JOIN sg ON sg.code = g.code GROUP BY g.code) SELECT code || '|' || planned || "   \
    "'|' || held || '|' || outside || '|' || missed || '|' || unknown || '|' || cancelled || '|' || "        \
    "meetings || '|' "                                                                                       \
    "|| " SQL_RATIO("held", "planned", "100") " FROM f WHERE code <> '' OR n > 0"

#define SQL_HALLS                                                                                            \
    "SELECT h.id || '|' || count(s.id) || '|' || coalesce(sum(counts_as), 0) || '|' || "                     \
    "coalesce(sum(took_place), 0) || '|' || coalesce(sum(took_place AND outside = 1), 0) || '|' || "         \
    "coalesce(sum(CASE WHEN coalesce(outside, 0) = 0 THEN setup_min + minutes + clear_min END), 0) || '|' "  \
    "|| count(DISTINCT CASE WHEN coalesce(outside, 0) = 0 THEN date END) || '|' || "                         \
    "coalesce(sum(took_place * came), 0) || '|' || coalesce(min(date), '') || '|' || coalesce(max(date), "   \
    "'')"                                                                                                    \
    " FROM hall h LEFT JOIN s ON s.hall = h.id AND s.given GROUP BY h.id"

/* The way of a day: home, halls in order of time, home; seven minutes where no table says more. */
#define SQL_LEG(a, b)                                                                                        \
    "coalesce((SELECT minutes FROM travel_override WHERE (from_area_id = " a " AND to_area_id = " b ") OR "  \
    "(from_area_id = " b " AND to_area_id = " a ")), 7)"
#define SQL_LOAD                                                                                             \
    "WITH t AS (SELECT i.id who, i.home_area_id home, s.*, si.position, (SELECT area FROM up WHERE up.hall " \
    "= s.hall AND level = 'township') town FROM s JOIN session_instructor si ON si.session_id = s.id JOIN "  \
    "instructor i ON i.id = si.instructor_id WHERE s.given), "                                               \
    "w AS (SELECT t.*, lag(hall) OVER d was, lag(town) OVER d was_town, lead(hall) OVER d next FROM t "      \
    "WINDOW d AS (PARTITION BY who, date ORDER BY start_min, id)), "                                         \
    "x AS (SELECT w.*, CASE WHEN was IS NULL THEN " SQL_LEG(                                                 \
        "home", "town") " WHEN was = hall THEN 0 ELSE " SQL_LEG("was_town",                                  \
                                                                "town") " END + CASE WHEN next IS NULL "     \
                                                                        "THEN " SQL_LEG(                     \
                                                                            "town",                          \
                                                                            "home") " ELSE 0 END "           \
                                                                                    "leg FROM w) "           \
                                                                                    "SELECT who || '|' "     \
                                                                                    "|| count(*) || '|' || " \
                                                                                    "sum(counts_as) || "     \
                                                                                    "'|' || "                \
                                                                                    "sum(position = 0) "     \
                                                                                    "|| '|' || "             \
                                                                                    "sum(took_place) "       \
                                                                                    "|| '|' "                \
                                                                                    "|| sum(minutes) "       \
                                                                                    "|| '|' || "             \
                                                                                    "count(DISTINCT "        \
                                                                                    "date) || '|' || "       \
                                                                                    "sum(leg) || '|' "       \
                                                                                    "|| "                    \
                                                                                    "coalesce(sum(CASE "     \
                                                                                    "WHEN position = 0 "     \
                                                                                    "THEN took_place * "     \
                                                                                    "came END), 0) "         \
                                                                                    "FROM x GROUP BY "       \
                                                                                    "who"

#define SQL_LEDGER                                                                                           \
    "SELECT coalesce((SELECT a.name FROM up JOIN area a ON a.id = up.area WHERE up.hall = s.hall AND "       \
    "up.level = 'township'), '') || '|' || h.name || '|' || s.date || '|' || c.name || '|' || k.name || "    \
    "'|' || coalesce(CASE WHEN took_place THEN came END, '') FROM s JOIN hall h ON h.id = s.hall JOIN "      \
    "course c ON c.id = s.course_id JOIN category k ON k.id = s.category_id WHERE s.planned"

#define SQL_TOWNS                                                                                            \
    "WITH o AS (SELECT DISTINCT category_id id FROM course WHERE active = 1), "                              \
    "t AS (SELECT a.id, (SELECT count(*) FROM place p JOIN up ON up.hall = p.hall AND up.area = a.id WHERE " \
    "p.standing = 'counts') halls, CASE WHEN a.population > 0 THEN a.population ELSE (SELECT "               \
    "coalesce(sum(v.population), 0) FROM area v JOIN aup ON aup.id = v.id AND aup.area = a.id WHERE "        \
    "v.level "                                                                                               \
    "= 'village') END people, (SELECT count(*) FROM s JOIN up ON up.hall = s.hall AND up.area = a.id WHERE " \
    "s.given) n, (SELECT coalesce(sum(counts_as), 0) FROM s JOIN up ON up.hall = s.hall AND up.area = a.id " \
    "WHERE s.given) meetings, (SELECT count(*) FROM o WHERE NOT EXISTS (SELECT 1 FROM s JOIN up ON up.hall " \
    "= s.hall AND "                                                                                          \
    "up.area = a.id WHERE s.given AND s.category_id = o.id)) gaps FROM area a WHERE a.level = 'township'), " \
    "r AS (SELECT t.*, row_number() OVER (ORDER BY 1.0 * n / halls, id) place, count(*) OVER () towns FROM " \
    "t WHERE halls > 0)"
#define SQL_EQUITY                                                                                           \
    SQL_TOWNS " SELECT id || '|' || halls || '|' || CASE WHEN people > 0 THEN people ELSE '' END || '|' || " \
              "n || '|' || meetings || '|' || " SQL_RATIO("n", "halls", "1") " || '|' || " SQL_RATIO(        \
                  "n", "people", "1000") " || '|' || gaps || '|' || CASE WHEN place <= "                     \
                                         "(towns + 9) / 10 THEN '是' ELSE '' END FROM r"
#define SQL_GAPS                                                                                             \
    SQL_TOWNS " SELECT r.id || '|' || o.id FROM r JOIN o WHERE NOT EXISTS (SELECT 1 FROM s JOIN up ON "      \
              "up.hall = s.hall AND up.area = r.id WHERE s.given AND s.category_id = o.id)"

/* Requests look at every day: a session may have been moved out of the period. */
#define SQL_ASKED                                                                                            \
    "WITH e AS (SELECT s.request_id, count(*) n, sum(coalesce(a.held, 0)) held FROM session s LEFT JOIN "    \
    "attendance a ON a.session_id = s.id WHERE s.status <> 'CANCELLED' AND coalesce(a.held, 1) = 1 GROUP "   \
    "BY s.request_id), q AS (SELECT r.id, r.withdrawn, coalesce(h.area_id, r.area_id) area, "                \
    "coalesce(e.held, 0) held, coalesce(e.n, 0) n, CASE WHEN r.is_series AND r.holiday_rule = 'skip' AND "   \
    "coalesce(e.n, 0) > 0 THEN min(r.sessions, e.n) ELSE r.sessions END asked FROM request r LEFT JOIN "     \
    "hall "                                                                                                  \
    "h ON h.id = r.hall_id LEFT JOIN e ON e.request_id = r.id WHERE r.from_date <= '" CITY_TO "' AND "       \
    "r.to_date >= '" CITY_FROM "')"
#define SQL_REQUESTS                                                                                         \
    SQL_ASKED                                                                                                \
    ", f AS (SELECT coalesce((SELECT area FROM aup WHERE aup.id = q.area AND level = :level), '') "          \
    "code, q.* FROM q), x AS (SELECT code, count(*) requests, sum(withdrawn) gone, "                         \
    "sum(CASE WHEN withdrawn THEN 0 ELSE asked END) asked, sum(CASE WHEN withdrawn THEN 0 ELSE "             \
    "min(asked, n) END) placed, sum(CASE WHEN withdrawn THEN 0 ELSE held END) held FROM f GROUP "            \
    "BY code) SELECT code || '|' || requests || '|' || gone || '|' || asked || '|' || placed || "            \
    "'|' || held || '|' || (asked - placed) || '|' || " SQL_RATIO("placed", "asked", "100") " FROM x"
#define SQL_REFUSED                                                                                          \
    SQL_ASKED " SELECT id || '|' || asked || '|' || n || '|' || (asked - n) FROM q WHERE NOT withdrawn AND " \
              "n < asked"

/* One figure of every area g: of its sessions ss, its halls hs, the villages or townships ts below it. */
#define SQL_FROZEN_SUM(name, value)                                                                          \
    "SELECT g.id || '|" name "|' || (SELECT coalesce(sum(" value "), 0) FROM ss WHERE gid = g.id) FROM g"
#define SQL_FROZEN_HALL(name, part, condition)                                                               \
    "SELECT g.id || '|" name " " part "|' || (SELECT count(*) FROM hs WHERE hs.id = g.id AND " condition     \
    ") FROM g"
#define SQL_FROZEN_HALLS(name, reached)                                                                      \
    SQL_FROZEN_HALL(name, "numerator", "standing = 'counts' AND " reached)                                   \
    " UNION ALL " SQL_FROZEN_HALL(name, "denominator", "standing = 'counts'") " UNION ALL " SQL_FROZEN_HALL( \
        name, "exempt", "standing = 'exempt'") " UNION ALL " SQL_FROZEN_HALL(name, "closed",                 \
                                                                             "standing = 'closed'")
#define SQL_FROZEN_AREA(name, part, of, condition)                                                           \
    "SELECT g.id || '|" name " " part "|' || (SELECT count(*) FROM ts WHERE ts.gid = g.id AND level = '" of  \
    "' AND " condition ") FROM g"
#define SQL_FROZEN_AREAS(name, of)                                                                           \
    SQL_FROZEN_AREA(name, "numerator", of, "n >= 1")                                                         \
    " UNION ALL " SQL_FROZEN_AREA(name, "denominator", of, "1") " UNION ALL " SQL_FROZEN_AREA(               \
        name, "exempt", of, "0") " UNION ALL " SQL_FROZEN_AREA(name, "closed", of, "0")
#define SQL_FROZEN                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          \
    "WITH g AS (SELECT '*' id UNION ALL SELECT id FROM area WHERE level IN ('county', 'township')), "                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       \
    "hs AS (SELECT g.id, p.* FROM g JOIN place p ON g.id = '*' OR EXISTS (SELECT 1 FROM up WHERE up.hall = "                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                \
    "p.hall AND up.area = g.id)), ss AS (SELECT g.id gid, s.* FROM g JOIN s ON g.id = '*' OR EXISTS "                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                       \
    "(SELECT "                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                              \
    "1 FROM up WHERE up.hall = s.hall AND up.area = g.id)), ts AS (SELECT g.id gid, a.level, (SELECT "                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                      \
    "count(*) FROM s JOIN up ON up.hall = s.hall AND up.area = a.id WHERE s.given) n FROM g JOIN area a ON "                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                \
    "a.level IN ('village', 'township') AND (g.id = '*' OR EXISTS (SELECT 1 FROM aup WHERE aup.id = a.id "                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                  \
    "AND aup.area = g.id))) " SQL_FROZEN_SUM("planned", "planned") " UNION ALL " SQL_FROZEN_SUM(                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            \
        "sessions",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                         \
        "given") " UNION ALL " SQL_FROZEN_SUM("meetings",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   \
                                              "given * counts_as") " UNION ALL " SQL_FROZEN_SUM("held", "to"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                \
                                                                                                        "ok"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                \
                                                                                                        "_p"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                \
                                                                                                        "la"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                \
                                                                                                        "c"                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                 \
                                                                                                        "e") " UNION ALL " SQL_FROZEN_SUM("held_meetings",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                  \
                                                                                                                                          "took_place * counts_as") " UNION ALL " SQL_FROZEN_SUM("outside", "took_place AND outside = 1") " UNION ALL " SQL_FROZEN_SUM("not_held", "planned AND held = 0") " UNION ALL " SQL_FROZEN_SUM("unknown", "planned AND entered IS NULL") " UNION ALL " SQL_FROZEN_SUM("cancelled", "planned = 0") " UNION ALL " SQL_FROZEN_SUM("heads",                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            \
                                                                                                                                                                                                                                                                                                                                                                                                                                                                        "took_place * came") " UNION ALL " SQL_FROZEN_SUM("heads_60",                                                                                                                                                                                                                                                                                                                                                                                                                                                       \
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                          "took_place * old") " UNION ALL " SQL_FROZEN_SUM("heads_entered",                                                                                                                                                                                                                                                                                                                                                                                                 \
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                           "took_place AND came IS NOT NULL") " UNION ALL " SQL_FROZEN_SUM("satisfaction", "took_place * sat") " UNION ALL " SQL_FROZEN_SUM("satisfaction_entered",                                                                                                                                                                                                                                                         \
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            "took_place AND sat IS NOT NULL") " UNION ALL " SQL_FROZEN_HALLS("halls-planned/1",                                                                                                                                                                                             \
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             "planned >= 1") " UNION ALL " SQL_FROZEN_HALLS("halls-held/1",                                                                                                                                                 \
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                            "held >= 1") " UNION ALL " SQL_FROZEN_HALLS("halls-paired/1", "paired") " UNION ALL " SQL_FROZEN_AREAS("villages/1",                                            \
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                   "village") " UNION ALL " SQL_FROZEN_AREAS("townships/1", \
                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                                             "township")

#define SQL_DASHBOARD_AREAS                                                                                  \
    SQL_AREA_GROUPS                                                                                          \
    " SELECT g.code || '|' || (SELECT count(*) FROM place p JOIN hg ON hg.hall = p.hall "                    \
    "WHERE hg.code = g.code AND standing = 'counts' AND planned >= :minimum) || '|' || "                     \
    "(SELECT count(*) FROM place p JOIN hg ON hg.hall = p.hall WHERE hg.code = g.code AND "                  \
    "standing = 'counts') || '|' || (SELECT coalesce(sum(given), 0) FROM sg WHERE sg.code = "                \
    "g.code) || '|' || (SELECT coalesce(sum(given * counts_as), 0) FROM sg WHERE sg.code = g.code) || '|' "  \
    "|| (SELECT coalesce(sum(took_place), 0) FROM sg WHERE sg.code = g.code) "                               \
    "|| '|' || (SELECT coalesce(sum(took_place * came), 0) FROM sg WHERE sg.code = g.code) "                 \
    "FROM g WHERE g.code <> ''"
#define SQL_DASHBOARD_HALLS                                                                                  \
    "SELECT hall || '|' || CASE standing WHEN 'counts' THEN CASE WHEN planned >= :minimum THEN 'reached' "   \
    "ELSE 'unreached' END ELSE standing END || '|' || (SELECT count(*) FROM s WHERE s.hall = place.hall "    \
    "AND "                                                                                                   \
    "given) FROM place"

/* Categories: everything on the menu, given or not. */
#define SQL_DASHBOARD_CATEGORIES                                                                             \
    "SELECT k.id || '|' || k.name || '|' || coalesce(sum(given), 0) || '|' || coalesce(sum(given * "         \
    "counts_as), 0) || "                                                                                     \
    "'|' || coalesce(sum(took_place), 0) || '|' || coalesce(sum(took_place * came), 0) FROM category k "     \
    "LEFT JOIN s ON s.category_id = k.id GROUP BY k.id"
#define SQL_DASHBOARD_MONTHS                                                                                 \
    "SELECT c.line || '|' || (SELECT coalesce(sum(planned), 0) FROM s WHERE substr(date, 1, 7) = c.month) "  \
    "|| "                                                                                                    \
    "'|' || (SELECT coalesce(sum(took_place), 0) FROM s WHERE substr(date, 1, 7) = c.month) || '|' || "      \
    "(SELECT coalesce(sum(took_place * came), 0) FROM s WHERE substr(date, 1, 7) = c.month) FROM "           \
    "(SELECT line, substr(line, 1, 7) month FROM (" SQL_COVERAGE_MONTHS "))"                                 \
    " c"

#endif
