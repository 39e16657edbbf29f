/* cli/cmd_attend: attend: what became of a session, entered by hand. */
#include "cli/cli.h"
#include "store/attendance.h"
#include "store/frozen.h"

#include <stdio.h>
#include <string.h>

struct asked {
    bool held, not_held, dry_run;
    const char *outside, *reason, *note, *by;
    int64_t heads, heads_60, satisfaction;
};

/* Exactly one of the three; false after saying so. */
static bool state_resolve(const struct asked *asked, struct attendance *entry)
{
    int given = asked->held + asked->not_held + (asked->outside != NULL);
    if (given != 1) {
        fprintf(stderr, "litang attend: 须选 --held、--not-held、--moved-outside 之一 / give one of --held, "
                        "--not-held, --moved-outside\n");
        return false;
    }
    if (asked->outside != NULL && asked->reason != NULL) {
        fprintf(stderr, "litang attend: --moved-outside 已带原因 / --moved-outside has its reason already\n");
        return false;
    }
    entry->held = asked->held ? HELD_YES : asked->not_held ? HELD_NO : HELD_OUTSIDE;
    entry->reason = asked->outside != NULL ? asked->outside : asked->reason;
    return true;
}

/* A day in a reported period: the entry stands, but the report has to be corrected. */
static void frozen_say(const struct cli *cli, struct store *store, int32_t day)
{
    struct frozen_periods periods;
    struct error err = {0};
    if (frozen_periods_load(store, FROZEN_ALL, &periods, &err) == ERR_NONE) {
        for (size_t i = 0; i < periods.count; i++) {
            const struct frozen_period *period = &periods.items[i];
            char zh[200];
            char en[200];
            if (day < period->from_day || day > period->to_day) {
                continue;
            }
            snprintf(zh, sizeof zh, "注意：此日在已上报时段 %.60s 内，请用 report correct 记录更正",
                     period->id);
            snprintf(en, sizeof en,
                     "note: the day lies in the reported period %.60s; report correct records a correction",
                     period->id);
            cli_say(cli, zh, en);
        }
    }
    frozen_periods_finish(&periods);
}

static int attend_run(struct cli *cli, const char *word, const struct asked *asked, struct attendance *entry)
{
    struct store *store = NULL;
    struct timetable *tt = NULL;
    struct change_set *set = NULL;
    struct error err = {0};
    int code = cli_open_snapshot(cli, &store, &tt);
    if (code != EXIT_DONE) {
        return code;
    }
    entry->session_id = cli_find_session(tt, word);
    if (entry->session_id == 0) {
        code = EXIT_USAGE;
    } else if (change_set_create(cli->actor, asked->reason != NULL ? asked->reason : "attend", "cli", &set,
                                 &err) != ERR_NONE ||
               attendance_put(set, tt, cli_today(cli, tt), entry, &err) != ERR_NONE) {
        code = cli_error(&err);
        change_set_destroy(set);
    } else {
        int32_t day = timetable_find_session(tt, entry->session_id)->at.day;
        code = cli_commit(cli, store, set, asked->dry_run);
        if (code == EXIT_DONE) {
            frozen_say(cli, store, day);
        }
    }
    timetable_unref(tt);
    store_close(store);
    return code;
}

int command_attend(struct cli *cli, int argc, char **argv)
{
    struct asked asked = {.heads = -1, .heads_60 = -1, .satisfaction = -1};
    const struct arg_spec specs[] = {
        {"held", ARG_FLAG, &asked.held, "", "已在礼堂开展 / held in its hall", 0, 0},
        {"not-held", ARG_FLAG, &asked.not_held, "", "未开展，需 --reason / not held; needs --reason", 0, 0},
        {"moved-outside", ARG_TEXT, &asked.outside, "REASON",
         "改在礼堂外，写明原因 / held outside the hall, and why", 0, 0},
        {"reason", ARG_TEXT, &asked.reason, "TEXT", "原因 / why not, or why corrected", 0, 0},
        {"heads", ARG_INTEGER, &asked.heads, "N", "人数 / heads", 0, LIMIT_HEADS},
        {"heads-60", ARG_INTEGER, &asked.heads_60, "N", "其中 60 岁以上 / of them 60 and more", 0,
         LIMIT_HEADS},
        {"satisfaction", ARG_INTEGER, &asked.satisfaction, "N", "满意度（百分） / percent", 0, 100},
        {"note", ARG_TEXT, &asked.note, "TEXT", "备注 / remark", 0, 0},
        {"by", ARG_TEXT, &asked.by, "NAME", "登记人 / who reports it, when not the actor", 0, 0},
        {"dry-run", ARG_FLAG, &asked.dry_run, "", "只检查，不写入 / try it, write nothing", 0, 0},
        {0}};
    const struct arg_usage usage = {
        "attend", "SESSION",
        "登记一个场次是否开展、多少人。 Enters whether a session was held, and how many came.",
        "再次登记会替换，原来的内容留在变更记录里。 A second entry replaces the first, which stays in the "
        "history."};
    const char *words[1];
    size_t count = 0;
    struct attendance entry = {0};
    int code = args_parse(argc, argv, &usage, specs, words, 1, 1, &count);
    if (code != ARGS_RUN) {
        return code;
    }
    if (!state_resolve(&asked, &entry)) {
        return EXIT_USAGE;
    }
    entry.heads = (int32_t)asked.heads;
    entry.heads_60 = (int32_t)asked.heads_60;
    entry.satisfaction = (int32_t)asked.satisfaction;
    entry.note = asked.note;
    entry.recorded_by = asked.by;
    entry.recorded_at = cli->clock.now_s(cli->clock.context);
    return attend_run(cli, words[0], &asked, &entry);
}
