/* scheduler/bound_flow: maximum flow (Dinic 1970), whole numbers, the same answer everywhere. One thread. */
#ifndef LITANG_SCHEDULER_BOUND_FLOW_H
#define LITANG_SCHEDULER_BOUND_FLOW_H

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FLOW_SOURCE = 0,
    FLOW_SINK = 1,
    FLOW_WIDE = INT32_MAX / 2, /* a capacity that never binds */
    FLOW_END = UINT32_MAX
};

struct flow_arc {
    uint32_t to, next; /* next arc of the same node; FLOW_END */
    int32_t left;      /* what may still flow */
    int32_t capacity;  /* 0: the way back of the arc before */
};

struct flow {
    struct {
        uint32_t *items; /* first arc of each node */
        size_t count, capacity;
    } nodes;
    struct {
        struct flow_arc *items; /* an arc and its way back are neighbours: 2k, 2k + 1 */
        size_t count, capacity;
    } arcs;
    enum error_code failed; /* kept; adding goes on without effect */
};

/* Source and sink are there at once. */
void flow_init(struct flow *flow);
void flow_finish(struct flow *flow);
uint32_t flow_node(struct flow *flow);
void flow_connect(struct flow *flow, uint32_t from, uint32_t to, int64_t capacity);
/* The flow's value; ERR_MEMORY. */
enum error_code flow_run(struct flow *flow, int64_t *ret_value);
/* After flow_run: [node] can more be sent there? These nodes are the source's side of a smallest cut. */
enum error_code flow_reach(const struct flow *flow, bool *ret_reached);

#endif
