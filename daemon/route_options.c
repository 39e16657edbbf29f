/* daemon/route_options: the options of addresses, "?lang=en&alarm=60", as a table; see router.h. */
#include "base/limits.h"
#include "daemon/http_text.h"
#include "daemon/router.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum error_code option_lang(struct route_request *request, const char *value, struct error *err)
{
    if (strcmp(value, "en") != 0 && strcmp(value, "zh") != 0) {
        return error_set(err, ERR_INPUT, "lang: zh 或 en / zh or en");
    }
    request->english = value[0] == 'e';
    return ERR_NONE;
}

static enum error_code option_alarm(struct route_request *request, const char *value, struct error *err)
{
    char *end = NULL;
    bool digits = value[0] >= '1' && value[0] <= '9' && strlen(value) < 10;
    long minutes = digits ? strtol(value, &end, 10) : 0;
    if (!digits || *end != '\0' || minutes > LIMIT_ALARM_MINUTES) {
        return error_set(err, ERR_INPUT, "alarm: 1 … %d 分钟 / minutes", LIMIT_ALARM_MINUTES);
    }
    request->alarm_min = (int32_t)minutes;
    return ERR_NONE;
}

/* Whether there is such a category is for the handler to say. */
static enum error_code option_category(struct route_request *request, const char *value, struct error *err)
{
    if (value[0] == '\0' || strlen(value) >= sizeof request->category) {
        return error_set(err, ERR_INPUT, "category: 课程类别代码 / the id of a category");
    }
    snprintf(request->category, sizeof request->category, "%s", value);
    url_decode_slashes(request->category);
    return ERR_NONE;
}

static enum error_code option_revision(struct route_request *request, const char *value, struct error *err)
{
    size_t digits = strspn(value, "0123456789");
    if (digits == 0 || digits > 18 || value[digits] != '\0' || value[0] == '0') {
        return error_set(err, ERR_INPUT, "revision: 版本号 / the number of a revision");
    }
    request->revision = strtoll(value, NULL, 10);
    return ERR_NONE;
}

/* Whether there is such a hall or township is for the handler to say. */
static enum error_code place_set(struct route_request *request, const char *value, bool township,
                                 struct error *err)
{
    if (value[0] == '\0' || strlen(value) >= sizeof request->place || request->place[0] != '\0') {
        return error_set(err, ERR_INPUT, "hall 或 township：只给一个 / the id of one hall or township");
    }
    snprintf(request->place, sizeof request->place, "%s", value);
    url_decode_slashes(request->place);
    request->place_is_township = township;
    return ERR_NONE;
}

static enum error_code option_hall(struct route_request *request, const char *value, struct error *err)
{
    return place_set(request, value, false, err);
}

static enum error_code option_township(struct route_request *request, const char *value, struct error *err)
{
    return place_set(request, value, true, err);
}

static const struct {
    const char *name;
    unsigned bit;
    enum error_code (*read)(struct route_request *, const char *value, struct error *);
} OPTIONS[] = {{"lang", OPTION_LANG, option_lang},
               {"alarm", OPTION_ALARM, option_alarm},
               {"category", OPTION_CATEGORY, option_category},
               {"revision", OPTION_REVISION, option_revision},
               {"hall", OPTION_PLACE, option_hall},
               {"township", OPTION_PLACE, option_township}};

enum error_code route_option(const struct route *route, struct route_request *request, const char *name,
                             const char *value, struct error *err)
{
    for (size_t i = 0; i < sizeof OPTIONS / sizeof OPTIONS[0]; i++) {
        if (strcmp(OPTIONS[i].name, name) == 0 && (route->options & OPTIONS[i].bit) != 0) {
            return OPTIONS[i].read(request, value, err);
        }
    }
    if ((route->options & OPTION_FIGURES) != 0) {
        return figures_option(&request->figures, name, value, err);
    }
    return error_set(err, ERR_INPUT, "没有这个选项 / unknown option: %.40s", name);
}
