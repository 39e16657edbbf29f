/* ical/lint: a byte-level linter for iCalendar streams, because no parser catches bare LF, long lines,
 * unescaped commas or a TZID without VTIMEZONE (measured on nine). One finding per defect with rule, line and
 * RFC section. Pure; any thread. */
#ifndef LITANG_ICAL_LINT_H
#define LITANG_ICAL_LINT_H

#include "base/error.h"

#include <stddef.h>

struct lint_finding {
    const char *rule;    /* static: "line-ending", "line-length", "fold-in-character" … */
    const char *section; /* static: "RFC 5545 §3.1" */
    size_t line;         /* physical line, from 1 */
    char text[160];      /* what is there */
};

struct lint_report {
    struct lint_finding *items;
    size_t count, capacity, dropped;
}; /* items owned */

/* Findings in the order of lines, at most LIMIT_LINT_BY_RULE of a rule; the rest is counted in `dropped`. One
 * pass; memory in proportion to the bytes. ERR_LIMIT past LIMIT_LINT_BYTES, ERR_MEMORY. */
enum error_code lint_calendar(const char *bytes, size_t length, struct lint_report *ret_report,
                              struct error *err);
void lint_report_finish(struct lint_report *report);

#endif
