"""Subscribes GNOME's evolution-data-server to a township feed of the running daemon and compares what it holds with
`litang sessions`: first, after a cancellation, and after a move. Runs inside a D-Bus session of its own.

usage: feeds_evolution.py LITANG DATABASE FEED-URL TOWNSHIP
"""
import json
import subprocess
import sys
import time

import gi

gi.require_version("ECal", "2.0")
gi.require_version("EDataServer", "1.2")
gi.require_version("ICalGLib", "3.0")
from gi.repository import ECal, EDataServer, GLib, ICalGLib  # noqa: E402

litang, database, url, township = sys.argv[1:]
WAIT_S = 30


def run(*arguments):
    return subprocess.run([litang, "--db", database, *arguments], check=True, capture_output=True, text=True).stdout


def sessions():
    rows = json.loads(run("sessions", "--format", "json"))
    return {row["uid"]: row for row in rows if row["township_code"] == township}


def subscribe():
    """What GNOME Calendar writes when somebody adds a calendar by its address."""
    registry = EDataServer.SourceRegistry.new_sync(None)
    source = EDataServer.Source.new_with_uid("litang-test", None)
    source.set_display_name("litang")
    source.set_parent("webcal-stub")
    source.get_extension("Calendar").set_backend_name("webcal")
    uri = GLib.Uri.parse(url, GLib.UriFlags.NONE)
    authentication = source.get_extension("Authentication")
    authentication.set_host(uri.get_host())
    authentication.set_port(uri.get_port())
    source.get_extension("WebDAV Backend").set_resource_path(uri.get_path())
    source.get_extension("Security").set_method("none")
    source.get_extension("Refresh").set_enabled(False)
    registry.commit_source_sync(source, None)
    for _ in range(WAIT_S * 10):
        source = registry.ref_source("litang-test")
        if source is not None:
            return registry, ECal.Client.connect_sync(source, ECal.ClientSourceType.EVENTS, WAIT_S, None)
        time.sleep(0.1)
    raise AssertionError("the registry does not know the source")


def value(component, kind):
    prop = component.get_first_property(kind)
    return prop.get_value_as_string() if prop is not None else ""


def text(component, kind):
    """Unescaped."""
    prop = component.get_first_property(kind)
    return prop.get_value().get_text() if prop is not None else ""


def compare(component, row):
    kind = ICalGLib.PropertyKind
    start, end = row["date"] + " " + row["start"], row["date"] + " " + row["end"]
    for name, wanted in ((kind.DTSTART_PROPERTY, start), (kind.DTEND_PROPERTY, end)):
        if not wanted.split()[1].startswith("+"):
            assert value(component, name) == wanted.replace("-", "").replace(" ", "T").replace(":", "") + "00", row["uid"]
            zone = component.get_first_property(name).get_first_parameter(ICalGLib.ParameterKind.TZID_PARAMETER)
            assert zone.get_tzid().endswith("Asia/Shanghai"), row["uid"]
    summary = text(component, kind.SUMMARY_PROPERTY)
    mark = next((mark for mark in ("【停课】", "【改期】") if summary.startswith(mark)), "")
    assert summary[len(mark):] == row["course"].strip(), f"{row['uid']}: {summary}"
    assert (mark == "【停课】") == (row["status"] == "CANCELLED"), f"{row['uid']}: {summary}"
    place = row["hall"] if row["room"] == row["hall"] else f"{row['hall']}, {row['room']}"
    assert text(component, kind.LOCATION_PROPERTY).split("\n")[0] == place, row["uid"]
    assert value(component, kind.STATUS_PROPERTY) == row["status"], row["uid"]
    assert int(value(component, kind.SEQUENCE_PROPERTY)) == row["sequence"], row["uid"]
    stamp = row["last_modified"].replace("-", "").replace(":", "")
    assert value(component, kind.LASTMODIFIED_PROPERTY) == stamp, row["uid"]
    lines = text(component, kind.DESCRIPTION_PROPERTY).split("\n")
    assert "课程：" + row["course"] in lines, row["uid"]


def equal(client):
    """Why what the client holds is not the database, or None."""
    rows = sessions()
    _, objects = client.get_object_list_sync("#t", None)
    held = {component.get_uid(): component for component in objects}
    if set(held) != set(rows):
        return f"{len(held)} events for {len(rows)} sessions"
    for uid, component in held.items():
        try:
            compare(component, rows[uid])
        except AssertionError as error:
            return str(error)
    return None


def expect_equal(client, what):
    """Refreshes until the daemon has seen the commit and the client has it; a poll every half second."""
    reason = "never asked"
    for _ in range(WAIT_S * 2):
        client.refresh_sync(None)
        time.sleep(0.5)
        reason = equal(client)
        if reason is None:
            print(f"evolution-data-server {what}: {len(sessions())} events equal to the database")
            return
    raise AssertionError(f"{what}: {reason}")


registry, client = subscribe()
expect_equal(client, "after subscribing")
session = min(int(uid[2:].split("@")[0]) for uid in sessions())
run("cancel", str(session), "--reason", '停电, "检修"; a\\b')
expect_equal(client, "after a cancellation")
assert any(row["status"] == "CANCELLED" for row in sessions().values())
run("cancel", str(session), "--lift")
expect_equal(client, "after it was restored")
run("move", str(session), "--minutes", "30")
expect_equal(client, "after its end was moved")
