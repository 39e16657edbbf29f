"""Reads every township feed with python3-vobject and compares it, field by field, with `litang sessions`.

usage: feeds_vobject.py SESSIONS.json FOLDER-OF-FEEDS
"""
import datetime
import glob
import json
import os
import sys

import vobject


def clean(text):
    """What a feed makes of blanks at the ends of a text."""
    return text.strip(" \t")


def local(date, time):
    """The naive local time of "2027-03-01", "09:30" (or "+1 00:30")."""
    days = 0
    if time.startswith("+1 "):
        days, time = 1, time[3:]
    return datetime.datetime.strptime(date + " " + time, "%Y-%m-%d %H:%M") + datetime.timedelta(days=days)


def compare(uid, event, row, township):
    assert row["township_code"] == township, f"{uid}: in the feed of {township}"
    start, end = event.dtstart.value, event.dtend.value
    assert start.utcoffset() == datetime.timedelta(hours=8), f"{uid}: offset {start.utcoffset()}"
    assert start.replace(tzinfo=None) == local(row["date"], row["start"]), f"{uid}: {start}"
    assert end.replace(tzinfo=None) == local(row["date"], row["end"]), f"{uid}: {end}"
    mark = next((mark for mark in ("【停课】", "【改期】") if event.summary.value.startswith(mark)), "")
    assert (mark == "【停课】") == (row["status"] == "CANCELLED"), f"{uid}: {event.summary.value}"
    assert event.summary.value[len(mark):] == clean(row["course"]), f"{uid}: {event.summary.value}"
    place = row["hall"] if clean(row["room"]) == clean(row["hall"]) else f"{row['hall']}, {row['room']}"
    assert event.location.value.split("\n")[0] == place, f"{uid}: {event.location.value}"
    categories = event.categories.value
    categories = categories if isinstance(categories, list) else [categories]
    assert categories == [clean(row["category"])], f"{uid}: {categories}"
    assert event.status.value == row["status"], f"{uid}: {event.status.value}"
    assert int(event.sequence.value) == row["sequence"], f"{uid}: {event.sequence.value}"
    stamp = event.last_modified.value.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert stamp == row["last_modified"], f"{uid}: {stamp}"
    lines = event.description.value.split("\n")
    for label, value in (("课程：", row["course"]), ("类别：", row["category"]), ("镇街：", row["township"])):
        assert label + value in lines, f"{uid}: {label}{value} is not in the description"
    if ";" not in row["instructor_id"]:
        assert "讲师：" + row["instructor"] in lines, f"{uid}: {row['instructor']} is not in the description"
    assert event.description.value.endswith("备注：" + row["note"] if row["note"] else ""), f"{uid}: {row['note']}"


def main():
    sessions = {row["uid"]: row for row in json.load(open(sys.argv[1], encoding="utf-8"))}
    seen = {}
    for path in sorted(glob.glob(os.path.join(sys.argv[2], "*.ics"))):
        township = os.path.basename(path)[:-4]
        calendar = vobject.readOne(open(path, encoding="utf-8", newline="").read())
        calendar.validate(raiseException=True)
        for event in getattr(calendar, "vevent_list", []):
            uid = event.uid.value
            assert uid not in seen, f"{uid} stands in {seen.get(uid)} and {township}"
            seen[uid] = township
            compare(uid, event, sessions[uid], township)
    # The window of a feed ends 400 days from now; nothing else may be missing.
    missing = set(sessions) - set(seen)
    today = datetime.datetime.strptime(os.environ["LITANG_NOW"][:10], "%Y-%m-%d").date()
    for uid in missing:
        days = (datetime.date.fromisoformat(sessions[uid]["date"]) - today).days
        assert not -90 <= days <= 400, f"{uid}, {days} days from now, is in no feed"
    assert len(seen) > 0.9 * len(sessions), f"{len(seen)} of {len(sessions)} sessions are in feeds"
    print(f"{len(seen)} events in township feeds, equal to the database; {len(missing)} outside the window")


main()
