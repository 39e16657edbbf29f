/* importers/demo_files: the files of examples/taizhou as bytes in the program, made at build time by
 * importers/demo_embed.cmake. Any thread. */
#ifndef LITANG_IMPORTERS_DEMO_FILES_H
#define LITANG_IMPORTERS_DEMO_FILES_H

#include <stddef.h>

struct demo_file {
    const char *name; /* "townships.csv"; NULL ends the list */
    const unsigned char *data;
    size_t size;
};

extern const struct demo_file DEMO_FILES[];

#endif
