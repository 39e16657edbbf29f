/* importers/template: what a form to fill in holds: its columns, examples and lists. export_template writes
 * it. One thread at a time. */
#ifndef LITANG_IMPORTERS_TEMPLATE_H
#define LITANG_IMPORTERS_TEMPLATE_H

#include "importers/intake.h"

enum {
    EXAMPLE_ROWS = 2 /* as many as struct column_form can give */
};

/* The words of each drop-down list: names where they are unique, else ids. */
struct template_list {
    const char **items; /* owned; the texts belong to the rows */
    size_t count;
};
struct template_lists {
    struct template_list of[CHOICE_COUNT];
};

/* The tables (STORED_BIT) that the lists of a kind come from. */
uint32_t template_tables(const struct kind *kind);
enum error_code template_lists_fill(const struct kind *kind, const struct stored_rows *rows,
                                    struct template_lists *ret_lists, struct error *err);
void template_lists_finish(struct template_lists *lists);

/* Is the column part of the template; must it be filled? */
bool template_has(const struct kind *kind, size_t column);
bool template_needs(const struct kind *kind, size_t column);
size_t template_examples(const struct kind *kind);

/* Is the current row an example: does its first cell begin with EXAMPLE_MARK? *ret_edited: not as the
 * template has it. */
bool template_is_example(struct intake *intake, bool *ret_edited);

#endif
