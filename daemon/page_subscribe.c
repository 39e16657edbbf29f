/* daemon/page_subscribe: one page per feed: what it holds, its address as a link, as text and as a QR code,
 * how to subscribe on each kind of device; of a secret feed, how to change the address. */
#include "daemon/html.h"
#include "daemon/qr.h"
#include "daemon/router.h"

#include <string.h>

enum {
    GUIDE_STEPS = 3
};

/* Names of menus as their makers' own help has them; what differs by version is said to differ. */
static const struct {
    const char *device;
    const char *zh[GUIDE_STEPS], *en[GUIDE_STEPS];
    enum {
        ALWAYS,
        WITH_BUTTON,
        WITHOUT_BUTTON
    } when; /* the button needs public_url */
} GUIDES[] = {
    {"iPhone · iPad · Mac",
     {"用手机打开本页，点“一键订阅”，再点“订阅”。",
      "也可以：设置 → 日历 → 日历账户 → 添加账户 → 其他 → "
      "添加已订阅的日历，粘贴地址（新系统中“日历”在“App”之内）。",
      "想更新得快些：设置 → 日历 → 日历账户 → 获取新数据，选“每小时”。"},
     {"Open this page on the phone, tap “Subscribe”, then “Subscribe” again.",
      "Or: Settings → Calendar → Calendar Accounts → Add Account → Other → Add Subscribed Calendar, and "
      "paste the "
      "address (in new systems Calendar stands under Apps).",
      "For quicker updates: Settings → Calendar → Calendar Accounts → Fetch New Data: Hourly."},
     WITH_BUTTON},
    {"iPhone · iPad · Mac",
     {"设置 → 日历 → 日历账户 → 添加账户 → 其他 → 添加已订阅的日历，粘贴地址（新系统中“日历”在“App”之内）。",
      "想更新得快些：设置 → 日历 → 日历账户 → 获取新数据，选“每小时”。", NULL},
     {"Settings → Calendar → Calendar Accounts → Add Account → Other → Add Subscribed Calendar, and paste "
      "the "
      "address (in new systems Calendar stands under Apps).",
      "For quicker updates: Settings → Calendar → Calendar Accounts → Fetch New Data: Hourly.", NULL},
     WITHOUT_BUTTON},
    {"Android",
     {"安装免费开源的 ICSx⁵（F-Droid 应用商店）。", "在 ICSx⁵ 中点 +，粘贴地址，保存；允许它读写日历。",
      "之后课程出现在手机自带的日历里，并自动更新。"},
     {"Install ICSx⁵ (free on F-Droid).", "In ICSx⁵ tap +, paste the address, save; let it use the calendar.",
      "The sessions then show in the phone's own calendar and follow every change."},
     ALWAYS},
    {"小米 Xiaomi",
     {"日历 → 右上角 → 设置 → 日程导入（有的版本叫“订阅日历”）→ 通过 URL，粘贴地址。",
      "找不到这一项时，按上面 Android 的办法用 ICSx⁵。", NULL},
     {"Calendar → top right → Settings → import events (“subscribe” in some versions) → by URL, paste the "
      "address.",
      "If there is no such item, use ICSx⁵ as on Android.", NULL},
     ALWAYS},
    {"Outlook",
     {"网页版和新版：日历 → 添加日历 → 从 Web 订阅，粘贴地址，导入。",
      "经典版：日历 → 打开日历 → 从 Internet，粘贴地址。", NULL},
     {"On the web and new Outlook: Calendar → Add calendar → Subscribe from web, paste the address, Import.",
      "Classic Outlook: Calendar → Open Calendar → From Internet, paste the address.", NULL},
     ALWAYS},
    {"Google",
     {"用电脑打开 calendar.google.com：“其他日历”旁的 + → 通过网址添加，粘贴地址。",
      "Google 每 8 至 24 小时才更新一次，并且不显示已停课的场次；急需知道变动时请看网页。", NULL},
     {"On a computer open calendar.google.com: + beside “Other calendars” → From URL, paste the address.",
      "Google updates every 8 to 24 hours and hides cancelled sessions; look at the page for news of today.",
      NULL},
     ALWAYS},
};

static void guides_add(struct text *out, bool has_button, bool english)
{
    text_addf(out, "<h2>%s</h2>\n", word(english, "各种设备的订阅方法", "How to subscribe"));
    for (size_t i = 0; i < sizeof GUIDES / sizeof GUIDES[0]; i++) {
        if (GUIDES[i].when == (has_button ? WITHOUT_BUTTON : WITH_BUTTON)) {
            continue;
        }
        const char *const *steps = english ? GUIDES[i].en : GUIDES[i].zh;
        text_addf(out, "<h3>%s</h3>\n<ol>", GUIDES[i].device);
        for (size_t step = 0; step < GUIDE_STEPS && steps[step] != NULL; step++) {
            text_addf(out, "<li>%s</li>", steps[step]);
        }
        text_add(out, "</ol>\n");
    }
}

static void contents_add(struct text *out, enum feed_scope scope, bool english)
{
    static const char *const ZH[FEED_SCOPES] = {"全市", "全县",   "本镇街", "本礼堂",
                                                "本人", "本单位", "本类别"};
    static const char *const EN[FEED_SCOPES] = {"of the city",     "of the county",      "of the township",
                                                "of the hall",     "of this instructor", "of the provider",
                                                "of this category"};
    if (english) {
        text_addf(
            out,
            "<p>All sessions %s: the last 90 days and the next 400, with time, hall, room and address. Moved "
            "sessions are marked [MOVED] and tell the old time; cancelled ones are marked [CANCELLED] and go "
            "7 "
            "days after their end. Nothing needs to be imported again.</p>\n",
            EN[scope]);
    } else {
        text_addf(out,
                  "<p>含%s的全部场次：过去 90 天到今后 400 "
                  "天，有时间、礼堂、场地和地址。改期的标【改期】并注明原时间"
                  "，停课的标【停课】，结束 7 天后移除。订阅一次，以后自动更新。</p>\n",
                  ZH[scope]);
    }
}

/* Where the page's feed, page and form are. */
struct place_of_feed {
    const char *feed_prefix, *page_prefix, *own_prefix, *id;
};

/* The code leads to this page rather than to the feed: scanners in chat programs open pages, not calendars.
 */
static void code_add(struct text *out, const struct timetable *tt, const struct place_of_feed *place,
                     bool english)
{
    struct text own;
    text_init(&own, 4096);
    text_add(&own, tt->public_url);
    html_path_add(&own, place->own_prefix, place->id, "");
    text_add(&own, english ? "?lang=en" : "");
    text_add(out, "<p class=\"code\">");
    if (text_status(&own, NULL) == ERR_NONE &&
        qr_svg(out, text_string(&own), word(english, "本页二维码", "QR code of this page"))) {
        text_addf(out, "<br><span class=\"soft\">%s</span>",
                  word(english, "手机扫码打开本页", "Scan to open this page on a phone"));
    }
    text_add(out, "</p>\n");
    text_finish(&own);
}

static void rotation_add(struct text *out, const struct route_request *request)
{
    bool english = request->english;
    text_addf(
        out, "<h2>%s</h2>\n<p>%s</p>\n<form method=\"post\" action=\"",
        word(english, "更换地址", "Change the address"),
        word(english,
             "此地址只属于您，请勿转发。如果别人知道了它，请更换：旧地址立即停用，已订阅的设备都要换用新地址"
             "。",
             "This address is yours alone. If somebody else got it, change it: the old one ends at once, and "
             "every device has to subscribe to the new one."));
    html_path_add(out, "/subscribe/secret/", request->token, "/rotate");
    text_addf(out, "%s\"><button>%s</button></form>\n", english ? "?lang=en" : "",
              word(english, "更换为新地址", "Get a new address"));
}

static struct place_of_feed place_of(const struct route_request *request, enum feed_scope scope)
{
    static const char *const FEEDS[FEED_SCOPES] = {"/feed/city",     "/feed/county/",     "/feed/township/",
                                                   "/feed/hall/",    "/feed/instructor/", "/feed/provider/",
                                                   "/feed/category/"};
    static const char *const OWN[FEED_SCOPES] = {"/",
                                                 "/subscribe/county/",
                                                 "/subscribe/township/",
                                                 "/subscribe/hall/",
                                                 "/subscribe/instructor/",
                                                 "/subscribe/provider/",
                                                 "/subscribe/category/"};
    static const char *const PAGES[FEED_SCOPES] = {NULL,           NULL, "/township/", "/hall/",
                                                   "/instructor/", NULL, NULL};
    if (request->token[0] != '\0') {
        return (struct place_of_feed){"/feed/secret/", scope == FEED_INSTRUCTOR ? "/i/" : NULL,
                                      "/subscribe/secret/", request->token};
    }
    return (struct place_of_feed){FEEDS[scope], PAGES[scope], OWN[scope], request->id};
}

enum error_code route_subscribe(const struct route_request *request, int argument, struct reply_draft *draft,
                                struct error *err)
{
    enum feed_scope scope = (enum feed_scope)argument;
    const struct timetable *tt = request->published->timetable;
    struct text *out = &draft->body;
    bool english = request->english;
    uint32_t index = route_scope_index(tt, scope, request->id);
    if (index == NONE) {
        return error_set(err, ERR_NOT_FOUND, "没有这个日历 / no such calendar: %s %s", feed_scope_name(scope),
                         request->id);
    }
    const struct place_of_feed place = place_of(request, scope);
    html_begin(out, tt, english, route_scope_title(tt, scope, index), place.own_prefix, place.id);
    contents_add(out, scope, english);
    html_subscribe(out, tt, english, place.feed_prefix, place.id);
    if (html_public_host(tt) != NULL) {
        code_add(out, tt, &place, english);
    }
    if (place.page_prefix != NULL) {
        text_add(out, "<p>");
        html_link(out, place.page_prefix, place.id, "", english,
                  word(english, "在网页上看全部场次", "All sessions on a page"));
        text_add(out, "</p>\n");
    }
    guides_add(out, html_public_host(tt) != NULL, english);
    if (request->token[0] != '\0') {
        rotation_add(out, request);
    }
    html_end(out, request->published, english);
    return ERR_NONE;
}
