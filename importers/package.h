/* importers/package: the parts of a workbook's ZIP package (ECMA-376 part 2), unpacked piece by piece into an
 * XML reader, never whole. What all parts unpack to is bounded, whatever their headers claim. One thread at a
 * time. */
#ifndef LITANG_IMPORTERS_PACKAGE_H
#define LITANG_IMPORTERS_PACKAGE_H

#include "importers/xml_stream.h"

struct package;

/* The bytes must outlive it. ERR_INPUT: a damaged or encrypted archive; ERR_LIMIT; ERR_MEMORY. */
enum error_code package_open(const char *bytes, size_t length, struct package **ret_package,
                             struct error *err);
void package_close(struct package *package);

/* ERR_NOT_FOUND when there is no such part (no sentence); ERR_INPUT: damaged; ERR_LIMIT; those of xml_feed.
 */
enum error_code package_parse(struct package *package, const char *part, const struct xml_handlers *handlers,
                              void *context, struct error *err);

#endif
