"""Parses every feed of a folder with libical itself: no parse error, no broken restriction, every event read.

usage: feeds_libical.py FOLDER-OF-FEEDS
"""
import ctypes
import glob
import os
import sys

# icalcomponent_kind, libical 3.0 ical/icalenums.h: ICAL_VEVENT_COMPONENT
VEVENT = 4

ical = ctypes.CDLL("libical.so.3")
ical.icalparser_parse_string.restype = ctypes.c_void_p
ical.icalparser_parse_string.argtypes = [ctypes.c_char_p]
ical.icalcomponent_count_components.argtypes = [ctypes.c_void_p, ctypes.c_int]
ical.icalcomponent_count_errors.argtypes = [ctypes.c_void_p]
ical.icalrestriction_check.argtypes = [ctypes.c_void_p]
ical.icalcomponent_free.argtypes = [ctypes.c_void_p]

events = 0
feeds = sorted(glob.glob(os.path.join(sys.argv[1], "*.ics")))
for path in feeds:
    data = open(path, "rb").read()
    calendar = ical.icalparser_parse_string(data)
    assert calendar, f"{path}: libical cannot parse it"
    wanted = data.count(b"\r\nBEGIN:VEVENT\r\n")
    found = ical.icalcomponent_count_components(calendar, VEVENT)
    assert found == wanted, f"{path}: libical reads {found} events of {wanted}"
    assert ical.icalcomponent_count_errors(calendar) == 0, f"{path}: libical reports errors"
    assert ical.icalrestriction_check(calendar) == 1, f"{path}: a restriction of RFC 5546 is broken"
    ical.icalcomponent_free(calendar)
    events += found
assert feeds and events, "nothing was read"
print(f"libical: {len(feeds)} feeds, {events} events, no error")
