/* cli/cli: what every command of the `litang` binary shares. Results go to stdout, progress and findings to
 * stderr; exit codes are those of DESIGN §11. Main thread. */
#ifndef LITANG_CLI_CLI_H
#define LITANG_CLI_CLI_H

#include "base/date.h"
#include "base/zone.h"
#include "cli/args.h"
#include "scheduler/plan.h"
#include "store/change.h"
#include "store/store.h"

enum {
    EXIT_DONE = 0,
    EXIT_FINDING = 1,
    EXIT_USAGE = 2,
    EXIT_TROUBLE = 3
};

/* Clashes printed by a command that is not about them; `check` prints all. */
enum {
    CLASHES_SHOWN = 50
};

enum cli_language {
    LANGUAGE_BOTH,
    LANGUAGE_ZH,
    LANGUAGE_EN
};

struct cli {
    const char *db_path; /* --db, or $LITANG_DB; NULL when neither was given */
    const char *actor;   /* --actor, or $LITANG_ACTOR, or the account's name */
    enum cli_language language;
    struct clock_source clock;
};

struct command {
    const char *name;
    const char *summary;
    int (*run)(struct cli *cli, int argc, char **argv); /* argv[0] is the command's name */
};

/* One line per command, in the order that --help shows. */
extern const struct command COMMANDS[];
extern const size_t COMMAND_COUNT;

/* clang-format off */
#define COMMAND_FUNCTIONS(X)                                                                        \
    X(init) X(demo) X(import) X(follow) X(undo) X(history) X(plan) X(diff) X(publish) X(check) X(sessions)    \
    X(book) X(move) X(cancel) X(reassign) X(pin) X(free) X(why) X(close) X(absent) X(feed) X(lint)  \
    X(report) X(attend) X(backup) X(restore) X(serve) X(token) X(receipts) X(problem) X(weights)    \
    X(export) X(template)
/* clang-format on */
#define X(name) int command_##name(struct cli *cli, int argc, char **argv);
COMMAND_FUNCTIONS(X)
#undef X

/* Opens the database, or says why not and answers an exit code; 0 when open. */
int cli_open(struct cli *cli, enum store_mode mode, struct store **ret_store);
int cli_open_snapshot(struct cli *cli, struct store **ret_store, struct timetable **ret_timetable);
/* Prints the error on stderr and answers the exit code that fits it. */
int cli_error(const struct error *err);
/* Prints a sentence in the chosen language(s) on stderr. */
void cli_say(const struct cli *cli, const char *zh, const char *en);
/* Each soft term of a cost on a line of stdout, with its units in the chosen language(s), and the same
 * of weights, a * beside those that are not the default. */
void cli_print_cost(const struct cli *cli, const struct plan_cost *cost);
void cli_print_weights(const struct cli *cli, const struct weights *weights);
/* The timetable's zone (UTC when it cannot be read), and today's local day there. */
struct zone cli_zone(const struct timetable *timetable);
int32_t cli_today(const struct cli *cli, const struct timetable *timetable);

/* Prints the clashes of a list, at most `max` lines; answers how many were not overridden. */
size_t cli_print_clashes(const struct cli *cli, const struct timetable *timetable,
                         const struct clash_list *list, size_t max);
/* The same for a commit that was refused: its clashes are listed instead of the error's sentence. */
int cli_refused(const struct cli *cli, const struct error *err, const struct commit_result *result);
/* Commits a set and reports it in the same words for every command; finishes and destroys what it was given.
 */
int cli_commit(struct cli *cli, struct store *store, struct change_set *set, bool dry_run);

/* Finds an area by id or by its (unique) name; NONE after saying what is wrong. */
uint32_t cli_find_area(const struct timetable *timetable, const char *word, enum area_level level);
/* "17", "s-17@domain": the number of a session that exists, or 0 after saying what is wrong. */
int64_t cli_find_session(const struct timetable *timetable, const char *word);

#endif
