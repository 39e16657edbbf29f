/* A sample that scripts/check-layers.sh must reject; it is never compiled. */
#include "store/store.h"
#include <sqlite3.h>
#include <time.h>

long upward(void);
long upward(void)
{
    return time(NULL);
}
