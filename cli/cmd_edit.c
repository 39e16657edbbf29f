/* cli/cmd_edit: book, move, cancel, reassign, pin: one session changed through the gate. */
#include "cli/cli.h"
#include "cli/edit_notes.h"
#include "scheduler/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What every edit can carry. */
struct edit_common {
    const char *reason;
    const char *override_rules; /* "closure,capacity" */
    bool dry_run;
};

#define REASON "原因 / recorded with the revision"
#define REASON_PUBLIC                                                                                        \
    "停课原因：公开显示在网页和日历中，勿写个人隐私 / shown on pages and in calendars: nothing private"

#define EDIT_COMMON_SPECS(common, why)                                                                       \
    {"reason", ARG_TEXT, &(common).reason, "TEXT", (why), 0, 0},                                             \
        {"override",                                                                                         \
         ARG_TEXT,                                                                                           \
         &(common).override_rules,                                                                           \
         "RULES",                                                                                            \
         "批准突破的规则 / rules set aside, needs --reason",                                                 \
         0,                                                                                                  \
         0},                                                                                                 \
    {                                                                                                        \
        "dry-run", ARG_FLAG, &(common).dry_run, "", "只检查，不写入 / try it, write nothing", 0, 0           \
    }

#define LIFT_ALONG "并恢复已取消的场次 / and hold it again"
#define LIFT_SPEC(lift, what)                                                                                \
    {                                                                                                        \
        "lift", ARG_FLAG, &(lift), "", (what), 0, 0                                                          \
    }

/* "closure,capacity" to a mask; false after saying which word is no overridable rule. */
static bool override_parse(const char *words, uint64_t *ret_mask)
{
    char copy[256];
    if (strlen(words) >= sizeof copy) {
        fprintf(stderr, "litang: --override 太长 / too long\n");
        return false;
    }
    strcpy(copy, words);
    char *rest = NULL;
    for (char *word = strtok_r(copy, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest)) {
        enum rule_code rule = rule_from_name(word);
        if (rule == RULE_COUNT || !rule_overridable(rule)) {
            fprintf(stderr, "litang: 此规则不能突破 / not a rule that can be set aside: %s\n", word);
            return false;
        }
        *ret_mask |= RULE_BIT(rule);
    }
    return true;
}

/* A change set with the common parts in it; NULL after saying why not. */
static struct change_set *set_begin(struct cli *cli, const struct edit_common *common, const char *command)
{
    uint64_t mask = 0;
    struct error err = {0};
    struct change_set *set = NULL;
    if (common->override_rules != NULL &&
        (common->reason == NULL || !override_parse(common->override_rules, &mask))) {
        if (common->reason == NULL) {
            fprintf(stderr, "litang %s: --override 需要 --reason / needs a reason\n", command);
        }
        return NULL;
    }
    const char *reason = common->reason != NULL ? common->reason : command;
    if (change_set_create(cli->actor, reason, "cli", &set, &err) != ERR_NONE ||
        (mask != 0 && change_set_override(set, mask, reason, &err) != ERR_NONE)) {
        (void)cli_error(&err);
        change_set_destroy(set);
        return NULL;
    }
    return set;
}

/* "I001,I002" (or ;) into at most LIMIT_SESSION_INSTRUCTORS words of `copy`. */
static bool instructors_split(char *copy, const char *ids[LIMIT_SESSION_INSTRUCTORS], size_t *ret_count)
{
    size_t count = 0;
    char *rest = NULL;
    for (char *word = strtok_r(copy, ",;", &rest); word != NULL; word = strtok_r(NULL, ",;", &rest)) {
        if (count == LIMIT_SESSION_INSTRUCTORS) {
            fprintf(stderr, "litang: 讲师最多 %d 位 / at most %d instructors\n", LIMIT_SESSION_INSTRUCTORS,
                    LIMIT_SESSION_INSTRUCTORS);
            return false;
        }
        ids[count++] = word;
    }
    *ret_count = count;
    return count > 0;
}

/* Runs one edit of the session that `word` names. */
static int edit_run(struct cli *cli, const char *word, const struct edit_common *common,
                    struct session_edit *edit, const char *command)
{
    struct store *store = NULL;
    struct timetable *tt = NULL;
    int code = cli_open_snapshot(cli, &store, &tt);
    if (code != EXIT_DONE) {
        return code;
    }
    struct error err = {0};
    edit->id = cli_find_session(tt, word);
    const struct session *session = edit->id != 0 ? timetable_find_session(tt, edit->id) : NULL;
    if ((edit->fields & EDIT_TIME) && session != NULL) { /* what was not given stays */
        edit->day = edit->day != INT32_MIN ? edit->day : session->at.day;
        edit->start_min = edit->start_min != INT32_MIN ? edit->start_min : session->at.start_min;
    }
    edit->fields |= common->override_rules != NULL ? EDIT_APPROVE : 0U;
    struct change_set *set = session != NULL ? set_begin(cli, common, command) : NULL;
    if (set == NULL) {
        code = EXIT_USAGE;
    } else if (change_set_session_edit(set, edit, &err) != ERR_NONE) {
        code = cli_error(&err);
        change_set_destroy(set);
    } else {
        code = cli_commit(cli, store, set, common->dry_run);
    }
    if (code == EXIT_DONE && (edit->fields & (EDIT_TIME | EDIT_ROOM)) != 0) {
        uint32_t room = edit->room_id != NULL ? timetable_find_room(tt, edit->room_id) : session->at.room;
        int32_t day = (edit->fields & EDIT_TIME) != 0 ? edit->day : session->at.day;
        edit_notes(cli, tt, &(struct edit_aim){session->at.request, room, day});
    }
    timetable_unref(tt);
    store_close(store);
    return code;
}

int command_move(struct cli *cli, int argc, char **argv)
{
    struct edit_common common = {0};
    struct session_edit edit = {.day = INT32_MIN, .start_min = INT32_MIN};
    int64_t minutes = 0;
    bool alone = false;
    bool lift = false;
    const struct arg_spec specs[] = {
        {"date", ARG_DATE, &edit.day, "DATE", "新日期 / new date", 0, 0},
        {"start", ARG_TIME, &edit.start_min, "HH:MM", "新开始时间 / new start", 0, 0},
        {"minutes", ARG_INTEGER, &minutes, "N", "时长 / new length", 1, LIMIT_SESSION_MINUTES},
        {"room", ARG_TEXT, &edit.room_id, "ID", "新场地 / new room", 0, 0},
        {"alone", ARG_FLAG, &alone, "", "系列课只动这一次 / this meeting of a series alone", 0, 0},
        LIFT_SPEC(lift, LIFT_ALONG),
        EDIT_COMMON_SPECS(common, REASON),
        {0}};
    const struct arg_usage usage = {
        "move", "SESSION", "改期或换场地。 Moves a session; a clash is named and nothing is written.", NULL};
    const char *word[1];
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, word, 1, 1, &words);
    if (code != ARGS_RUN) {
        return code;
    }
    bool time = edit.day != INT32_MIN || edit.start_min != INT32_MIN || minutes != 0;
    edit.minutes = (int32_t)minutes;
    edit.series_exception = alone;
    edit.fields = (time ? EDIT_TIME : 0U) | (edit.room_id != NULL ? EDIT_ROOM : 0U) |
                  (alone ? EDIT_SERIES_EXCEPTION : 0U);
    if (edit.fields == 0 || edit.fields == EDIT_SERIES_EXCEPTION) {
        fprintf(stderr, "litang move: 请给出 --date、--start、--minutes 或 --room / say where to\n");
        return EXIT_USAGE;
    }
    edit.fields |= lift ? EDIT_STATUS : 0U;
    edit.status = SESSION_CONFIRMED;
    return edit_run(cli, word[0], &common, &edit, "move");
}

int command_cancel(struct cli *cli, int argc, char **argv)
{
    struct edit_common common = {0};
    bool lift = false;
    const struct arg_spec specs[] = {LIFT_SPEC(lift, "恢复已取消的场次 / hold it after all"),
                                     EDIT_COMMON_SPECS(common, REASON_PUBLIC),
                                     {0}};
    const struct arg_usage usage = {
        "cancel", "SESSION",
        "停课；日历中显示【停课】并保留 7 天。 Cancels a session; feeds show it as cancelled for 7 days.",
        NULL};
    const char *word[1];
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, word, 1, 1, &words);
    if (code != ARGS_RUN) {
        return code;
    }
    if (common.override_rules != NULL && !lift) {
        fprintf(stderr,
                "litang cancel: 停课不违反规则，--override 只与 --lift 同用 / a cancellation breaks no rule: "
                "--override goes with --lift\n");
        return EXIT_USAGE;
    }
    struct session_edit edit = {.fields = EDIT_STATUS,
                                .status = lift ? SESSION_CONFIRMED : SESSION_CANCELLED,
                                .cancel_reason = lift ? NULL : common.reason};
    return edit_run(cli, word[0], &common, &edit, "cancel");
}

int command_reassign(struct cli *cli, int argc, char **argv)
{
    struct edit_common common = {0};
    const char *to = NULL;
    bool alone = false;
    bool lift = false;
    const struct arg_spec specs[] = {
        {"to", ARG_TEXT, &to, "ID[,ID…]", "新讲师，第一位主讲 / new instructors, the first leads", 0, 0},
        {"alone", ARG_FLAG, &alone, "", "系列课只动这一次 / this meeting of a series alone", 0, 0},
        LIFT_SPEC(lift, LIFT_ALONG),
        EDIT_COMMON_SPECS(common, REASON),
        {0}};
    const struct arg_usage usage = {"reassign", "SESSION", "更换讲师。 Gives a session to other instructors.",
                                    NULL};
    const char *word[1];
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, word, 1, 1, &words);
    if (code != ARGS_RUN) {
        return code;
    }
    struct session_edit edit = {.fields = EDIT_INSTRUCTORS | (alone ? EDIT_SERIES_EXCEPTION : 0U) |
                                          (lift ? EDIT_STATUS : 0U),
                                .series_exception = alone,
                                .status = SESSION_CONFIRMED};
    char *copy = to != NULL ? strdup(to) : NULL;
    if (copy == NULL || !instructors_split(copy, edit.instructor_ids, &edit.instructor_count)) {
        free(copy);
        fprintf(stderr, "litang reassign: 请用 --to 给出讲师 / name the instructors with --to\n");
        return EXIT_USAGE;
    }
    code = edit_run(cli, word[0], &common, &edit, "reassign");
    free(copy);
    return code;
}

int command_pin(struct cli *cli, int argc, char **argv)
{
    struct edit_common common = {0};
    bool off = false;
    const struct arg_spec specs[] = {
        {"off", ARG_FLAG, &off, "", "解锁 / unpin", 0, 0}, EDIT_COMMON_SPECS(common, REASON), {0}};
    const struct arg_usage usage = {
        "pin", "SESSION", "锁定：不再变动。 Pins a session: it does not move until unpinned.", NULL};
    const char *word[1];
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, word, 1, 1, &words);
    if (code != ARGS_RUN) {
        return code;
    }
    struct session_edit edit = {.fields = EDIT_PINNED, .pinned = !off};
    return edit_run(cli, word[0], &common, &edit, "pin");
}

static int book_run(struct cli *cli, const struct edit_common *common, const struct session_new *session)
{
    struct store *store = NULL;
    struct timetable *tt = NULL;
    int code = cli_open_snapshot(cli, &store, &tt);
    if (code != EXIT_DONE) {
        return code;
    }
    struct error err = {0};
    struct change_set *set = set_begin(cli, common, "book");
    if (set == NULL) {
        code = EXIT_USAGE;
    } else if (change_set_session_new(set, session, &err) != ERR_NONE) {
        code = cli_error(&err);
        change_set_destroy(set);
    } else {
        code = cli_commit(cli, store, set, common->dry_run);
    }
    if (code == EXIT_DONE) {
        uint32_t request =
            session->request_id != NULL ? timetable_find_request(tt, session->request_id) : (uint32_t)NONE;
        edit_notes(cli, tt,
                   &(struct edit_aim){request, timetable_find_room(tt, session->room_id), session->day});
        edit_note_surplus(cli, tt, request);
    }
    timetable_unref(tt);
    store_close(store);
    return code;
}

int command_book(struct cli *cli, int argc, char **argv)
{
    struct edit_common common = {0};
    struct session_new session = {.day = INT32_MIN,
                                  .start_min = INT32_MIN,
                                  .setup_min = -1,
                                  .clear_min = -1,
                                  .heads = -1,
                                  .status = SESSION_CONFIRMED};
    const char *instructors = NULL;
    int64_t minutes = 0;
    int64_t heads = -1;
    const struct arg_spec specs[] = {
        {"course", ARG_TEXT, &session.course_id, "ID", "课程 / course", 0, 0},
        {"room", ARG_TEXT, &session.room_id, "ID", "场地 / room", 0, 0},
        {"date", ARG_DATE, &session.day, "DATE", "日期 / date", 0, 0},
        {"start", ARG_TIME, &session.start_min, "HH:MM", "开始 / start", 0, 0},
        {"instructor", ARG_TEXT, &instructors, "ID[,ID…]", "讲师，第一位主讲 / the first leads", 0, 0},
        {"minutes", ARG_INTEGER, &minutes, "N", "时长，默认按课程 / default: the course's", 1,
         LIMIT_SESSION_MINUTES},
        {"heads", ARG_INTEGER, &heads, "N", "预计人数 / expected heads", 0, 100000},
        {"request", ARG_TEXT, &session.request_id, "ID",
         "满足的点单，课程和礼堂须一致 / the request it answers: of its course and hall", 0, 0},
        {"note", ARG_TEXT, &session.note, "TEXT", "公开备注 / public remark", 0, 0},
        EDIT_COMMON_SPECS(common, REASON),
        {0}};
    const struct arg_usage usage = {
        "book", "", "新增一个场次，输出其编号。 Adds one session and prints its number.", NULL};
    size_t words = 0;
    int code = args_parse(argc, argv, &usage, specs, NULL, 0, 0, &words);
    if (code != ARGS_RUN) {
        return code;
    }
    session.minutes = (int32_t)minutes;
    session.heads = (int32_t)heads;
    char *copy = instructors != NULL ? strdup(instructors) : NULL;
    if (session.course_id == NULL || session.room_id == NULL || session.day == INT32_MIN ||
        session.start_min == INT32_MIN || copy == NULL ||
        !instructors_split(copy, session.instructor_ids, &session.instructor_count)) {
        free(copy);
        fprintf(stderr, "litang book: 需要 --course --room --date --start --instructor\n");
        return EXIT_USAGE;
    }
    code = book_run(cli, &common, &session);
    free(copy);
    return code;
}
