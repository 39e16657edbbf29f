/* cli/edit_notes: what a person may do though no plan would: said on stderr, and done all the same. */
#ifndef LITANG_CLI_EDIT_NOTES_H
#define LITANG_CLI_EDIT_NOTES_H

#include "cli/cli.h"

/* Where a session was put: on a day that is past, outside its request's window, in a hall that its request
 * does not name. `request` is an index or NONE. */
struct edit_aim {
    uint32_t request, room;
    int32_t day;
};
void edit_notes(const struct cli *cli, const struct timetable *timetable, const struct edit_aim *aim);

/* `timetable` is from before the booking: one more session of this request is more than was asked for. */
void edit_note_surplus(const struct cli *cli, const struct timetable *timetable, uint32_t request);

#endif
