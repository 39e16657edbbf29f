// Compares events as readFeed gives them with rows of `litang sessions --format json`.
"use strict";
const assert = require("node:assert");

// What a feed makes of blanks at the ends of a text.
const clean = (text) => text.replace(/^[ \t]+|[ \t]+$/g, "");

const CHINESE = { course: "课程：", category: "类别：", instructor: "讲师：", township: "镇街：", note: "备注：", cancelled: "【停课】", moved: "【改期】" };
const ENGLISH = { course: "Course: ", category: "Topic: ", instructor: "By: ", township: "Town: ", note: "Note: ", cancelled: "[CANCELLED] ", moved: "[MOVED] " };

// "+1 00:30" is half past midnight of the next day.
function endOf(row) {
  if (!row.end.startsWith("+")) return `${row.date} ${row.end}`;
  const [days, time] = row.end.slice(1).split(" ");
  const day = new Date(Date.parse(`${row.date}T00:00:00Z`) + Number(days) * 86400000);
  return `${day.toISOString().slice(0, 10)} ${time}`;
}

function compareEvent(event, row, labels) {
  const where = row.uid;
  assert.equal(event.uid, row.uid);
  assert.equal(event.tzid, row.tzid, where);
  assert.equal(event.start, `${row.date} ${row.start}`, where);
  assert.equal(event.end, endOf(row), where);
  assert.equal(event.status, row.status, where);
  assert.equal(event.sequence, row.sequence, where);
  assert.equal(event.lastModified, row.last_modified, where);
  assert.equal(event.stamp, row.last_modified, where);
  const mark = [labels.cancelled, labels.moved].find((word) => event.summary.startsWith(word)) || "";
  assert.equal(mark === labels.cancelled, row.status === "CANCELLED", where);
  assert.equal(event.summary.slice(mark.length), clean(row.course), where);
  assert.deepEqual(event.categories, [clean(row.category)], where);
  const [place] = event.location.split("\n");
  assert.equal(place, clean(row.room) === clean(row.hall) ? row.hall : `${row.hall}, ${row.room}`, where);
  const lines = event.description.split("\n");
  assert.ok(lines.includes(labels.course + row.course), where);
  assert.ok(lines.includes(labels.category + row.category), where);
  assert.ok(lines.includes(labels.township + row.township), where);
  if (!row.instructor_id.includes(";")) assert.ok(lines.includes(labels.instructor + row.instructor), where);
  if (row.note) assert.ok(event.description.endsWith(labels.note + row.note), where);
  assert.equal(event.organizer, "invalid:nomail", where);
  assert.equal(event.attendees + event.rules + event.alarms, 0, where);
}

module.exports = { compareEvent, clean, CHINESE, ENGLISH };
