/* cli/cmd_why: free, why: where else something could go, and why it is where it is. */
#include "cli/cli.h"
#include "scheduler/why.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FREE_DAYS = 60,
    ALL_OVERRIDES_TEXT = 256
};

/* A snapshot, its book and the weights. */
struct ground {
    struct store *store;
    struct timetable *timetable;
    struct book *book;
    struct weights weights;
};

static void ground_close(struct ground *ground)
{
    book_destroy(ground->book);
    timetable_unref(ground->timetable);
    store_close(ground->store);
}

static int ground_open(struct cli *cli, struct ground *ground)
{
    *ground = (struct ground){.store = NULL};
    int code = cli_open_snapshot(cli, &ground->store, &ground->timetable);
    if (code != EXIT_DONE) {
        return code;
    }
    struct error err = {0};
    if (store_weights(ground->store, &ground->weights, &err) != ERR_NONE ||
        book_create(ground->timetable, false, &ground->book, &err) != ERR_NONE) {
        code = cli_error(&err);
        ground_close(ground);
    }
    return code;
}

/* An index by id, or NONE after saying that there is none. A word that was not given is NONE in peace. */
static bool index_find(const struct timetable *timetable,
                       uint32_t (*find)(const struct timetable *, const char *), const char *word,
                       const char *what, uint32_t *ret_index)
{
    *ret_index = word == NULL ? (uint32_t)NONE : find(timetable, word);
    if (word != NULL && *ret_index == NONE) {
        fprintf(stderr, "litang: 没有 / no such %s: %s\n", what, word);
        return false;
    }
    return true;
}

/* "all", or "closure,cap-week". */
static bool overrides_parse(const char *words, uint64_t *ret_mask)
{
    char copy[ALL_OVERRIDES_TEXT];
    *ret_mask = 0;
    if (words == NULL) {
        return true;
    }
    bool is_all = strcmp(words, "all") == 0;
    for (int rule = 0; is_all && rule < RULE_COUNT; rule++) {
        *ret_mask |= rule_overridable((enum rule_code)rule) ? RULE_BIT(rule) : 0;
    }
    if (is_all || strlen(words) >= sizeof copy) {
        return is_all;
    }
    strcpy(copy, words);
    char *rest = NULL;
    for (char *word = strtok_r(copy, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest)) {
        enum rule_code rule = rule_from_name(word);
        if (!rule_overridable(rule)) {
            fprintf(stderr, "litang: 此规则不能突破 / not a rule that can be set aside: %s\n", word);
            return false;
        }
        *ret_mask |= RULE_BIT(rule);
    }
    return true;
}

/* A text in the chosen languages on stdout, Chinese first. */
static void text_print(const struct cli *cli, const struct text *zh, const struct text *en)
{
    if (cli->language != LANGUAGE_EN) {
        fputs(text_string(zh), stdout);
    }
    if (cli->language == LANGUAGE_BOTH) {
        fputs("\n", stdout);
    }
    if (cli->language != LANGUAGE_ZH) {
        fputs(text_string(en), stdout);
    }
}

enum {
    TEXT_MAX = 1024 * 1024
};

/* ---- free ---- */

struct free_words {
    const char *course, *hall, *township, *room, *instructor, *request, *overrides, *format;
    int32_t from_day, to_day;
    int64_t max_results, per_day;
};

static void offers_print_text(const struct cli *cli, const struct timetable *timetable,
                              const struct free_list *list)
{
    struct text zh;
    struct text en;
    text_init(&zh, TEXT_MAX);
    text_init(&en, TEXT_MAX);
    for (size_t i = 0; i < list->count; i++) {
        text_addf(&zh, "%zu. ", i + 1);
        text_addf(&en, "%zu. ", i + 1);
        offer_text(timetable, &list->items[i], true, &zh);
        offer_text(timetable, &list->items[i], false, &en);
        text_add(&zh, "\n");
        text_add(&en, "\n");
    }
    text_print(cli, &zh, &en);
    text_finish(&zh);
    text_finish(&en);
}

static void needs_names(uint64_t needs, struct text *out)
{
    for (int rule = 0; rule < RULE_COUNT; rule++) {
        if ((needs & RULE_BIT(rule)) != 0) {
            text_add(out, out->length > 0 ? ";" : "");
            text_add(out, rule_name((enum rule_code)rule));
        }
    }
}

static void offer_print_csv(const struct timetable *timetable, const struct free_offer *offer)
{
    const struct placement *at = &offer->at;
    const struct room *room = &timetable->rooms[at->room];
    char date[DATE_TEXT_SIZE];
    char start[TIME_TEXT_SIZE];
    char end[TIME_TEXT_SIZE];
    struct text needs;
    struct text hall;
    struct text person;
    text_init(&needs, LIMIT_NOTE_BYTES);
    text_init(&hall, LIMIT_NOTE_BYTES);
    text_init(&person, LIMIT_NOTE_BYTES);
    date_format(at->day, date);
    minute_format(at->start_min, start);
    minute_format(at->start_min + at->minutes, end);
    needs_names(offer->needs, &needs);
    text_add_csv(&hall, timetable->halls[room->hall].name);
    text_add_csv(&person, timetable->instructors[at->instructors[0]].name);
    printf("%s,%s,%s,%s,%s,%s,%s,%s,%.2f,%s,%d\r\n", date, start, end, timetable->halls[room->hall].id,
           text_string(&hall), room->id, timetable->instructors[at->instructors[0]].id, text_string(&person),
           (double)offer->price.total / FREE_SCALE, text_string(&needs), !placement_in_window(timetable, at));
    text_finish(&needs);
    text_finish(&hall);
    text_finish(&person);
}

static int offers_print(const struct cli *cli, const struct timetable *timetable,
                        const struct free_list *list, const char *format)
{
    static const char *const EMPTY[][2] = {
        [REFUSAL_NO_HALL] = {"没有启用且设施、容量都满足的场地",
                             "no room in use has the facilities and the size"},
        [REFUSAL_NO_INSTRUCTOR] = {"没有具备授课资格的讲师", "nobody is qualified"},
        [REFUSAL_NO_DAY] = {"这些日期都不在课程季节内", "no day lies in the course's season"},
        [REFUSAL_PLAN_DAYS] = {"没有可行的时间", "no time is possible"},
        [REFUSAL_NO_PLACE] = {"没有可行的时间", "no time is possible"},
        [REFUSAL_CROWDED] = {"没有可行的时间", "no time is possible"},
    };
    if (list->locked != RULE_COUNT) {
        cli_say(cli, rule_title(list->locked, true), rule_title(list->locked, false));
        return EXIT_FINDING;
    }
    if (format != NULL && strcmp(format, "csv") == 0) {
        printf("date,start,end,hall_id,hall,room_id,instructor_id,instructor,price,needs,outside_window\r\n");
        for (size_t i = 0; i < list->count; i++) {
            offer_print_csv(timetable, &list->items[i]);
        }
    } else {
        offers_print_text(cli, timetable, list);
    }
    if (!list->complete) {
        cli_say(cli, "范围太大，未查完；请缩小日期或区域。",
                "too much to look through to the end; narrow the days or the area.");
    }
    if (list->count == 0) {
        cli_say(cli, EMPTY[list->empty][0], EMPTY[list->empty][1]);
        return EXIT_FINDING;
    }
    return EXIT_DONE;
}

/* The query that the words ask for; false after saying what is wrong. */
static bool free_query_make(struct cli *cli, const struct ground *ground, const struct free_words *words,
                            const char *session, struct free_query *query)
{
    const struct timetable *t = ground->timetable;
    struct error err = {0};
    uint32_t course, hall, room, instructor, request;
    uint32_t area = NONE;
    uint64_t overrides = 0;
    if (!index_find(t, timetable_find_course, words->course, "course", &course) ||
        !index_find(t, timetable_find_hall, words->hall, "hall", &hall) ||
        !index_find(t, timetable_find_room, words->room, "room", &room) ||
        !index_find(t, timetable_find_instructor, words->instructor, "instructor", &instructor) ||
        !index_find(t, timetable_find_request, words->request, "request", &request) ||
        !overrides_parse(words->overrides, &overrides)) {
        return false;
    }
    if (words->township != NULL && (area = cli_find_area(t, words->township, AREA_TOWNSHIP)) == NONE) {
        return false;
    }
    int32_t from = words->from_day != INT32_MIN ? words->from_day : cli_today(cli, t);
    int32_t to = words->to_day != INT32_MIN ? words->to_day : from + FREE_DAYS;
    if (session != NULL && (request != NONE || course != NONE)) {
        fprintf(stderr, "litang free: --request、--course 不能与场次同用 / do not go with a session\n");
        return false;
    }
    if (session != NULL) {
        int64_t id = cli_find_session(t, session);
        if (id == 0) {
            return false;
        }
        if (free_query_session(ground->book, id, query, &err) != ERR_NONE) {
            (void)cli_error(&err);
            return false;
        }
        bool past = words->from_day == INT32_MIN && query->from_day < from && from <= query->to_day;
        free_query_days(query, words->from_day != INT32_MIN || past ? from : query->from_day,
                        words->to_day != INT32_MIN ? to : query->to_day);
    } else if (request != NONE && course == NONE && hall == NONE && area == NONE) {
        *query = free_query_request(t, request);
        free_query_days(query, words->from_day != INT32_MIN ? from : query->from_day,
                        words->to_day != INT32_MIN ? to : query->to_day);
    } else if (course == NONE || (hall == NONE) == (area == NONE)) {
        fprintf(stderr, "litang free: 需要 SESSION，或 --request，或 --course 与 --hall、--township 之一 / a "
                        "session, a request, or a course and one of hall and township\n");
        return false;
    } else {
        *query = free_query_course(course, hall, area, from, to);
        query->request = request;
    }
    if (session != NULL && (hall != NONE || area != NONE)) {
        query->hall = hall;
        query->area = hall != NONE ? (uint32_t)NONE : area;
    }
    query->room = room;
    query->instructor = instructor;
    query->overrides = overrides;
    query->max_results = (uint32_t)words->max_results;
    query->per_day = (uint32_t)words->per_day;
    query->weights = ground->weights;
    return true;
}

static int free_run(struct cli *cli, const struct free_words *words, const char *session)
{
    struct ground ground;
    struct free_query query;
    struct free_list list;
    struct error err = {0};
    int code = ground_open(cli, &ground);
    if (code != EXIT_DONE) {
        return code;
    }
    if (!free_query_make(cli, &ground, words, session, &query)) {
        code = EXIT_USAGE;
    } else if (free_find(ground.book, &query, &list, &err) != ERR_NONE) {
        code = cli_error(&err);
    } else {
        code = offers_print(cli, ground.timetable, &list, words->format);
        free_list_finish(&list);
    }
    ground_close(&ground);
    return code;
}

int command_free(struct cli *cli, int argc, char **argv)
{
    struct free_words words = {.from_day = INT32_MIN,
                               .to_day = INT32_MIN,
                               .max_results = FREE_RESULTS_DEFAULT,
                               .per_day = FREE_PER_DAY_DEFAULT};
    const struct arg_spec specs[] = {
        {"course", ARG_TEXT, &words.course, "ID", "课程 / course", 0, 0},
        {"hall", ARG_TEXT, &words.hall, "ID", "礼堂 / hall", 0, 0},
        {"township", ARG_TEXT, &words.township, "CODE", "镇街的任一礼堂 / any hall of a township", 0, 0},
        {"room", ARG_TEXT, &words.room, "ID", "只看此场地 / this room only", 0, 0},
        {"instructor", ARG_TEXT, &words.instructor, "ID", "只看此讲师 / this instructor only", 0, 0},
        {"request", ARG_TEXT, &words.request, "ID", "按此点单的偏好 / with a request's preferences", 0, 0},
        {"from", ARG_DATE, &words.from_day, "DATE", "默认今天 / default: today", 0, 0},
        {"to", ARG_DATE, &words.to_day, "DATE", "默认 60 天后 / default: 60 days later", 0, 0},
        {"overrides", ARG_TEXT, &words.overrides, "RULES",
         "允许须批准的规则，或 all / rules that may need setting aside, or all", 0, 0},
        {"max", ARG_INTEGER, &words.max_results, "N", "最多几个 / at most so many", 1, FREE_RESULTS_MAX},
        {"per-day", ARG_INTEGER, &words.per_day, "N", "每天最多几个，0 不限 / at most so many a day, 0: all",
         0, FREE_RESULTS_MAX},
        {"format", ARG_TEXT, &words.format, "text|csv", "输出格式 / output", 0, 0},
        {0}};
    const struct arg_usage usage = {
        "free", "[SESSION]",
        "哪里还有空：按代价排序。 Where a session could go, or a new one be held, cheapest first; nothing "
        "offered breaks a rule.",
        "free SESSION\nfree --course C --hall H --from D --to D\nfree --request R"};
    const char *word[1] = {NULL};
    size_t count = 0;
    int code = args_parse(argc, argv, &usage, specs, word, 0, 1, &count);
    if (code != ARGS_RUN) {
        return code;
    }
    if (words.format != NULL && strcmp(words.format, "text") != 0 && strcmp(words.format, "csv") != 0) {
        fprintf(stderr, "litang free: --format text|csv\n");
        return EXIT_USAGE;
    }
    return free_run(cli, &words, count > 0 ? word[0] : NULL);
}

/* ---- why ---- */

struct why_words {
    const char *room, *instructor;
    int32_t date, start_min, from_day, to_day;
    int64_t looks, max_results;
    bool is_request;
};

/* Another place, and what would break there. */
static int there_run(struct cli *cli, const struct ground *ground, int64_t session_id,
                     const struct why_words *words)
{
    const struct timetable *t = ground->timetable;
    uint32_t slot = book_slot_of(ground->book, session_id);
    uint32_t room, instructor;
    if (slot == NONE) {
        cli_say(cli, "该场次已取消。", "the session is cancelled.");
        return EXIT_FINDING;
    }
    if (!index_find(t, timetable_find_room, words->room, "room", &room) ||
        !index_find(t, timetable_find_instructor, words->instructor, "instructor", &instructor)) {
        return EXIT_USAGE;
    }
    struct placement there = *book_at(ground->book, slot);
    there.day = words->date != INT32_MIN ? words->date : there.day;
    there.start_min = words->start_min != INT32_MIN ? words->start_min : there.start_min;
    there.room = room != NONE ? room : there.room;
    there.series_exception = there.series_exception || there.series_id != 0;
    if (instructor != NONE) {
        there.instructors[0] = instructor;
        there.instructor_count = there.instructor_count == 0 ? 1 : there.instructor_count;
    }
    struct clash_list clashes;
    struct error err = {0};
    size_t hard = 0;
    clash_list_init(&clashes);
    int code = EXIT_DONE;
    if (why_there(ground->book, session_id, &there, &clashes, &hard, &err) != ERR_NONE) {
        code = cli_error(&err);
    } else {
        (void)cli_print_clashes(cli, t, &clashes, SIZE_MAX);
        code = hard > 0 ? EXIT_FINDING : EXIT_DONE;
        if (hard == 0) {
            cli_say(cli, "可以改到那里，不违反任何规则。", "it could go there; no rule is broken.");
        }
    }
    clash_list_finish(&clashes);
    return code;
}

static int session_run(struct cli *cli, const struct ground *ground, int64_t session_id,
                       const struct why_words *words)
{
    struct free_query query;
    struct why_session why;
    struct error err = {0};
    if (free_query_session(ground->book, session_id, &query, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    free_query_days(&query, words->from_day != INT32_MIN ? words->from_day : query.from_day,
                    words->to_day != INT32_MIN ? words->to_day : query.to_day);
    query.weights = ground->weights;
    query.max_results = (uint32_t)words->max_results;
    if (why_session(ground->book, &query, &why, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    struct text zh;
    struct text en;
    text_init(&zh, TEXT_MAX);
    text_init(&en, TEXT_MAX);
    why_session_text(ground->timetable, &why, true, &zh);
    why_session_text(ground->timetable, &why, false, &en);
    text_print(cli, &zh, &en);
    text_finish(&zh);
    text_finish(&en);
    why_session_finish(&why);
    return EXIT_DONE;
}

static int request_run(struct cli *cli, const struct ground *ground, uint32_t request,
                       const struct why_words *words)
{
    struct why_options options = {.from_day = cli_today(cli, ground->timetable),
                                  .looks = (uint32_t)words->looks,
                                  .weights = ground->weights};
    struct why_request why;
    struct error err = {0};
    options.from_day = words->from_day != INT32_MIN ? words->from_day : options.from_day;
    if (why_request(ground->book, request, &options, &why, &err) != ERR_NONE) {
        return cli_error(&err);
    }
    struct text zh;
    struct text en;
    text_init(&zh, TEXT_MAX);
    text_init(&en, TEXT_MAX);
    why_request_text(ground->timetable, &why, true, &zh);
    why_request_text(ground->timetable, &why, false, &en);
    text_print(cli, &zh, &en);
    text_finish(&zh);
    text_finish(&en);
    return why.kind == WHY_PLACED ? EXIT_DONE : EXIT_FINDING;
}

/* "17", "s-17@domain": a session, whatever requests are called. */
static bool is_session_word(const char *word)
{
    return strncmp(word, "s-", 2) == 0 || word[strspn(word, "0123456789")] == '\0';
}

static int why_word_run(struct cli *cli, const struct ground *ground, const char *word,
                        const struct why_words *words)
{
    uint32_t request = timetable_find_request(ground->timetable, word);
    bool is_there = words->date != INT32_MIN || words->start_min != INT32_MIN || words->room != NULL ||
                    words->instructor != NULL;
    if (!words->is_request && is_session_word(word)) {
        int64_t session_id = cli_find_session(ground->timetable, word);
        return session_id == 0 ? EXIT_USAGE
               : is_there      ? there_run(cli, ground, session_id, words)
                               : session_run(cli, ground, session_id, words);
    }
    if (request == NONE) {
        fprintf(stderr,
                words->is_request ? "litang: 没有这个点单 / no such request: %s\n"
                                  : "litang: 没有这个场次或点单 / no such session or request: %s\n",
                word);
        return EXIT_USAGE;
    }
    if (is_there) {
        fprintf(stderr,
                "litang why: --date、--start、--room、--instructor 只用于场次 / go with a session, not "
                "with a request\n");
        return EXIT_USAGE;
    }
    return request_run(cli, ground, request, words);
}

static int why_run(struct cli *cli, const char *word, const struct why_words *words)
{
    struct ground ground;
    int code = ground_open(cli, &ground);
    if (code == EXIT_DONE) {
        code = why_word_run(cli, &ground, word, words);
        ground_close(&ground);
    }
    return code;
}

int command_why(struct cli *cli, int argc, char **argv)
{
    struct why_words words = {.date = INT32_MIN,
                              .start_min = INT32_MIN,
                              .from_day = INT32_MIN,
                              .to_day = INT32_MIN,
                              .looks = WHY_LOOKS_FULL,
                              .max_results = 5};
    const struct arg_spec specs[] = {
        {"date", ARG_DATE, &words.date, "DATE", "若改到这天会怎样 / what would break on that day", 0, 0},
        {"start", ARG_TIME, &words.start_min, "HH:MM", "若改到此时 / at that time", 0, 0},
        {"room", ARG_TEXT, &words.room, "ID", "若改到此场地 / in that room", 0, 0},
        {"instructor", ARG_TEXT, &words.instructor, "ID", "若换此讲师 / by that instructor", 0, 0},
        {"from", ARG_DATE, &words.from_day, "DATE", "其他安排的起始日 / other days from", 0, 0},
        {"to", ARG_DATE, &words.to_day, "DATE", "其他安排的截止日（场次）/ to (of a session)", 0, 0},
        {"max", ARG_INTEGER, &words.max_results, "N", "最多几个其他安排 / at most so many others", 1,
         FREE_RESULTS_MAX},
        {"looks", ARG_INTEGER, &words.looks, "N", "点单最多查看几个时间 / places of a request looked at", 1,
         100000000},
        {"request", ARG_FLAG, &words.is_request, "", "编号是点单 / the word is a request", 0, 0},
        {0}};
    const struct arg_usage usage = {
        "why", "SESSION|REQUEST",
        "为何这样排，为何排不上。 Why a session is where it is and what else was possible; why a request has "
        "no place and what would make room.",
        "why SESSION --date D --start HH:MM [--room R] [--instructor I]: what would break there"};
    const char *word[1] = {NULL};
    size_t count = 0;
    int code = args_parse(argc, argv, &usage, specs, word, 1, 1, &count);
    return code != ARGS_RUN ? code : why_run(cli, word[0], &words);
}
