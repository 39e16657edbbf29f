/* base/limits: every ceiling of litang with its reason. A test crosses each one.
 * Add a limit here, never beside the code that enforces it. */
#ifndef LITANG_BASE_LIMITS_H
#define LITANG_BASE_LIMITS_H

enum {
    /* Ids come from offices' own numbering; 64 bytes hold any 12-digit code with a prefix. */
    LIMIT_ID_BYTES = 64,
    /* Names are shown in SUMMARY and on phones; 200 bytes are 66 Chinese characters. */
    LIMIT_NAME_BYTES = 200,
    /* Free text: reasons, notes, addresses. */
    LIMIT_NOTE_BYTES = 2000,
    /* More teachers than this in one session have not been seen; keeps a session flat. */
    LIMIT_SESSION_INSTRUCTORS = 4,
    /* A meeting may cross midnight but not a second one. */
    LIMIT_SESSION_MINUTES = 1440,
    /* Set-up or clear-up longer than half a day is a closure, not a margin. */
    LIMIT_MARGIN_MINUTES = 720,
    /* Weekly hours: three spans a day (morning, afternoon, evening) and one to spare. */
    LIMIT_HOURS_SPANS = 28,
    /* Facility words are bits of one 64-bit mask. */
    LIMIT_FACILITIES = 64,
    /* Meetings in one series: a weekly series of a whole year. */
    LIMIT_SERIES_MEETINGS = 53,
    /* Sessions one request may ask for. */
    LIMIT_REQUEST_SESSIONS = 366,
    /* Days in one plan: three years. */
    LIMIT_PLAN_DAYS = 1096,
    /* Published plans called draft, draft-2, draft-3 …: one a day for 27 years; each is asked about. */
    LIMIT_PLAN_NAMES = 10000,
    /* Rows in any table of a snapshot: dense indices are 32-bit; 16 million is 16 x a country. */
    LIMIT_ROWS = 16000000,
    /* Clashes reported at once; past this the count goes on, the list stops. */
    LIMIT_CLASHES = 10000,
    /* Population groups: each is searched by its word while a snapshot is built. */
    LIMIT_AUDIENCES = 256,
    /* A journey longer than a day is none between two sessions. */
    LIMIT_TRAVEL_MINUTES = 1440,
    /* Roads: no mountain road is ten times the straight line, nothing on a road is faster. */
    LIMIT_TRAVEL_DETOUR_PCT = 1000,
    LIMIT_TRAVEL_SPEED_KMH = 200,
    /* Lunar dates in one closure rule; a temple has a handful of yearly fairs. */
    LIMIT_RULE_DATES = 16,
    /* A closure rule as text: every kind with every value is below 400 bytes. */
    LIMIT_RULE_BYTES = 1000,
    /* A reminder a week ahead; more is a calendar entry of its own. */
    LIMIT_ALARM_MINUTES = 10080,
    /* Connections at once: 2,000 phones that poll together, twice over. */
    LIMIT_CONNECTIONS = 4096,
    /* Feeds that are sent from a file in memory at once, a descriptor each: all halls of a city of 2,000.
     * Beyond, they are sent from the heap. */
    LIMIT_REPLY_FILES = 2048,
    /* The database, pipes, the log. */
    LIMIT_OTHER_FILES = 64,
    /* A request's line and headers; browsers send 1 to 4 kB. */
    LIMIT_CONNECTION_BYTES = 8192,
    /* A client that says nothing for so long is hung up on. */
    LIMIT_CONNECTION_IDLE_S = 30,
    /* A reply that is not read to its end in so long is broken off: 900 kB take this at 12 kbit/s. */
    LIMIT_REPLY_READ_S = 600,
    /* What is in flight at SIGTERM has so long to finish. */
    LIMIT_SHUTDOWN_MS = 5000,
    /* Days in one report: ten years, leap days included; a month each is a row. */
    LIMIT_REPORT_DAYS = 3660,
    /* Programme tags of one report: the ministry has named two. */
    LIMIT_REPORT_TAGS = 256,
    /* Sessions that a place needs to count as reached: three a day for a year. */
    LIMIT_COVERAGE_MINIMUM = 1000,
    /* People at one session; the largest hall seats a tenth of it, and a year of such sums stays exact. */
    LIMIT_HEADS = 100000,
    /* Excel's own ceiling for one cell. */
    LIMIT_XLSX_CELL_CHARS = 32767,
    /* Planner threads: more cores than one machine of ours has. */
    LIMIT_THREADS = 64,
    /* Sessions that one hall or area may lack when coverage is planned for: `--minimum` goes to 1,000 in a
     * report, but a plan for more than a weekly session is a series. */
    LIMIT_REACH_NEED = 53
};

/* A CSV office file; DESIGN §9 speaks of thousands of rows, a 300 MB file must be refused. */
#define LIMIT_IMPORT_BYTES      ((size_t)64 * 1024 * 1024)
#define LIMIT_IMPORT_ROWS       ((size_t)1000000)
#define LIMIT_IMPORT_COLUMNS    ((size_t)256)
#define LIMIT_IMPORT_CELL_BYTES ((size_t)64 * 1024)
/* Cells kept of one file, 40 MB of pointers: 64 MB of bare commas must not become gigabytes. 100,000 ledger
 * rows of 50 columns fit. */
#define LIMIT_IMPORT_CELLS ((size_t)5 * 1000 * 1000)
/* Text kept of one file, equal cells mostly once: a CSV file is held twice beside it, all below 200 MB. */
#define LIMIT_IMPORT_TEXT_BYTES ((size_t)32 * 1024 * 1024)
/* An old workbook, which has at most 65,536 rows a sheet: it is held twice while it is read. */
#define LIMIT_IMPORT_XLS_BYTES ((size_t)32 * 1024 * 1024)
/* What the parts of one workbook may unpack to: 100,000 ledger rows of 22 columns take 95 MB, and expat reads
 * this in about a second. */
#define LIMIT_IMPORT_UNPACKED_BYTES ((size_t)192 * 1024 * 1024)
/* Parts of a workbook's package: sheets, their relations, drawings and pictures. */
#define LIMIT_PACKAGE_PARTS ((size_t)10000)
/* Number formats of one workbook; Excel allows 64,000. */
#define LIMIT_IMPORT_STYLES ((size_t)65536)
/* Merged ranges of one workbook: three in each of 30,000 rows. */
#define LIMIT_IMPORT_MERGES ((size_t)100000)
/* One tag with its attributes: Excel's are below 1 kB; expat keeps a token whole. */
#define LIMIT_XML_TOKEN_BYTES ((size_t)1024 * 1024)
/* Elements within each other; a workbook's own have 8 levels. */
#define LIMIT_XML_DEPTH ((size_t)64)
/* Sheets of one workbook: one for each of a city's 136 townships, with some to spare. */
#define LIMIT_IMPORT_SHEETS ((size_t)256)
/* Exports of different revisions whose edited rows stand in one file, kinds counted apart; each is held in
 * memory.
 */
#define LIMIT_IMPORT_BASES ((size_t)32)
/* Files of the drop folder that wait; the rest is seen when they are gone. */
#define LIMIT_INBOX_FILES ((size_t)1000)
/* Errors listed for one file; past this they are counted. */
#define LIMIT_IMPORT_ERRORS ((size_t)10000)
/* Nobody reads more; the rest is counted. */
#define LIMIT_IMPORT_CONVERSIONS ((size_t)10000)
/* A calendar to read: 20,000 events of 840 bytes; a hall's own has some hundred. */
#define LIMIT_ICS_BYTES ((size_t)16 * 1024 * 1024)
/* One unfolded line that counts; pictures within a line are skipped, whatever their length. */
#define LIMIT_ICS_LINE_BYTES ((size_t)64 * 1024)
/* Lines of no calendar's form; a file with more is something else. */
#define LIMIT_ICS_BAD_LINES ((size_t)1000)
/* BEGIN within BEGIN: VCALENDAR, VEVENT, VALARM make three. */
#define LIMIT_ICS_NESTING ((size_t)16)
/* Events of one file, and time zones that it describes itself. */
#define LIMIT_ICS_EVENTS ((size_t)20000)
#define LIMIT_ICS_ZONES  ((size_t)256)
/* Meetings of one series: daily for ten years. */
#define LIMIT_ICS_MEETINGS ((size_t)4000)
/* Meetings of one file: all of 20,000 events, or 130 halls with one a day. */
#define LIMIT_ICS_RECORDS ((size_t)50000)
/* Days that all rules of one file may look at, 10 ns each: 270 rules from 1901. */
#define LIMIT_ICS_RULE_DAYS ((int64_t)20 * 1000 * 1000)
/* A series without end is read from so long ago to so far ahead: a year behind, two years of planning. */
#define LIMIT_ICS_PAST_DAYS   366
#define LIMIT_ICS_FUTURE_DAYS 731
/* Calendars that are followed: each hall of a county. */
#define LIMIT_FOLLOWS 1000
/* The address of one; browsers take 2,000 bytes. */
#define LIMIT_FOLLOW_SOURCE_BYTES 2000
/* How often one may be read, and must be: a busy hall, a holiday notice. */
#define LIMIT_FOLLOW_EVERY_MIN_MINUTES 5
#define LIMIT_FOLLOW_EVERY_MAX_MINUTES 10080
/* Redirects of one reading; calendar servers use one or two. */
#define LIMIT_FETCH_REDIRECTS 5L
/* One reading from beginning to end, and until a connection stands: LIMIT_ICS_BYTES take this at 4 Mbit/s. */
#define LIMIT_FETCH_MS         40000L
#define LIMIT_FETCH_CONNECT_MS 10000L
/* A TZif file; the largest of tzdata is below 4 KiB. */
#define LIMIT_ZONE_BYTES ((size_t)256 * 1024)
/* A feed, DESIGN §7.11: Google refuses at about 1 MB. */
#define LIMIT_FEED_BYTES ((size_t)900 * 1000)

/* The linter reads a file whole: a city's download of 100,000 events is 84 MB. */
#define LIMIT_LINT_BYTES ((size_t)128 * 1024 * 1024)
/* Findings listed for one lint rule; past this they are counted. */
#define LIMIT_LINT_BY_RULE ((size_t)100)

/* Replies kept in memory for one snapshot: all feeds of a province of 100,000 sessions, each event in four
 * feeds. */
#define LIMIT_REPLY_CACHE_BYTES ((size_t)512 * 1024 * 1024)
/* The part of it for addresses that a client can make up (?alarm=1 … 10080); past it they are 503. */
#define LIMIT_REPLY_VARIANT_BYTES ((size_t)64 * 1024 * 1024)
/* Larger bodies are not packed on the loop thread: 1 MB takes about 15 ms. */
#define LIMIT_GZIP_BYTES ((size_t)1024 * 1024)

/* A problem or plan in JSON (docs/interchange.md): a million requests take 200 MB; the parsed tree takes
 * eight times that, so a file must not be let in without a bound. */
#define LIMIT_PROBLEM_BYTES ((size_t)256 * 1024 * 1024)
/* Keys of one object of it; its widest row has 19. */
#define LIMIT_PROBLEM_KEYS ((size_t)64)
/* Faults of a foreign plan that are listed; past this they are counted. */
#define LIMIT_PROBLEM_FAULTS ((size_t)10000)

/* Secret addresses, revoked ones counted: ten for each of 10,000 instructors; 400 bytes each in memory. */
#define LIMIT_TOKENS 100000
/* Addresses of one target that are in force, and revoked ones that still answer 410. */
#define LIMIT_TARGET_TOKENS 20
/* Subscriptions whose last fetch is known: 136 townships with 400 each; 160 bytes each in memory. Past it the
 * one that was seen longest ago gives way. */
#define LIMIT_RECEIPTS 65536
/* A subscription that has not asked for so long is gone. */
#define LIMIT_RECEIPT_DAYS 60
/* Rotations of secret addresses that wait for the database at once. */
#define LIMIT_ROTATIONS 16
/* Slow answers that wait for a worker at once, and those that are worked on: half of libuv's four threads, so
 * that commits are seen meanwhile. */
#define LIMIT_ERRANDS         64
#define LIMIT_ERRANDS_WORKING 2
/* What comes with a POST; it is read and dropped, for the address says everything. */
#define LIMIT_POST_BYTES ((size_t)4096)

/* A report as text: a ledger of a million sessions takes 200 MB. */
#define LIMIT_REPORT_BYTES ((size_t)1024 * 1024 * 1024)
/* Rows of a sheet of a workbook (ECMA-376: 2^20). */
#define LIMIT_SHEET_ROWS ((size_t)1048576)
/* The data of one page: 10,000 sessions in 3,000 halls take 0.5 MB, one hall is 150 bytes. */
#define LIMIT_DASHBOARD_BYTES ((size_t)64 * 1024 * 1024)
/* One page; the index of 136 townships takes 60 kB. */
#define LIMIT_PAGE_BYTES ((size_t)8 * 1024 * 1024)
/* One calendar in memory: the whole-city download of a million sessions takes 840 MB. */
#define LIMIT_CALENDAR_BYTES ((size_t)1024 * 1024 * 1024)

#endif
