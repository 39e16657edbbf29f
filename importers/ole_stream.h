/* importers/ole_stream: one stream of a compound file ([MS-CFB]), the container of old Excel workbooks.
 * Chains that run in circles or out of the file end in an error, never in a loop. Any thread. */
#ifndef LITANG_IMPORTERS_OLE_STREAM_H
#define LITANG_IMPORTERS_OLE_STREAM_H

#include "base/error.h"

#include <stddef.h>

/* The stream's bytes (malloc'd), which are at most as many as the file's. ERR_NOT_FOUND: no such stream;
 * ERR_SYNTAX: damaged; ERR_MEMORY. */
enum error_code ole_stream_read(const char *bytes, size_t length, const char *name, char **ret_stream,
                                size_t *ret_length);

#endif
