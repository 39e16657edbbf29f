/* A sample that scripts/check-layers.sh must reject; it is never compiled. */
#include "importers/import.h"
