/* cli/args: see args.h. */
#include "cli/args.h"

#include "base/date.h"
#include "cli/likely.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void usage_print(FILE *out, const struct arg_usage *usage, const struct arg_spec *specs)
{
    fprintf(out, "litang --db FILE %s%s%s%s\n\n%s\n", usage->command,
            specs[0].name != NULL ? " [options]" : "", usage->positional[0] != '\0' ? " " : "",
            usage->positional, usage->summary);
    if (specs[0].name != NULL) {
        fprintf(out, "\n");
    }
    for (const struct arg_spec *spec = specs; spec->name != NULL; spec++) {
        char left[64];
        snprintf(left, sizeof left, "--%s%s%s", spec->name, spec->kind == ARG_FLAG ? "" : " ",
                 spec->kind == ARG_FLAG ? "" : spec->value);
        fprintf(out, "  %-26s %s\n", left, spec->help);
    }
    if (usage->notes != NULL) {
        fprintf(out, "\n%s\n", usage->notes);
    }
}

static int wrong(const struct arg_usage *usage, const char *what, const char *word)
{
    fprintf(stderr, "litang %s: %s: %s\nlitang %s --help\n", usage->command, what, word, usage->command);
    return 2;
}

static bool integer_parse(const char *text, int64_t min, int64_t max, int64_t *ret_value)
{
    char *end = NULL;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0' || value < min || value > max) {
        return false;
    }
    *ret_value = value;
    return true;
}

static bool seconds_parse(const char *text, int64_t min_ms, int64_t max_ms, int64_t *ret_ms)
{
    char *end = NULL;
    errno = 0;
    double value = strtod(text, &end);
    if (errno != 0 || end == text || *end != '\0' || !(value >= 0.0 && value < 1e9)) {
        return false;
    }
    int64_t ms = (int64_t)(value * 1000.0 + 0.5);
    if (ms < min_ms || ms > max_ms) {
        return false;
    }
    *ret_ms = ms;
    return true;
}

static bool value_store(const struct arg_spec *spec, const char *text)
{
    int64_t number = 0;
    switch (spec->kind) {
    case ARG_FLAG:
        *(bool *)spec->dest = true;
        return true;
    case ARG_TEXT:
        *(const char **)spec->dest = text;
        return true;
    case ARG_INTEGER:
        return integer_parse(text, spec->min, spec->max, spec->dest);
    case ARG_DATE:
        return date_parse(text, spec->dest);
    case ARG_TIME:
        return minute_parse(text, spec->dest);
    case ARG_SECONDS:
        if (!seconds_parse(text, spec->min, spec->max, &number)) {
            return false;
        }
        *(int64_t *)spec->dest = number;
        return true;
    }
    return false;
}

static const struct arg_spec *spec_find(const struct arg_spec *specs, const char *name, size_t length)
{
    for (const struct arg_spec *spec = specs; spec->name != NULL; spec++) {
        if (strlen(spec->name) == length && strncmp(spec->name, name, length) == 0) {
            return spec;
        }
    }
    return NULL;
}

/* One "--name[=value]" at argv[*at]; moves *at past a value that stands alone. */
static int option_read(int argc, char **argv, int *at, const struct arg_usage *usage,
                       const struct arg_spec *specs)
{
    const char *name = argv[*at] + 2;
    const char *equals = strchr(name, '=');
    size_t length = equals != NULL ? (size_t)(equals - name) : strlen(name);
    const struct arg_spec *spec = spec_find(specs, name, length);
    if (spec == NULL) {
        struct likely likely = {.typed = name, .length = length};
        for (const struct arg_spec *known = specs; known->name != NULL; known++) {
            likely_try(&likely, known->name);
        }
        int code = wrong(usage, "没有这个选项 / unknown option", argv[*at]);
        likely_say(&likely, "--");
        return code;
    }
    const char *value = equals != NULL ? equals + 1 : NULL;
    if (spec->kind == ARG_FLAG && value != NULL) {
        return wrong(usage, "此选项不带值 / takes no value", argv[*at]);
    }
    if (spec->kind != ARG_FLAG && value == NULL) {
        if (*at + 1 >= argc) {
            return wrong(usage, "缺少值 / value missing", argv[*at]);
        }
        value = argv[++*at];
    }
    if (!value_store(spec, value)) {
        char what[160];
        snprintf(what, sizeof what, "--%s 的值不可用 / not a usable %s", spec->name, spec->value);
        return wrong(usage, what, value);
    }
    return ARGS_RUN;
}

int args_parse(int argc, char **argv, const struct arg_usage *usage, const struct arg_spec *specs,
               const char **words, size_t min_words, size_t max_words, size_t *ret_word_count)
{
    size_t count = 0;
    bool options_over = false;
    char output_name[] = "--output"; /* what -o stands for */
    for (int at = 1; at < argc; at++) {
        if (!options_over && (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0)) {
            usage_print(stdout, usage, specs);
            return 0;
        }
        if (!options_over && strcmp(argv[at], "--") == 0) {
            options_over = true;
        } else if (!options_over && strcmp(argv[at], "-o") == 0 && spec_find(specs, "output", 6) != NULL) {
            char *output[] = {output_name, at + 1 < argc ? argv[at + 1] : NULL};
            int first = 0;
            int code = option_read(at + 1 < argc ? 2 : 1, output, &first, usage, specs);
            if (code != ARGS_RUN) {
                return code;
            }
            at++;
        } else if (!options_over && strncmp(argv[at], "--", 2) == 0) {
            int code = option_read(argc, argv, &at, usage, specs);
            if (code != ARGS_RUN) {
                return code;
            }
        } else if (count == max_words) {
            bool is_option = !options_over && argv[at][0] == '-' && argv[at][1] != '\0';
            return wrong(usage,
                         is_option ? "没有这个选项 / unknown option" : "多余的参数 / one word too many",
                         argv[at]);
        } else {
            words[count++] = argv[at];
        }
    }
    if (count < min_words) {
        return wrong(usage, "缺少参数 / missing", usage->positional);
    }
    *ret_word_count = count;
    return ARGS_RUN;
}
