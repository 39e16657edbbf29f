/* daemon/template: tells the database when this version words events differently, so that every event's
 * LAST-MODIFIED rises once and clients that look at nothing else take the new text (DESIGN §7.2). */
#ifndef LITANG_DAEMON_TEMPLATE_H
#define LITANG_DAEMON_TEMPLATE_H

#include "base/clock.h"
#include "base/error.h"

/* Commits the setting feed_template when it is not FEED_TEMPLATE; otherwise writes nothing. Before the loop
 * runs. */
enum error_code template_publish(const char *db_path, struct clock_source clock, struct error *err);

#endif
