/* daemon/web_assets: the built pages of web/, which the program carries (web/embed.cmake makes the tables;
 * they are empty when it was built without Node). Read-only, any thread. */
#ifndef LITANG_DAEMON_WEB_ASSETS_H
#define LITANG_DAEMON_WEB_ASSETS_H

#include <stddef.h>

/* One file; a digest of its content is in its name, so that it may be kept for ever. */
struct web_asset {
    const char *name; /* NULL: the end */
    const char *type;
    const unsigned char *bytes;
    size_t length;
};

/* What a page needs of them, by file name. */
struct web_page {
    const char *name; /* "coverage"; NULL: the end */
    const char *script, *style;
    const char *later; /* a script that the first one will ask for: worth fetching at once */
};

extern const struct web_asset WEB_ASSETS[];
extern const struct web_page WEB_PAGES[];

/* NULL: this program was built without it. */
const struct web_page *web_page_find(const char *name);

#endif
