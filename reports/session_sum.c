#include "reports/session_sum.h"

#include "scheduler/standing.h"

static void turnout_add(struct session_sum *sum, const struct turnout *turnout)
{
    if (turnout->heads >= 0) {
        sum->heads += turnout->heads;
        sum->heads_entered++;
    }
    sum->heads_60 += turnout->heads_60 > 0 ? turnout->heads_60 : 0;
    if (turnout->satisfaction >= 0) {
        sum->satisfaction += turnout->satisfaction;
        sum->satisfaction_entered++;
    }
}

void session_sum_add(struct session_sum *sum, const struct session *session)
{
    enum held_state held = session->at.held;
    if (session->status == SESSION_CANCELLED) {
        sum->cancelled++;
        return;
    }
    sum->planned++;
    sum->not_held += held == HELD_NO;
    sum->unknown += held == HELD_UNKNOWN;
    sum->outside += held == HELD_OUTSIDE;
    if (placement_is_given(&session->at)) {
        sum->sessions++;
        sum->meetings += session->counts_as;
    }
    if (held_took_place(held)) {
        sum->held++;
        sum->held_meetings += session->counts_as;
        turnout_add(sum, &session->turnout);
    }
}

void session_sum_add_up(const struct timetable *timetable, uint32_t area, const struct session *session,
                        struct session_sum *sums)
{
    for (int level = 0; area != NONE && level < AREA_ANCESTORS_MAX;
         level++, area = timetable->areas[area].parent) {
        session_sum_add(&sums[area], session);
    }
}
