/* scheduler/clash: a list of broken rules. One thread at a time. */
#include "scheduler/rules.h"

#include <stdlib.h>

void clash_list_init(struct clash_list *list)
{
    *list = (struct clash_list){.items = NULL};
}

void clash_list_finish(struct clash_list *list)
{
    free(list->items);
    clash_list_init(list);
}
