/* daemon/static_text: /robots.txt, /style.css, /health, /favicon.ico. */
#include "daemon/static_text.h"

#include "daemon/router.h"

#include <inttypes.h>

/* Google's calendar obeys robots.txt, so every feed must be allowed (X-Robots-Tag keeps them out of search
 * results); pages of persons need no index. */
static const char ROBOTS[] =
    "User-agent: *\nAllow: /feed/\nDisallow: /instructor/\nDisallow: /i/\nDisallow: /subscribe/secret/\n"
    "Disallow: /api/\n";

static const char STYLE[] =
    ":root{color-scheme:light "
    "dark;--ink:#1d2733;--soft:#5b6876;--line:#dbe2ea;--paper:#fff;--tint:#f3f7f6;--mark:#1f7a5c;--stop:#"
    "b3261e}"
    "@media(prefers-color-scheme:dark){:root{--ink:#e7edf3;--soft:#9fb0c0;--line:#2c3946;--paper:#11181f;--"
    "tint:#18222b;--mark:#6fd3ae;--stop:#ff8a80}}"
    "*{box-sizing:border-box}body{margin:0;overflow-wrap:anywhere;background:var(--paper);color:var(--ink);"
    "font:16px/1.6 system-ui,'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif}"
    "header,main,footer{max-width:1080px;margin:0 auto;padding:0 "
    "16px}header{display:flex;gap:12px;align-items:baseline;flex-wrap:wrap;padding-top:16px}"
    "header a.home{font-weight:700;color:var(--mark);text-decoration:none}header "
    ".lang{margin-left:auto}h1{font-size:1.5rem;margin:.6em 0 .2em}"
    "h2{font-size:1.1rem;margin:1.6em 0 .4em;border-bottom:1px solid "
    "var(--line);padding-bottom:.2em}h3{font-size:1rem;margin:1.2em 0 .3em}a{color:var(--mark)}"
    ".figures{display:flex;flex-wrap:wrap;gap:12px;margin:12px 0;padding:0;list-style:none}.figures "
    "li{background:var(--tint);border-radius:8px;padding:8px 14px}"
    ".figures "
    "b{display:block;font-size:1.3rem}.grid{display:grid;grid-template-columns:repeat(auto-fill,minmax(250px,"
    "1fr));gap:8px;padding:0;list-style:none}"
    ".grid li{border:1px solid var(--line);border-radius:8px;padding:8px 12px}.grid "
    ".more{display:block;font-size:.85rem;color:var(--soft)}"
    ".button,button{display:inline-block;background:var(--mark);color:var(--paper);border:0;border-radius:"
    "8px;"
    "padding:10px 22px;margin:8px 8px 8px 0;font:inherit;font-weight:600;text-decoration:none;cursor:pointer}"
    ".box code{user-select:all;-webkit-user-select:all}.code{text-align:center}"
    ".qr{width:min(64vw,230px);height:auto;border-radius:8px}main "
    "ol:not(.sessions){padding-left:1.4em;margin:.3em 0}"
    ".box{background:var(--tint);border-radius:8px;padding:10px 14px;margin:12px 0}.box "
    "code{word-break:break-all}"
    "ol.sessions{list-style:none;padding:0;margin:0}ol.sessions li{display:grid;grid-template-columns:7.5em "
    "1fr;gap:2px 12px;padding:8px 0;border-bottom:1px solid var(--line)}"
    "ol.sessions .what{font-weight:600}ol.sessions .where{color:var(--soft);font-size:.92rem}.stopped "
    ".what{text-decoration:line-through}.tag{color:var(--stop);font-weight:600}"
    "dl{display:grid;grid-template-columns:6em 1fr;gap:4px "
    "12px}dt{color:var(--soft)}dd{margin:0}.soft,footer{color:var(--soft);font-size:.88rem}footer{padding:"
    "24px 16px 32px}"
    "table{border-collapse:collapse;width:100%;font-size:.95rem}th,td{text-align:left;padding:5px 8px "
    "5px 0;border-bottom:1px solid var(--line);vertical-align:top}thead "
    "th{color:var(--soft);font-weight:400}.scroll{overflow-x:auto}.scroll td,.scroll th{white-space:nowrap}"
    ".box label{display:inline-block;margin:4px 12px 4px "
    "0}select,input{font:inherit;max-width:100%;padding:4px}"
    "a:focus-visible{outline:3px solid var(--mark);outline-offset:2px}@media(max-width:480px){ol.sessions "
    "li{grid-template-columns:1fr}}";

/* A hall's roof over a calendar leaf. Browsers ask for /favicon.ico whatever the page says, and go by the
 * type. */
static const char ICON[] =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 32 32\"><path fill=\"#1f7a5c\" d=\"M16 3 2 "
    "13h3v16h22V13h3z\"/>"
    "<path fill=\"#fff\" d=\"M10 15h12v10H10zm2 3v2h3v-2zm5 0v2h3v-2zm-5 3v2h3v-2z\"/></svg>\n";

enum error_code route_text(const struct route_request *request, int argument, struct reply_draft *draft,
                           struct error *err)
{
    (void)err;
    const struct timetable *tt = request->published->timetable;
    switch ((enum static_text)argument) {
    case STATIC_ROBOTS:
        draft->content_type = "text/plain; charset=utf-8";
        text_add(&draft->body, ROBOTS);
        break;
    case STATIC_STYLE:
        draft->content_type = "text/css; charset=utf-8";
        text_add(&draft->body, STYLE);
        break;
    case STATIC_ICON:
        draft->content_type = "image/svg+xml";
        draft->cache_control = "public, max-age=86400";
        text_add(&draft->body, ICON);
        break;
    case STATIC_HEALTH:
        draft->content_type = "application/json";
        draft->cache_control = "no-store";
        text_addf(&draft->body, "{\"status\":\"ok\",\"revision\":%" PRId64 ",\"sessions\":%zu}\n",
                  tt->revision, tt->session_count);
        break;
    }
    return ERR_NONE;
}
