/* cli/output: a result that goes to a file of the user's or to standard output. Main thread. */
#ifndef LITANG_CLI_OUTPUT_H
#define LITANG_CLI_OUTPUT_H

#include "importers/export.h"

#include <stdbool.h>
#include <stddef.h>

/* Writes the file whole or not at all. NULL: standard output. A file that is there already is left alone
 * unless `force`. 0, or an exit code after saying why. */
int output_write(const char *path, bool force, const char *bytes, size_t length);

/* The format that was asked for, or else the one of the file's name, or CSV. False after saying what is
 * wrong: an unknown word, or a workbook for a terminal. */
bool output_format(const char *command, const char *word, const char *path, enum export_format *ret_format);

/* The kind by its English or Chinese name; false after listing the kinds. */
bool output_kind(const char *command, const char *word, enum import_kind *ret_kind);

#endif
