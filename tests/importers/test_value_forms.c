/* What offices write and what is understood, one form a line of data/value_forms.txt. */
#include "tests/importers/support.h"

#include "base/limits.h"
#include "importers/understood.h"

enum {
    LINE_SIZE = 512
};

static const struct {
    const char *name;
    value_parser parse;
    struct value_rule rule;
} PARSERS[] = {{"date", value_date, {.dates = DATE_WITH_TIME | DATE_DAYS}},
               {"day", value_date, {.dates = 0}},
               {"time", value_time, {.max = 0}},
               {"when", value_when, {.dates = DATE_WITH_TIME | DATE_DAYS}},
               {"end", value_end_time, {.max = 0}},
               {"percent", value_percent, {.max = 0}},
               {"count", value_count, {.max = 100000}},
               {"rule", value_rule_text, {.max = 0}}};

/* Cuts the next " | " field off. */
static char *field(char **line)
{
    char *from = *line;
    char *bar = strstr(from, " | ");
    if (bar != NULL) {
        *bar = '\0';
        *line = bar + 3;
    }
    return from;
}

static void how_add(uint16_t how, struct text *out)
{
    static const char *const NAMES[HOW_KINDS] = {"notation", "year",      "serial", "lunar",    "part",
                                                 "about",    "next-year", "usual",  "spelling", "datum"};
    for (unsigned i = 0; i < HOW_KINDS; i++) {
        text_addf(out, "%s%s", ((unsigned)how >> i & 1U) != 0 ? " " : "",
                  ((unsigned)how >> i & 1U) != 0 ? NAMES[i] : "");
    }
}

static void check_line(char *line, unsigned number)
{
    const char *name = field(&line);
    int32_t year = (int32_t)strtol(field(&line), NULL, 10);
    const char *written = field(&line);
    const char *expected = line;
    size_t which = 0;
    while (which < sizeof PARSERS / sizeof *PARSERS && strcmp(PARSERS[which].name, name) != 0) {
        which++;
    }
    assert_true(which < sizeof PARSERS / sizeof *PARSERS);
    struct arena arena;
    arena_init(&arena);
    struct value_context context = {.arena = &arena, .year = year};
    struct value value = VALUE_NONE;
    struct fault fault;
    struct text found;
    text_init(&found, LINE_SIZE);
    if (PARSERS[which].parse(&PARSERS[which].rule, written, &context, &value, &fault)) {
        value_understood(PARSERS[which].parse, &value, &found);
        how_add(value.how, &found);
    } else {
        text_addf(&found, "!%s", import_code_name(fault.code));
        assert_true(fault.zh[0] != '\0' && fault.en[0] != '\0');
    }
    if (strcmp(text_string(&found), expected) != 0) {
        fail_msg("line %u: \"%s\": \"%s\" instead of \"%s\"", number, written, text_string(&found), expected);
    }
    text_finish(&found);
    arena_finish(&arena);
}

static void every_form_is_understood_or_refused(void **state)
{
    (void)state;
    FILE *file = fopen(data_path("value_forms.txt"), "rb");
    assert_non_null(file);
    char line[LINE_SIZE];
    unsigned number = 0;
    unsigned forms = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        number++;
        line[strcspn(line, "\r\n")] = '\0';
        if (*line != '\0' && *line != '#') {
            check_line(line, number);
            forms++;
        }
    }
    (void)fclose(file);
    assert_true(forms > 100);
    print_message("%u forms\n", forms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_form_is_understood_or_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
