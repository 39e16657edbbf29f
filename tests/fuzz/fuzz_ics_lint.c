/* Fuzzes the feed linter: any bytes, in bounded memory; every finding is a printable line of its own. */
#include "base/limits.h"
#include "base/text.h"
#include "ical/lint.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct lint_report report = {0};
    if (lint_calendar((const char *)data, size, &report, NULL) != ERR_NONE) {
        return 0;
    }
    for (size_t i = 0; i < report.count; i++) {
        const struct lint_finding *finding = &report.items[i];
        if (!utf8_valid(finding->text, strlen(finding->text)) || strchr(finding->text, '\n') != NULL ||
            finding->line == 0) {
            abort();
        }
    }
    lint_report_finish(&report);
    return 0;
}
