/* cli/args: options by table, so that every command reads and explains them alike. Main thread. */
#ifndef LITANG_CLI_ARGS_H
#define LITANG_CLI_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum arg_kind {
    ARG_FLAG,    /* bool *; "--name" */
    ARG_TEXT,    /* const char ** */
    ARG_INTEGER, /* int64_t *, min … max */
    ARG_DATE,    /* int32_t * day; "YYYY-MM-DD" */
    ARG_TIME,    /* int32_t * minute; "HH:MM" */
    ARG_SECONDS  /* int64_t * milliseconds; "1.5" */
};

struct arg_spec {
    const char *name; /* without "--"; NULL ends the table */
    enum arg_kind kind;
    void *dest;        /* borrowed; left untouched when the option is absent */
    const char *value; /* shown in help: "DATE" */
    const char *help;
    int64_t min, max; /* ARG_INTEGER and ARG_SECONDS (in ms) */
};

struct arg_usage {
    const char *command;    /* "plan" */
    const char *positional; /* "FILE…" or "" */
    const char *summary;    /* one sentence */
    const char *notes;      /* more help, may be NULL */
};

enum {
    ARGS_RUN = -1
}; /* not an exit code: go on */

/* Reads argv[1 …]; other words go to `words` (at most max_words; more are wrong use). Answers ARGS_RUN, 0
 * after
 * --help was printed, or 2 after a sentence on stderr said what is wrong. "--" ends the options. */
int args_parse(int argc, char **argv, const struct arg_usage *usage, const struct arg_spec *specs,
               const char **words, size_t min_words, size_t max_words, size_t *ret_word_count);

#endif
