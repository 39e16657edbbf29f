/* daemon/assets_route: /assets/NAME: what pages load. A name holds a digest of the content, so a browser may
 * keep the file for ever. */
#include "daemon/router.h"
#include "daemon/web_assets.h"

#include <string.h>

const struct web_page *web_page_find(const char *name)
{
    for (const struct web_page *page = WEB_PAGES; page->name != NULL; page++) {
        if (strcmp(page->name, name) == 0) {
            return page;
        }
    }
    return NULL;
}

enum error_code route_asset(const struct route_request *request, int argument, struct reply_draft *draft,
                            struct error *err)
{
    (void)argument;
    for (const struct web_asset *asset = WEB_ASSETS; asset->name != NULL; asset++) {
        if (strcmp(asset->name, request->id) == 0) {
            draft->content_type = asset->type;
            draft->cache_control = "public, max-age=31536000, immutable";
            text_add_bytes(&draft->body, (const char *)asset->bytes, asset->length);
            return ERR_NONE;
        }
    }
    return error_set(err, ERR_NOT_FOUND, "没有这个文件 / no such file: %s", request->id);
}
