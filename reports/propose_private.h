/* reports/propose_private: what the propose files share. */
#ifndef LITANG_REPORTS_PROPOSE_PRIVATE_H
#define LITANG_REPORTS_PROPOSE_PRIVATE_H

#include "reports/propose.h"

const char *target_name(const struct timetable *timetable, const struct reach_target *target);
const char *target_id(const struct timetable *timetable, const struct reach_target *target);
/* One place as a JSON object without its braces; the left-out verdict likewise. */
void place_json(const struct timetable *timetable, const struct reach_place *place, enum audience audience,
                struct text *out);
void verdict_json(const struct timetable *timetable, const struct reach_verdict *verdict,
                  enum audience audience, struct text *out);

#endif
