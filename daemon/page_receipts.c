/* daemon/page_receipts: /api/receipts/township/CODE.json: which subscriptions of a township's sessions have
 * picked up a revision. Instructors are counted, not named, unless their pages are public. */
#include "base/date.h"
#include "base/vec.h"
#include "daemon/router.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct receipt_walk {
    struct receipt_filter filter;
    struct receipt_list list;
    enum error_code code;
};

static void receipt_visit(void *context, const struct receipt *receipt)
{
    struct receipt_walk *walk = context;
    if (walk->code == ERR_NONE && receipt_filter_takes(&walk->filter, receipt)) {
        VEC_PUSH(walk->code, &walk->list, *receipt, LIMIT_RECEIPTS);
    }
}

/* Those that are furthest behind first; the rest of the order is fixed. */
static int receipt_compare(const void *a, const void *b)
{
    const struct receipt *left = a;
    const struct receipt *right = b;
    if (left->revision != right->revision) {
        return left->revision < right->revision ? -1 : 1;
    }
    if (left->last_at != right->last_at) {
        return left->last_at < right->last_at ? -1 : 1;
    }
    int order = strcmp(left->scope, right->scope);
    order = order != 0 ? order : strcmp(left->target, right->target);
    order = order != 0 ? order : strcmp(left->token, right->token);
    order = order != 0 ? order : (int)left->family - (int)right->family;
    return order != 0 ? order : (int)left->client - (int)right->client;
}

static void receipt_write(struct text *out, const struct receipt *receipt, int64_t wanted, bool names_people)
{
    char last[INSTANT_TEXT_SIZE];
    bool hidden = strcmp(receipt->scope, "instructor") == 0 && !names_people;
    instant_format(receipt->last_at, last);
    text_add(out, "{\"scope\":");
    text_add_json(out, receipt->scope);
    if (!hidden) {
        text_add(out, ",\"id\":");
        text_add_json(out, receipt->target);
    }
    text_addf(out, ",\"client\":\"%s\",\"last_fetch\":\"%s\",\"revision\":%" PRId64 ",\"picked_up\":%s}",
              client_family_name(receipt->family), last, receipt->revision,
              receipt->revision >= wanted ? "true" : "false");
}

enum error_code route_receipts(const struct route_request *request, int argument, struct reply_draft *draft,
                               struct error *err)
{
    (void)argument;
    const struct timetable *tt = request->published->timetable;
    uint32_t township = route_scope_index(tt, FEED_TOWNSHIP, request->id);
    if (township == NONE) {
        return error_set(err, ERR_NOT_FOUND, "没有这个镇街 / no such township: %s", request->id);
    }
    int64_t wanted = request->revision > 0 ? request->revision : tt->revision;
    if (wanted > tt->revision) {
        return error_set(err, ERR_NOT_FOUND, "没有这个版本 / no such revision: %" PRId64, wanted);
    }
    struct receipt_walk walk = {.code = ERR_NONE};
    enum error_code code = receipt_filter_init(&walk.filter, tt, township, err);
    if (code != ERR_NONE) {
        return code;
    }
    if (request->receipts != NULL) {
        receipt_book_each(request->receipts, receipt_visit, &walk);
    }
    if (walk.list.count > 1) {
        qsort(walk.list.items, walk.list.count, sizeof *walk.list.items, receipt_compare);
    }
    bool names_people = audience_may_know(request->published->audience, PERSON_ID);
    size_t behind = 0;
    for (size_t i = 0; i < walk.list.count; i++) {
        behind += walk.list.items[i].revision < wanted;
    }
    struct text *out = &draft->body;
    draft->content_type = "application/json";
    text_add(out, "{\"township\":");
    text_add_json(out, request->id);
    text_addf(out,
              ",\"revision\":%" PRId64 ",\"current\":%" PRId64
              ",\"picked_up\":%zu,\"not_picked_up\":%zu,\"subscriptions\":[",
              wanted, tt->revision, walk.list.count - behind, behind);
    for (size_t i = 0; i < walk.list.count; i++) {
        text_add(out, i > 0 ? ",\n" : "\n");
        receipt_write(out, &walk.list.items[i], wanted, names_people);
    }
    text_add(out, "]}\n");
    code = walk.code == ERR_NONE ? ERR_NONE : error_set(err, walk.code, "receipts: out of memory");
    receipt_list_finish(&walk.list);
    receipt_filter_finish(&walk.filter);
    return code;
}
