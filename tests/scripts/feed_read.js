// What ical.js reads from a feed, as plain values. One function without anything around it, so that a page in a browser can
// run it, too.
"use strict";

function readFeed(ICAL, text) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const first = (component, name) => component.getFirstPropertyValue(name);
  const local = (event, name) => first(event, name).toString().slice(0, 16).replace("T", " ");
  const events = calendar.getAllSubcomponents("vevent").map((event) => ({
    uid: first(event, "uid"),
    tzid: event.getFirstProperty("dtstart").getParameter("tzid"),
    start: local(event, "dtstart"),
    end: local(event, "dtend"),
    // The zone comes with the feed: what is left of the offset in seconds.
    offset: first(event, "dtstart").toJSDate().getTime() / 1000,
    summary: first(event, "summary") || "",
    description: first(event, "description") || "",
    location: first(event, "location") || "",
    categories: event.getAllProperties("categories").flatMap((property) => property.getValues()),
    status: first(event, "status"),
    sequence: first(event, "sequence"),
    lastModified: first(event, "last-modified").toString(),
    stamp: first(event, "dtstamp").toString(),
    url: first(event, "url"),
    organizer: first(event, "organizer"),
    attendees: event.getAllProperties("attendee").length,
    rules: event.getAllProperties("rrule").length,
    alarms: event.getAllSubcomponents("valarm").length,
  }));
  return { name: first(calendar, "name"), wrName: first(calendar, "x-wr-calname"), events };
}

module.exports = { readFeed };
