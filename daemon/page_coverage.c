/* daemon/page_coverage: /coverage: the figures as plain tables, read back from the very JSON that
 * /api/coverage answers, so the two cannot differ. Where the program carries the dashboard
 * (daemon/web_assets), the page also loads it, and it takes the tables' place; without scripts, or in an old
 * browser, the tables stay. */
#include "base/date.h"
#include "base/limits.h"
#include "daemon/html.h"
#include "daemon/router.h"
#include "daemon/web_assets.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct page {
    const struct route_request *request;
    const struct timetable *tt;
    struct dashboard_options options;
    json_t *data; /* owned */
    struct text *out;
    bool english;
};

static const char *text_of(const json_t *row, const char *name)
{
    const char *text = json_string_value(json_object_get(row, name));
    return text != NULL ? text : "–"; /* null: a ratio of nothing */
}

static int64_t number_of(const json_t *row, const char *name)
{
    return json_integer_value(json_object_get(row, name));
}

static void heading(const struct page *page, const char *zh, const char *en)
{
    text_addf(page->out, "<h2>%s</h2>\n", word(page->english, zh, en));
}

static void cell(struct text *out, const char *text)
{
    text_add(out, "<td>");
    text_add_html(out, text);
    text_add(out, "</td>");
}

static void cell_number(struct text *out, int64_t number)
{
    text_addf(out, "<td>%" PRId64 "</td>", number);
}

/* Column heads: Chinese and English in turn. */
static void table_begin(const struct page *page, const char *const heads[][2], size_t count)
{
    text_add(page->out, "<div class=\"scroll\"><table><thead><tr>");
    for (size_t i = 0; i < count; i++) {
        text_addf(page->out, "<th scope=\"col\">%s</th>", heads[i][page->english ? 1 : 0]);
    }
    text_add(page->out, "</tr></thead>\n<tbody>\n");
}

static void table_end(const struct page *page)
{
    text_add(page->out, "</tbody></table></div>\n");
}

/* "98.17 %", or "–" when nothing is to be reached. */
static void rate_add(struct text *out, const json_t *figure)
{
    const char *rate = text_of(figure, "rate");
    text_add_html(out, rate);
    text_add(out, strcmp(rate, "–") == 0 ? "" : " %");
}

static void figure_cells(struct text *out, const json_t *figure)
{
    text_add(out, "<td>");
    rate_add(out, figure);
    text_addf(out, "</td><td>%" PRId64 " ÷ %" PRId64 "</td>", number_of(figure, "numerator"),
              number_of(figure, "denominator"));
}

/* ---- what was chosen ---- */

static void option_add(struct text *out, const char *value, const char *title, bool chosen)
{
    text_add(out, "<option value=\"");
    text_add_html(out, value);
    text_addf(out, "\"%s>", chosen ? " selected=\"selected\"" : "");
    text_add_html(out, title);
    text_add(out, "</option>");
}

static void areas_select(const struct page *page)
{
    text_addf(page->out, "<label>%s <select name=\"area\">", word(page->english, "区域", "Area"));
    option_add(page->out, "", word(page->english, "全市", "Whole city"), page->options.area == NONE);
    for (uint32_t area = 0; area < page->tt->area_count; area++) {
        bool chosen = area == page->options.area;
        if (page->tt->areas[area].level == AREA_COUNTY || chosen) {
            option_add(page->out, page->tt->areas[area].id, page->tt->areas[area].name, chosen);
        }
    }
    text_add(page->out, "</select></label>\n");
}

static void form(const struct page *page)
{
    struct text *out = page->out;
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    date_format(page->options.from_day, from);
    date_format(page->options.to_day, to);
    text_addf(
        out, "<form class=\"box\" method=\"get\" action=\"/coverage\"><label>%s <select name=\"definition\">",
        word(page->english, "口径", "Definition"));
    for (int i = 0; i < COVERAGE_COUNT; i++) {
        enum coverage_definition definition = (enum coverage_definition)i;
        option_add(out, coverage_name(definition), coverage_title(definition, !page->english),
                   definition == page->options.definition);
    }
    text_addf(out,
              "</select></label>\n<label>%s <input type=\"date\" name=\"from\" value=\"%s\"></label>\n"
              "<label>%s <input type=\"date\" name=\"to\" value=\"%s\"></label>\n"
              "<label>%s <input type=\"number\" name=\"minimum\" min=\"1\" max=\"%d\" value=\"%" PRId32
              "\"></label>\n",
              word(page->english, "起", "From"), from, word(page->english, "止", "To"), to,
              word(page->english, "每处至少几场", "Sessions each"), LIMIT_COVERAGE_MINIMUM,
              page->options.minimum);
    areas_select(page);
    if (page->english) {
        text_add(out, "<input type=\"hidden\" name=\"lang\" value=\"en\">");
    }
    text_addf(out, "<button>%s</button></form>\n", word(page->english, "查看", "Show"));
}

/* ---- the figures ---- */

/* Exact: a rate that is rounded to the target has not reached it. */
static void verdict(const struct page *page)
{
    const json_t *coverage = json_object_get(page->data, "coverage");
    int64_t numerator = number_of(coverage, "numerator");
    int64_t denominator = number_of(coverage, "denominator");
    int64_t missing = (page->tt->coverage_target * denominator + 9999) / 10000 - numerator;
    if (denominator == 0) {
        text_add(page->out,
                 word(page->english, "没有应覆盖的对象，覆盖率不计算。", "Nothing is to be reached here."));
        return;
    }
    text_addf(page->out, "%s %s %%%s", word(page->english, "目标", "target"), text_of(page->data, "target"),
              word(page->english, "，", ", "));
    if (missing <= 0) {
        text_add(page->out, word(page->english, "已达标。", "reached."));
    } else {
        text_addf(page->out,
                  page->english ? "not reached: %" PRId64 " more needed." : "未达标，还差 %" PRId64 "。",
                  missing);
    }
}

static void headline(const struct page *page)
{
    const json_t *coverage = json_object_get(page->data, "coverage");
    struct text *out = page->out;
    bool english = page->english;
    text_add(out, "<ul class=\"figures\"><li><b>");
    rate_add(out, coverage);
    text_addf(out,
              "</b>%s</li><li><b>%" PRId64 " ÷ %" PRId64 "</b>%s</li><li><b>%" PRId64 "</b>%s</li></ul>\n<p>",
              word(english, "覆盖率", "coverage"), number_of(coverage, "numerator"),
              number_of(coverage, "denominator"), word(english, "已覆盖 ÷ 应覆盖", "reached ÷ to be reached"),
              number_of(coverage, "denominator") - number_of(coverage, "numerator"),
              word(english, "未覆盖", "not reached"));
    verdict(page);
    text_addf(out, "</p>\n<p class=\"soft\">%s%s <code>%s</code> · ", word(english, "口径：", "Definition: "),
              coverage_title(page->options.definition, !english), coverage_name(page->options.definition));
    text_addf(out, english ? "at least %" PRId32 " each · " : "每处至少 %" PRId32 " 场 · ",
              page->options.minimum);
    text_addf(out,
              english ? "%s to %s · as of %s · revision %" PRId64 " · "
                      : "%s 至 %s · 截至 %s · 版本 %" PRId64 " · ",
              text_of(page->data, "from"), text_of(page->data, "to"), text_of(page->data, "as_of"),
              number_of(page->data, "revision"));
    text_addf(out,
              english ? "%" PRId64 " exempt and %" PRId64 " closed are not counted</p>\n"
                      : "另有豁免 %" PRId64 "、停用 %" PRId64 "，不计入分母</p>\n",
              number_of(coverage, "exempt"), number_of(coverage, "closed"));
}

static void places_table(const struct page *page, const char *list, const char *zh, const char *en)
{
    const char *const heads[][2] = {{zh, en},
                                    {"覆盖率", "Coverage"},
                                    {"已覆盖 ÷ 应覆盖", "Reached ÷ all"},
                                    {"场次", "Sessions"},
                                    {"已开展", "Held"},
                                    {"人次", "Attendances"}};
    json_t *rows = json_object_get(page->data, list);
    size_t at = 0;
    const json_t *row = NULL;
    heading(page, zh, en);
    table_begin(page, heads, sizeof heads / sizeof heads[0]);
    json_array_foreach(rows, at, row)
    {
        text_add(page->out, "<tr>");
        cell(page->out, text_of(row, "name"));
        figure_cells(page->out, row);
        cell_number(page->out, number_of(row, "sessions"));
        cell_number(page->out, number_of(row, "held"));
        cell_number(page->out, number_of(row, "heads"));
        text_add(page->out, "</tr>\n");
    }
    table_end(page);
}

static void months_table(const struct page *page)
{
    static const char *const HEADS[][2] = {{"月份", "Month"},
                                           {"累计覆盖率", "Coverage so far"},
                                           {"已覆盖 ÷ 应覆盖", "Reached ÷ all"},
                                           {"已排", "Planned"},
                                           {"已开展", "Held"},
                                           {"人次", "Attendances"}};
    json_t *rows = json_object_get(page->data, "months");
    size_t at = 0;
    const json_t *row = NULL;
    heading(page, "逐月", "Month by month");
    table_begin(page, HEADS, sizeof HEADS / sizeof HEADS[0]);
    json_array_foreach(rows, at, row)
    {
        text_add(page->out, "<tr>");
        cell(page->out, text_of(row, "month"));
        figure_cells(page->out, row);
        cell_number(page->out, number_of(row, "planned"));
        cell_number(page->out, number_of(row, "held"));
        cell_number(page->out, number_of(row, "heads"));
        text_add(page->out, "</tr>\n");
    }
    table_end(page);
}

static void unreached_list(const struct page *page)
{
    json_t *halls = json_object_get(page->data, "halls");
    size_t at = 0;
    const json_t *hall = NULL;
    heading(page, "未覆盖的礼堂", "Halls not reached");
    text_add(page->out, "<ul class=\"grid\">\n");
    json_array_foreach(halls, at, hall)
    {
        uint32_t township = timetable_find_area(page->tt, text_of(hall, "township"));
        if (strcmp(text_of(hall, "standing"), "unreached") != 0) {
            continue;
        }
        text_add(page->out, "<li>");
        html_link(page->out, "/hall/", text_of(hall, "id"), "", page->english, text_of(hall, "name"));
        text_add(page->out, "<span class=\"more\">");
        text_add_html(page->out, township != NONE ? page->tt->areas[township].name : "");
        text_add(page->out, "</span></li>\n");
    }
    text_add(page->out, "</ul>\n");
}

static void definitions_table(const struct page *page)
{
    static const char *const HEADS[][2] = {
        {"口径", "Definition"}, {"覆盖率", "Coverage"}, {"已覆盖 ÷ 应覆盖", "Reached ÷ all"}};
    json_t *rows = json_object_get(page->data, "definitions");
    size_t at = 0;
    const json_t *row = NULL;
    heading(page, "各种口径对照", "The same under each definition");
    table_begin(page, HEADS, sizeof HEADS / sizeof HEADS[0]);
    json_array_foreach(rows, at, row)
    {
        text_add(page->out, "<tr>");
        cell(page->out, text_of(row, page->english ? "en" : "zh"));
        figure_cells(page->out, row);
        text_add(page->out, "</tr>\n");
    }
    table_end(page);
}

/* ---- the page ---- */

static void head_add(const struct web_page *assets, struct text *out)
{
    if (assets != NULL) {
        text_addf(
            out,
            "<link rel=\"stylesheet\" href=\"/assets/%s\"><link rel=\"modulepreload\" href=\"/assets/%s\">"
            "<script type=\"module\" src=\"/assets/%s\"></script>",
            assets->style, assets->later, assets->script);
    }
}

static void page_write(const struct page *page, const struct web_page *assets)
{
    struct text head;
    struct text other; /* the same choice in the other language */
    text_init(&head, LIMIT_NOTE_BYTES);
    struct text chosen;
    text_init(&other, LIMIT_NOTE_BYTES);
    text_init(&chosen, LIMIT_NOTE_BYTES);
    head_add(assets, &head);
    figures_query(&page->request->figures, &chosen);
    text_addf(&other, "/coverage%s%s%s%s", page->english && chosen.length == 0 ? "" : "?",
              page->english ? "" : "lang=en", page->english || chosen.length == 0 ? "" : "&",
              text_string(&chosen));
    html_begin_frame(page->out, &(struct html_frame){.timetable = page->tt,
                                                     .english = page->english,
                                                     .title = word(page->english, "课程覆盖率", "Coverage"),
                                                     .head = text_string(&head),
                                                     .other_language = text_string(&other)});
    text_add(page->out, "<div class=\"without-script\">\n");
    form(page);
    headline(page);
    places_table(page, "counties", "各县（市、区）", "Counties");
    unreached_list(page);
    months_table(page);
    places_table(page, "townships", "各镇街", "Townships");
    definitions_table(page);
    text_add(page->out, "</div>\n");
    html_end(page->out, page->request->published, page->english);
    text_finish(&head);
    text_finish(&other);
    text_finish(&chosen);
}

enum error_code route_coverage_page(const struct route_request *request, int argument,
                                    struct reply_draft *draft, struct error *err)
{
    const struct web_page *assets = web_page_find("coverage");
    struct page page = {.request = request,
                        .tt = request->published->timetable,
                        .out = &draft->body,
                        .english = request->english};
    struct text json;
    (void)argument;
    text_init(&json, LIMIT_DASHBOARD_BYTES);
    enum error_code code = figures_resolve(request->published, &request->figures, &page.options, err);
    if (code == ERR_NONE) {
        code = dashboard_json(page.tt, &page.options, &json, err);
    }
    if (code == ERR_NONE) {
        page.data = json_loadb(json.data, json.length, 0, NULL);
        code = page.data != NULL ? ERR_NONE : error_set(err, ERR_MEMORY, "the coverage page: out of memory");
    }
    if (code == ERR_NONE) {
        draft->runs_scripts = assets != NULL;
        page_write(&page, assets);
    }
    json_decref(page.data);
    text_finish(&json);
    return code;
}
