/* The golden section as a stride. */
#include "scheduler/spread.h"

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* A step of the golden section visits a domain evenly, whatever its sides; without a common divisor it meets
 * every number. */
uint64_t spread_stride(uint64_t count)
{
    uint64_t stride = (uint64_t)((double)count * 0.6180339887498949);
    stride = stride == 0 ? 1 : stride;
    while (common_divisor(stride, count) != 1) {
        stride++;
    }
    return stride;
}
