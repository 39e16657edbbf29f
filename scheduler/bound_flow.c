#include "scheduler/bound_flow.h"

#include "base/limits.h"
#include "base/vec.h"

#include <stdlib.h>
#include <string.h>

enum {
    FLOW_NODES_MAX = 100000000,
    FLOW_ARCS_MAX = 1000000000
};

void flow_init(struct flow *flow)
{
    *flow = (struct flow){.failed = ERR_NONE};
    (void)flow_node(flow);
    (void)flow_node(flow);
}

void flow_finish(struct flow *flow)
{
    free(flow->nodes.items);
    free(flow->arcs.items);
    *flow = (struct flow){.failed = ERR_NONE};
}

uint32_t flow_node(struct flow *flow)
{
    if (flow->failed == ERR_NONE) {
        VEC_PUSH(flow->failed, &flow->nodes, (uint32_t)FLOW_END, FLOW_NODES_MAX);
    }
    return flow->failed == ERR_NONE ? (uint32_t)(flow->nodes.count - 1) : FLOW_SOURCE;
}

static void arc_add(struct flow *flow, uint32_t from, uint32_t to, int32_t capacity)
{
    struct flow_arc arc = {to, FLOW_END, capacity, capacity};
    if (flow->failed == ERR_NONE) {
        arc.next = flow->nodes.items[from];
        VEC_PUSH(flow->failed, &flow->arcs, arc, FLOW_ARCS_MAX);
    }
    if (flow->failed == ERR_NONE) {
        flow->nodes.items[from] = (uint32_t)(flow->arcs.count - 1);
    }
}

void flow_connect(struct flow *flow, uint32_t from, uint32_t to, int64_t capacity)
{
    int32_t small = capacity > FLOW_WIDE ? FLOW_WIDE : (int32_t)capacity;
    if (small > 0) {
        arc_add(flow, from, to, small);
        arc_add(flow, to, from, 0);
    }
}

struct dinic {
    struct flow *flow;
    uint32_t *level; /* [node] steps from the source; FLOW_END: not reached */
    uint32_t *at;    /* [node] the arc to look at next */
    uint32_t *queue; /* [node]; then the path of arcs */
};

static bool levels_make(struct dinic *d)
{
    const struct flow *flow = d->flow;
    size_t head = 0;
    size_t tail = 0;
    memset(d->level, 0xFF, flow->nodes.count * sizeof *d->level);
    d->level[FLOW_SOURCE] = 0;
    d->queue[tail++] = FLOW_SOURCE;
    while (head < tail && d->level[FLOW_SINK] == FLOW_END) {
        uint32_t node = d->queue[head++];
        for (uint32_t a = flow->nodes.items[node]; a != FLOW_END; a = flow->arcs.items[a].next) {
            const struct flow_arc *arc = &flow->arcs.items[a];
            if (arc->left > 0 && d->level[arc->to] == FLOW_END) {
                d->level[arc->to] = d->level[node] + 1;
                d->queue[tail++] = arc->to;
            }
        }
    }
    return d->level[FLOW_SINK] != FLOW_END;
}

/* Sends what the path of `length` arcs carries; answers how much, and where the first full arc begins. */
static int32_t path_send(struct dinic *d, size_t length, size_t *ret_full)
{
    struct flow_arc *arcs = d->flow->arcs.items;
    int32_t sent = FLOW_WIDE;
    for (size_t i = 0; i < length; i++) {
        if (arcs[d->queue[i]].left < sent) {
            sent = arcs[d->queue[i]].left;
        }
    }
    *ret_full = 0;
    for (size_t i = length; i > 0; i--) {
        uint32_t a = d->queue[i - 1];
        arcs[a].left -= sent;
        arcs[a ^ 1U].left += sent;
        *ret_full = arcs[a].left == 0 ? i - 1 : *ret_full;
    }
    return sent;
}

/* Paths along the levels until none is left. */
static int64_t levels_send(struct dinic *d)
{
    struct flow_arc *arcs = d->flow->arcs.items;
    int64_t value = 0;
    size_t length = 0;
    uint32_t node = FLOW_SOURCE;
    for (;;) {
        if (node == FLOW_SINK) {
            size_t full = 0;
            value += path_send(d, length, &full);
            length = full;
            node = arcs[d->queue[length] ^ 1U].to;
            continue;
        }
        uint32_t a = d->at[node];
        while (a != FLOW_END && (arcs[a].left == 0 || d->level[arcs[a].to] != d->level[node] + 1)) {
            a = arcs[a].next;
        }
        d->at[node] = a;
        if (a != FLOW_END) {
            d->queue[length++] = a;
            node = arcs[a].to;
        } else if (length == 0) {
            return value;
        } else {
            d->level[node] = FLOW_END; /* a dead end */
            node = arcs[d->queue[--length] ^ 1U].to;
        }
    }
}

enum error_code flow_run(struct flow *flow, int64_t *ret_value)
{
    size_t count = flow->nodes.count + 1;
    int64_t value = 0;
    if (flow->failed != ERR_NONE) {
        return flow->failed;
    }
    struct dinic d = {.flow = flow,
                      .level = malloc(count * sizeof *d.level),
                      .at = malloc(count * sizeof *d.at),
                      .queue = malloc(count * sizeof *d.queue)};
    enum error_code code = d.level == NULL || d.at == NULL || d.queue == NULL ? ERR_MEMORY : ERR_NONE;
    while (code == ERR_NONE && levels_make(&d)) {
        memcpy(d.at, flow->nodes.items, flow->nodes.count * sizeof *d.at);
        value += levels_send(&d);
    }
    free(d.level);
    free(d.at);
    free(d.queue);
    if (code == ERR_NONE) {
        *ret_value = value;
    }
    return code;
}

enum error_code flow_reach(const struct flow *flow, bool *ret_reached)
{
    uint32_t *queue = malloc((flow->nodes.count + 1) * sizeof *queue);
    size_t head = 0;
    size_t tail = 0;
    if (queue == NULL) {
        return ERR_MEMORY;
    }
    memset(ret_reached, 0, flow->nodes.count * sizeof *ret_reached);
    ret_reached[FLOW_SOURCE] = true;
    queue[tail++] = FLOW_SOURCE;
    while (head < tail) {
        uint32_t node = queue[head++];
        for (uint32_t a = flow->nodes.items[node]; a != FLOW_END; a = flow->arcs.items[a].next) {
            uint32_t to = flow->arcs.items[a].to;
            if (flow->arcs.items[a].left > 0 && !ret_reached[to]) {
                ret_reached[to] = true;
                queue[tail++] = to;
            }
        }
    }
    free(queue);
    return ERR_NONE;
}
