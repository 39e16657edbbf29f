/* What `why` says to a coordinator, in Chinese and in English. */
#include "scheduler/why.h"

#include "base/date.h"
#include "scheduler/clash_words.h"
#include "scheduler/placement.h"

#include <inttypes.h>

/* ---- prices ---- */

/* A sixteenth is too fine to read: "12", "-3.5". */
static void price_add(const struct words *words, int64_t price)
{
    int64_t tenths = (price < 0 ? -price : price) * 10 / FREE_SCALE;
    text_addf(words->out, "%s%" PRId64, price < 0 && tenths > 0 ? "-" : "", tenths / 10);
    if (tenths % 10 != 0) {
        text_addf(words->out, ".%" PRId64, tenths % 10);
    }
}

static void term_add(const struct words *words, const char *zh, const char *en, int64_t price)
{
    if (price != 0) {
        words_say(words, "，", ", ");
        words_say(words, zh, en);
        words_say(words, " ", " ");
        price_add(words, price);
    }
}

static void terms_add(const struct words *words, const struct free_price *price)
{
#define X(field, value, unit, zh) term_add(words, zh, #field, price->terms.field);
    WEIGHT_LIST(X)
#undef X
    term_add(words, "变动幅度", "distance", price->distance);
}

static void rules_add(const struct words *words, uint64_t rules)
{
    bool is_first = true;
    for (int rule = 0; rule < RULE_COUNT; rule++) {
        if ((rules & RULE_BIT(rule)) != 0) {
            words_say(words, is_first ? "" : "、", is_first ? "" : ", ");
            text_add(words->out, rule_title((enum rule_code)rule, words->chinese));
            is_first = false;
        }
    }
}

/* Day, time and room. */
static void place_add(const struct words *words, const struct placement *at)
{
    words_span(words, placement_start(at), placement_end(at));
    words_say(words, "（", " (");
    words_weekday(words, at->day);
    words_say(words, "）", ") ");
    words_room(words, at->room);
}

/* Who leads. */
static void people_add(const struct words *words, const struct placement *at)
{
    words_say(words, "（", " (");
    if (at->instructor_count == 0) {
        words_say(words, "讲师待定", "no instructor yet");
    }
    for (uint8_t i = 0; i < at->instructor_count; i++) {
        words_say(words, i > 0 ? "、" : "", i > 0 ? ", " : "");
        words_instructor(words, at->instructors[i]);
    }
    words_say(words, "）", ")");
}

static void offer_add(const struct words *words, const struct free_offer *offer)
{
    place_add(words, &offer->at);
    people_add(words, &offer->at);
    words_say(words, "：代价 ", ": price ");
    price_add(words, offer->price.total);
    if (offer->needs != 0) {
        words_say(words, "，须批准：", ", to be set aside: ");
        rules_add(words, offer->needs);
    }
    if (!placement_in_window(words->timetable, &offer->at)) {
        words_say(words, "，超出点单的时间范围", ", outside the ordered window");
    }
}

void offer_text(const struct timetable *timetable, const struct free_offer *offer, bool chinese,
                struct text *out)
{
    const struct words words = {timetable, chinese, out};
    offer_add(&words, offer);
    terms_add(&words, &offer->price);
}

/* ---- a session ---- */

/* The rules that removed most, at most three. */
static void reasons_add(const struct words *words, const uint32_t *by_rule, uint32_t reasons)
{
    static const char *const OTHER[][2] = {{"遇节假日或停用", "falls on a holiday or closure"},
                                           {"超出时间范围或课程季节", "runs out of window or season"}};
    uint32_t ceiling = UINT32_MAX;
    uint32_t after = 0;
    for (int rank = 0; rank < 3; rank++) {
        uint32_t most = reasons;
        for (uint32_t r = 0; r < reasons; r++) {
            bool is_left = by_rule[r] < ceiling || (by_rule[r] == ceiling && r > after);
            if (by_rule[r] > 0 && is_left && (most == reasons || by_rule[r] > by_rule[most])) {
                most = r;
            }
        }
        if (most == reasons) {
            return;
        }
        words_say(words, rank == 0 ? "" : "、", rank == 0 ? "" : ", ");
        text_add(words->out, most < RULE_COUNT ? rule_title((enum rule_code)most, words->chinese)
                                               : OTHER[most - RULE_COUNT][words->chinese ? 0 : 1]);
        text_addf(words->out, " %" PRIu32, by_rule[most]);
        ceiling = by_rule[most];
        after = most;
    }
}

static void axis_add(const struct words *words, const char *zh, const char *en, const struct why_axis *axis)
{
    words_say(words, zh, en);
    if (axis->looked_at == 0) {
        words_say(words, "没有别的可选。\n", "there is no other.\n");
        return;
    }
    text_addf(words->out,
              words->chinese ? "另有 %" PRIu32 " 个，%" PRIu32 " 个可行，其中 %" PRIu32 " 个更好"
                             : "%" PRIu32 " others, %" PRIu32 " possible, %" PRIu32 " of them better",
              axis->looked_at, axis->possible, axis->cheaper);
    if (axis->possible < axis->looked_at) {
        words_say(words, "；不可行的原因：", "; removed by: ");
        reasons_add(words, axis->by_rule, RULE_COUNT);
    }
    if (axis->has_best) {
        words_say(words, "；最佳 ", "; the best ");
        offer_add(words, &axis->best);
    }
    words_say(words, "。\n", ".\n");
}

static void lock_add(const struct words *words, enum rule_code locked)
{
    if (locked != RULE_COUNT) {
        text_add(words->out, rule_title(locked, words->chinese));
        words_say(words, "。\n", ".\n");
    }
}

void why_session_text(const struct timetable *timetable, const struct why_session *why, bool chinese,
                      struct text *out)
{
    const struct words words = {timetable, chinese, out};
    placement_sentence(timetable, &why->at, chinese, out);
    text_add(out, "\n");
    lock_add(&words, why->locked);
    words_say(&words, "现处代价 ", "price where it stands ");
    price_add(&words, why->price.total);
    terms_add(&words, &why->price);
    text_add(out, "\n");
    for (size_t i = 0; i < why->clashes.count; i++) {
        words_say(&words, why->clashes.items[i].overridden ? "已批准：" : "冲突：",
                  why->clashes.items[i].overridden ? "overridden: " : "clash: ");
        clash_sentence(timetable, &why->clashes.items[i], chinese, out);
        text_add(out, "\n");
    }
    axis_add(&words, "为何在此处（同时间、同讲师的场地）：",
             "why here (rooms, same time and person): ", &why->rooms);
    axis_add(&words, "为何在这天（同时刻的其他日期）：",
             "why that day (same time on other days): ", &why->days);
    axis_add(&words, "为何在此时（当天其他时刻）：", "why then (other starts that day): ", &why->starts);
    axis_add(&words, "为何是此人（同时间、同地点的讲师）：",
             "why this person (same time and place): ", &why->people);
    if (why->locked != RULE_COUNT) {
        return;
    }
    words_say(&words,
              why->others.count == 0 ? "没有其他可行的安排。\n"
                                     : "还可以安排在（代价与现处相比，含变动）：\n",
              why->others.count == 0 ? "nothing else is possible.\n"
                                     : "else possible (price against where it stands, moving included):\n");
    for (size_t i = 0; i < why->others.count; i++) {
        text_addf(out, "%zu. ", i + 1);
        offer_text(timetable, &why->others.items[i], chinese, out);
        text_add(out, "\n");
    }
}

/* ---- changes ---- */

static void parts_add(const struct words *words, uint8_t parts)
{
    static const struct {
        uint8_t part;
        const char *zh, *en;
    } NAMES[] = {{PART_MORNING, "上午", "morning"},
                 {PART_AFTERNOON, "下午", "afternoon"},
                 {PART_EVENING, "晚上", "evening"}};
    bool is_first = true;
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if ((parts & NAMES[i].part) != 0) {
            words_say(words, is_first ? "" : "和", is_first ? "" : " and ");
            words_say(words, NAMES[i].zh, NAMES[i].en);
            is_first = false;
        }
    }
}

/* A day of that weekday, for its name. 1970-01-05 was a Monday. */
static int32_t weekday_sample(uint8_t weekday)
{
    return 3 + (int32_t)weekday;
}

static void closure_add(const struct words *words, uint32_t index)
{
    const struct closure *closure = &words->timetable->closures[index];
    words_days(words, closure->from_day, closure->to_day);
    text_add(words->out, " ");
    switch (closure->scope) {
    case CLOSURE_ROOM:
        words_room(words, closure->target);
        break;
    case CLOSURE_HALL:
        words_hall(words, closure->target);
        break;
    case CLOSURE_AREA:
    default:
        text_add(words->out, words->timetable->areas[closure->target].name);
        break;
    }
    if (closure->reason != NULL && closure->reason[0] != '\0') {
        words_say(words, "（", " (");
        text_add(words->out, closure->reason);
        words_say(words, "）", ")");
    }
}

static void cap_add(const struct words *words, const struct why_change *change, uint32_t course)
{
    const struct timetable *t = words->timetable;
    int32_t limit =
        change->rule == RULE_SUPPLY ? t->courses[course].supply_limit : t->courses[course].hall_quota;
    const char *zh = change->rule == RULE_SUPPLY ? "全年供给上限" : "每堂配额";
    const char *en = change->rule == RULE_SUPPLY ? "yearly supply" : "quota of a hall";
    if (change->kind == CHANGE_CAP) {
        const struct instructor *person = &t->instructors[change->instructor];
        const int32_t limits[] = {person->max_day, person->max_week, person->max_month, person->max_year};
        static const char *const CAPS[][2] = {{"每日上限", "daily cap"},
                                              {"每周上限", "weekly cap"},
                                              {"每月上限", "monthly cap"},
                                              {"每年上限", "yearly cap"}};
        int which = (int)change->rule - (int)RULE_CAP_DAY;
        limit = limits[which];
        zh = CAPS[which][0];
        en = CAPS[which][1];
    }
    if (change->kind == CHANGE_CAP) {
        words_instructor(words, change->instructor);
        words_say(words, "的", "'s ");
    } else {
        words_course(words, course);
        words_say(words, "的", "'s ");
    }
    words_say(words, zh, en);
    text_addf(words->out, words->chinese ? "由 %" PRId32 " 增至 %" PRId32 : " were %" PRId32 " +1 = %" PRId32,
              limit, limit + 1);
}

static void session_short_add(const struct words *words, int64_t session_id, const char *zh, const char *en)
{
    text_addf(words->out, words->chinese ? "场次 %" PRId64 : "session %" PRId64, session_id);
    const struct session *session = timetable_find_session(words->timetable, session_id);
    if (session != NULL) {
        words_say(words, "（", " (");
        words_span(words, placement_start(&session->at), placement_end(&session->at));
        text_add(words->out, " ");
        words_room(words, session->at.room);
        words_say(words, "）", ")");
    }
    words_say(words, zh, en);
}

static void absence_add(const struct words *words, uint32_t index)
{
    const struct absence *absence = &words->timetable->absences[index];
    words_instructor(words, absence->instructor);
    words_say(words, " ", " were not absent ");
    words_days(words, absence->from_day, absence->to_day);
    words_say(words, " 不请假", "");
}

static void qualify_add(const struct words *words, const struct why_change *change)
{
    words_instructor(words, change->instructor);
    words_say(words, "具备", " were qualified for ");
    words_course(words, change->example.course);
    words_say(words, "授课资格", "");
}

static void room_add(const struct words *words, const struct why_change *change)
{
    words_room(words, change->index);
    words_say(words, change->rule == RULE_CAPACITY ? "容量足够" : "设施齐全",
              change->rule == RULE_CAPACITY ? " were large enough" : " had the facilities");
}

static void hours_add(const struct words *words, const struct why_change *change)
{
    bool is_person = change->kind == CHANGE_AVAILABILITY;
    if (is_person) {
        words_instructor(words, change->instructor);
    } else {
        words_hall(words, change->index);
    }
    words_say(words, "", is_person ? " were free on " : " were open on ");
    words_weekday(words, weekday_sample(change->weekday));
    words_say(words, "", " ");
    parts_add(words, change->part);
    words_say(words, is_person ? "有空" : "开放", "");
}

static void change_add(const struct words *words, const struct why_change *change)
{
    words_say(words, "若", "if ");
    switch (change->kind) {
    case CHANGE_WINDOW:
        text_addf(words->out,
                  change->days > 0
                      ? (words->chinese ? "时间范围延后 %d 天" : "the window were %d days longer")
                      : (words->chinese ? "时间范围提前 %d 天" : "the window began %d days earlier"),
                  change->days > 0 ? change->days : -change->days);
        break;
    case CHANGE_SESSION:
        session_short_add(words, change->session_id, "改到别处", " were held elsewhere");
        break;
    case CHANGE_AVAILABILITY:
    case CHANGE_OPENING:
        hours_add(words, change);
        break;
    case CHANGE_ABSENCE:
        absence_add(words, change->index);
        break;
    case CHANGE_ENGAGEMENT:
        words_instructor(words, change->instructor);
        words_say(words, "在聘期外也能授课", " taught outside the days of service");
        break;
    case CHANGE_CAP:
    case CHANGE_SUPPLY:
        cap_add(words, change, change->example.course);
        break;
    case CHANGE_CLOSURE:
        words_say(words, "取消停用：", "this closure were lifted: ");
        closure_add(words, change->index);
        break;
    case CHANGE_QUALIFY:
        qualify_add(words, change);
        break;
    case CHANGE_ROOM:
    default:
        room_add(words, change);
        break;
    }
}

bool why_change_is_personal(const struct why_change *change)
{
    switch (change->kind) {
    case CHANGE_AVAILABILITY:
    case CHANGE_ABSENCE:
    case CHANGE_ENGAGEMENT:
    case CHANGE_CAP:
    case CHANGE_QUALIFY:
        return true;
    default:
        return false;
    }
}

void why_change_text(const struct timetable *timetable, const struct why_change *change,
                     enum audience audience, bool chinese, struct text *out)
{
    const struct words words = {timetable, chinese, out};
    change_add(&words, change);
    text_addf(out, chinese ? "，可排 %" PRId32 " 场，例如 " : ", %" PRId32 " could be held, such as ",
              change->sessions);
    place_add(&words, &change->example);
    if (audience_may_know(audience, PERSON_PROPOSED)) {
        people_add(&words, &change->example);
    }
    words_say(&words, "。", ".");
}

/* ---- a request ---- */

static const char *kind_sentence(enum why_kind kind, bool chinese)
{
    static const char *const SENTENCES[][2] = {
        [WHY_PLACED] = {"已全部排定", "everything is placed"},
        [WHY_WITHDRAWN] = {"点单已撤回", "the request was withdrawn"},
        [WHY_PAST] = {"时间范围已过", "the window is past"},
        [WHY_NO_HALL] = {"在此期间没有启用的场地", "no room is in use in the window"},
        [WHY_NO_INSTRUCTOR] = {"没有具备授课资格的讲师", "nobody is qualified to teach it"},
        [WHY_SEASON] = {"时间范围与课程季节没有交集",
                        "no day lies both in the window and in the course's season"},
        [WHY_SERIES_LONG] = {"每周一次的系列课，时间范围内周数不够",
                             "the window has fewer weeks than the series has meetings"},
        [WHY_ROOM_LEFT] = {"现在有可用的时间", "there is room for it now"},
        [WHY_ALWAYS] = {"每个时间都因同一规则不可行：", "every place breaks one rule: "},
        [WHY_NO_PLACE] = {"即使没有其他场次，也没有可用的时间",
                          "no place is possible even without other sessions"},
        [WHY_CROWDED] = {"可用的时间都被其他场次或上限占用",
                         "every possible place is taken by other sessions or used up by caps"},
    };
    return SENTENCES[kind][chinese ? 0 : 1];
}

static void request_head_add(const struct words *words, const struct why_request *why)
{
    const struct timetable *t = words->timetable;
    const struct request *request = &t->requests[why->request];
    words_say(words, "点单 ", "request ");
    text_add(words->out, request->id);
    words_say(words, "：", ": ");
    if (request->hall != NONE) {
        words_hall(words, request->hall);
    } else if (request->area != NONE) {
        text_add(words->out, t->areas[request->area].name);
    }
    words_course(words, request->course);
    text_add(words->out, " ");
    words_days(words, request->from_day, request->to_day);
    text_addf(words->out,
              words->chinese ? "，需要 %" PRId32 " 场，已排 %" PRId32 " 场，缺 %" PRId32 " 场：\n"
                             : ", wants %" PRId32 ", %" PRId32 " placed, %" PRId32 " missing:\n",
              request->sessions, why->placed, why->missing);
}

static void counts_add(const struct words *words, const struct why_request *why)
{
    bool is_all = why->looked_at == why->domain;
    if (why->looked_at == 0) {
        return;
    }
    text_addf(words->out,
              words->chinese
                  ? "共 %" PRIu64 " 个时间（日期×时刻×场地×讲师），%s %" PRIu32 " 个，可行 %" PRIu32 " 个。\n"
                  : "%" PRIu64 " places (day x start x room x person), %s %" PRIu32 ", possible %" PRIu32
                    ".\n",
              why->domain,
              is_all ? (words->chinese ? "全部查看" : "looked at all")
                     : (words->chinese ? "均匀抽查" : "an even sample of"),
              why->looked_at, why->possible);
    if (why->possible < why->looked_at) {
        words_say(words, "最先排除的原因：", "first reason: ");
        reasons_add(words, why->first, WHY_REASONS);
        words_say(words, "。\n唯一原因：", ".\nonly reason: ");
        reasons_add(words, why->only, WHY_REASONS);
        words_say(words, "。\n", ".\n");
    }
}

static void blockers_add(const struct words *words, const struct why_request *why)
{
    /* When something else is against every place, what stands in some of them is noise. */
    if (why->kind != WHY_CROWDED && (why->blocker_count == 0 || why->blockers[0].only == 0)) {
        return;
    }
    if (why->blocker_count > 0) {
        words_say(words, "占用时间的场次：\n", "sessions in the way:\n");
    }
    for (size_t i = 0; i < why->blocker_count; i++) {
        const struct why_blocker *blocker = &why->blockers[i];
        text_add(words->out, "- ");
        placement_sentence(words->timetable, &blocker->at, words->chinese, words->out);
        text_addf(words->out,
                  words->chinese ? "：挡住 %" PRIu32 " 个，其中 %" PRIu32 " 个只因它\n"
                                 : ": %" PRIu32 " places, %" PRIu32 " by it alone\n",
                  blocker->candidates, blocker->only);
    }
}

void why_request_text(const struct timetable *timetable, const struct why_request *why, bool chinese,
                      struct text *out)
{
    const struct words words = {timetable, chinese, out};
    request_head_add(&words, why);
    text_add(out, kind_sentence(why->kind, chinese));
    if (why->kind == WHY_ALWAYS) {
        text_add(out, rule_title(why->always, chinese));
    }
    words_say(&words, "。\n", ".\n");
    counts_add(&words, why);
    for (size_t i = 0; i < why->offer_count; i++) {
        words_say(&words, "可排：", "possible: ");
        offer_text(timetable, &why->offers[i], chinese, out);
        text_add(out, "\n");
    }
    for (size_t i = 0; i < why->change_count; i++) {
        text_addf(out, "%zu. ", i + 1);
        why_change_text(timetable, &why->changes[i], AUDIENCE_OFFICE, chinese, out);
        text_add(out, "\n");
    }
    blockers_add(&words, why);
}
