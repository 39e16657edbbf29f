#include "scheduler/weights.h"

#include <string.h>

enum {
    WEIGHT_MAX = 100000
};

struct weights weights_default(void)
{
    return (struct weights){
#define X(field, value, unit, zh) .field = (value),
        WEIGHT_LIST(X)
#undef X
    };
}

static int32_t *weight_find(struct weights *weights, const char *name)
{
#define X(field, value, unit, zh)                                                                            \
    if (strcmp(name, #field) == 0) {                                                                         \
        return &weights->field;                                                                              \
    }
    WEIGHT_LIST(X)
#undef X
    return NULL;
}

enum error_code weights_set(struct weights *weights, const char *name, int64_t value, struct error *err)
{
    int32_t *weight = name == NULL ? NULL : weight_find(weights, name);
    if (weight == NULL) {
        return error_set(err, ERR_NOT_FOUND, "没有名为“%s”的权重 (no weight named \"%s\")",
                         name == NULL ? "" : name, name == NULL ? "" : name);
    }
    if (value < 0 || value > WEIGHT_MAX) {
        return error_set(err, ERR_INPUT,
                         "权重 %s 须在 0 到 %d 之间，而不是 %lld (weight %s must be 0 to %d, not %lld)", name,
                         WEIGHT_MAX, (long long)value, name, WEIGHT_MAX, (long long)value);
    }
    *weight = (int32_t)value;
    return ERR_NONE;
}
