/* scheduler/audience: see audience.h. */
#include "scheduler/audience.h"

bool audience_may_know(enum audience audience, enum person_fact fact)
{
    static const bool MAY[][3] = {
        [AUDIENCE_PUBLIC] = {false, false, false},
        [AUDIENCE_PUBLIC_OPEN] = {[PERSON_ID] = true, [PERSON_PROPOSED] = true, [PERSON_LIMITS] = false},
        [AUDIENCE_OFFICE] = {true, true, true},
    };
    return MAY[audience][fact];
}

enum audience audience_public(bool public_instructors)
{
    return public_instructors ? AUDIENCE_PUBLIC_OPEN : AUDIENCE_PUBLIC;
}
