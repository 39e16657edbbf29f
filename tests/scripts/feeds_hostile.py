"""Reads feeds with hostile text with python3-vobject and compares them with what they must say.

usage: feeds_hostile.py FOLDER
"""
import glob
import json
import os
import sys

import vobject


def text_of(event, name):
    value = getattr(event, name).value if hasattr(event, name) else ""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


events = 0
feeds = sorted(glob.glob(os.path.join(sys.argv[1], "*.ics")))
for path in feeds:
    wanted = json.load(open(path[:-3] + "json", encoding="utf-8"))
    calendar = vobject.readOne(open(path, encoding="utf-8", newline="").read())
    calendar.validate(raiseException=True)
    assert len(calendar.vevent_list) == len(wanted["events"]), path
    for event, row in zip(calendar.vevent_list, wanted["events"]):
        assert event.uid.value == row["uid"], path
        for name in ("summary", "categories", "description", "location"):
            assert text_of(event, name) == row[name], f"{path} {name}: {text_of(event, name)!r} instead of {row[name]!r}"
        events += 1
assert len(feeds) >= 40, f"{len(feeds)} files"
print(f"vobject: {len(feeds)} hostile feeds, {events} events, as they must be")
