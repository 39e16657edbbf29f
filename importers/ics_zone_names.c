#include "importers/ics_zone_names.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

struct name_pair {
    const char *name, *iana;
};

static const struct name_pair NAMES[] = {
    /* Chinese ones first */
    {"China Standard Time", "Asia/Shanghai"},
    {"中国标准时间", "Asia/Shanghai"},
    {"中国时间", "Asia/Shanghai"},
    {"北京时间", "Asia/Shanghai"},
    {"Beijing", "Asia/Shanghai"},
    {"Beijing Time", "Asia/Shanghai"},
    {"Asia/Beijing", "Asia/Shanghai"},
    {"Asia/Chongqing", "Asia/Shanghai"},
    {"Asia/Chungking", "Asia/Shanghai"},
    {"Asia/Harbin", "Asia/Shanghai"},
    {"PRC", "Asia/Shanghai"},
    {"CST+8", "Asia/Shanghai"},
    {"CST-8", "Asia/Shanghai"},
    {"Taipei Standard Time", "Asia/Taipei"},
    {"ROC", "Asia/Taipei"},
    {"Hongkong", "Asia/Hong_Kong"},
    {"Singapore Standard Time", "Asia/Singapore"},
    {"Malay Peninsula Standard Time", "Asia/Singapore"},
    {"Tokyo Standard Time", "Asia/Tokyo"},
    {"Japan", "Asia/Tokyo"},
    {"Korea Standard Time", "Asia/Seoul"},
    {"ROK", "Asia/Seoul"},
    {"North Korea Standard Time", "Asia/Pyongyang"},
    {"Ulaanbaatar Standard Time", "Asia/Ulaanbaatar"},
    {"SE Asia Standard Time", "Asia/Bangkok"},
    {"W. Mongolia Standard Time", "Asia/Hovd"},
    {"North Asia East Standard Time", "Asia/Irkutsk"},
    {"North Asia Standard Time", "Asia/Krasnoyarsk"},
    {"N. Central Asia Standard Time", "Asia/Novosibirsk"},
    {"Altai Standard Time", "Asia/Barnaul"},
    {"Tomsk Standard Time", "Asia/Tomsk"},
    {"Yakutsk Standard Time", "Asia/Yakutsk"},
    {"Transbaikal Standard Time", "Asia/Chita"},
    {"Vladivostok Standard Time", "Asia/Vladivostok"},
    {"Sakhalin Standard Time", "Asia/Sakhalin"},
    {"Magadan Standard Time", "Asia/Magadan"},
    {"Russia Time Zone 10", "Asia/Srednekolymsk"},
    {"Russia Time Zone 11", "Asia/Kamchatka"},
    {"Omsk Standard Time", "Asia/Omsk"},
    {"Central Asia Standard Time", "Asia/Bishkek"},
    {"Qyzylorda Standard Time", "Asia/Qyzylorda"},
    {"Bangladesh Standard Time", "Asia/Dhaka"},
    {"Myanmar Standard Time", "Asia/Yangon"},
    {"Nepal Standard Time", "Asia/Kathmandu"},
    {"India Standard Time", "Asia/Kolkata"},
    {"Sri Lanka Standard Time", "Asia/Colombo"},
    {"Pakistan Standard Time", "Asia/Karachi"},
    {"West Asia Standard Time", "Asia/Tashkent"},
    {"Ekaterinburg Standard Time", "Asia/Yekaterinburg"},
    {"Afghanistan Standard Time", "Asia/Kabul"},
    {"Arabian Standard Time", "Asia/Dubai"},
    {"Azerbaijan Standard Time", "Asia/Baku"},
    {"Caucasus Standard Time", "Asia/Yerevan"},
    {"Georgian Standard Time", "Asia/Tbilisi"},
    {"Iran Standard Time", "Asia/Tehran"},
    {"Arab Standard Time", "Asia/Riyadh"},
    {"Arabic Standard Time", "Asia/Baghdad"},
    {"Jordan Standard Time", "Asia/Amman"},
    {"Middle East Standard Time", "Asia/Beirut"},
    {"Syria Standard Time", "Asia/Damascus"},
    {"West Bank Standard Time", "Asia/Hebron"},
    {"Israel Standard Time", "Asia/Jerusalem"},
    {"Turkey Standard Time", "Europe/Istanbul"},
    /* Europe and Africa */
    {"UTC", "Etc/UTC"},
    {"Z", "Etc/UTC"},
    {"GMT", "Etc/UTC"},
    {"tzone://Microsoft/Utc", "Etc/UTC"},
    {"Coordinated Universal Time", "Etc/UTC"},
    {"GMT Standard Time", "Europe/London"},
    {"GB", "Europe/London"},
    {"Greenwich Standard Time", "Atlantic/Reykjavik"},
    {"Sao Tome Standard Time", "Africa/Sao_Tome"},
    {"Morocco Standard Time", "Africa/Casablanca"},
    {"W. Europe Standard Time", "Europe/Berlin"},
    {"Central Europe Standard Time", "Europe/Budapest"},
    {"Central European Standard Time", "Europe/Warsaw"},
    {"Romance Standard Time", "Europe/Paris"},
    {"W. Central Africa Standard Time", "Africa/Lagos"},
    {"Libya Standard Time", "Africa/Tripoli"},
    {"Namibia Standard Time", "Africa/Windhoek"},
    {"GTB Standard Time", "Europe/Bucharest"},
    {"FLE Standard Time", "Europe/Kiev"},
    {"E. Europe Standard Time", "Europe/Chisinau"},
    {"Kaliningrad Standard Time", "Europe/Kaliningrad"},
    {"Egypt Standard Time", "Africa/Cairo"},
    {"South Africa Standard Time", "Africa/Johannesburg"},
    {"Sudan Standard Time", "Africa/Khartoum"},
    {"South Sudan Standard Time", "Africa/Juba"},
    {"E. Africa Standard Time", "Africa/Nairobi"},
    {"Russian Standard Time", "Europe/Moscow"},
    {"Belarus Standard Time", "Europe/Minsk"},
    {"Volgograd Standard Time", "Europe/Volgograd"},
    {"Astrakhan Standard Time", "Europe/Astrakhan"},
    {"Saratov Standard Time", "Europe/Saratov"},
    {"Russia Time Zone 3", "Europe/Samara"},
    {"Mauritius Standard Time", "Indian/Mauritius"},
    /* America */
    {"Azores Standard Time", "Atlantic/Azores"},
    {"Cape Verde Standard Time", "Atlantic/Cape_Verde"},
    {"Greenland Standard Time", "America/Nuuk"},
    {"Newfoundland Standard Time", "America/St_Johns"},
    {"E. South America Standard Time", "America/Sao_Paulo"},
    {"Argentina Standard Time", "America/Argentina/Buenos_Aires"},
    {"SA Eastern Standard Time", "America/Cayenne"},
    {"Bahia Standard Time", "America/Bahia"},
    {"Tocantins Standard Time", "America/Araguaina"},
    {"Montevideo Standard Time", "America/Montevideo"},
    {"Magallanes Standard Time", "America/Punta_Arenas"},
    {"Saint Pierre Standard Time", "America/Miquelon"},
    {"Atlantic Standard Time", "America/Halifax"},
    {"SA Western Standard Time", "America/La_Paz"},
    {"Central Brazilian Standard Time", "America/Cuiaba"},
    {"Pacific SA Standard Time", "America/Santiago"},
    {"Paraguay Standard Time", "America/Asuncion"},
    {"Venezuela Standard Time", "America/Caracas"},
    {"Eastern Standard Time", "America/New_York"},
    {"US/Eastern", "America/New_York"},
    {"US Eastern Standard Time", "America/Indianapolis"},
    {"SA Pacific Standard Time", "America/Bogota"},
    {"Haiti Standard Time", "America/Port-au-Prince"},
    {"Cuba Standard Time", "America/Havana"},
    {"Turks And Caicos Standard Time", "America/Grand_Turk"},
    {"Eastern Standard Time (Mexico)", "America/Cancun"},
    {"Central Standard Time", "America/Chicago"},
    {"US/Central", "America/Chicago"},
    {"Central America Standard Time", "America/Guatemala"},
    {"Central Standard Time (Mexico)", "America/Mexico_City"},
    {"Canada Central Standard Time", "America/Regina"},
    {"Easter Island Standard Time", "Pacific/Easter"},
    {"Mountain Standard Time", "America/Denver"},
    {"US/Mountain", "America/Denver"},
    {"Mountain Standard Time (Mexico)", "America/Mazatlan"},
    {"US Mountain Standard Time", "America/Phoenix"},
    {"Yukon Standard Time", "America/Whitehorse"},
    {"Pacific Standard Time", "America/Los_Angeles"},
    {"US/Pacific", "America/Los_Angeles"},
    {"Pacific Standard Time (Mexico)", "America/Tijuana"},
    {"Alaskan Standard Time", "America/Anchorage"},
    {"Aleutian Standard Time", "America/Adak"},
    {"Hawaiian Standard Time", "Pacific/Honolulu"},
    /* Oceania */
    {"W. Australia Standard Time", "Australia/Perth"},
    {"Aus Central W. Standard Time", "Australia/Eucla"},
    {"AUS Central Standard Time", "Australia/Darwin"},
    {"Cen. Australia Standard Time", "Australia/Adelaide"},
    {"AUS Eastern Standard Time", "Australia/Sydney"},
    {"E. Australia Standard Time", "Australia/Brisbane"},
    {"Tasmania Standard Time", "Australia/Hobart"},
    {"Lord Howe Standard Time", "Australia/Lord_Howe"},
    {"West Pacific Standard Time", "Pacific/Port_Moresby"},
    {"Bougainville Standard Time", "Pacific/Bougainville"},
    {"Central Pacific Standard Time", "Pacific/Guadalcanal"},
    {"Norfolk Standard Time", "Pacific/Norfolk"},
    {"New Zealand Standard Time", "Pacific/Auckland"},
    {"Fiji Standard Time", "Pacific/Fiji"},
    {"Chatham Islands Standard Time", "Pacific/Chatham"},
    {"Tonga Standard Time", "Pacific/Tongatapu"},
    {"Samoa Standard Time", "Pacific/Apia"},
    {"Line Islands Standard Time", "Pacific/Kiritimati"},
    {"Marquesas Standard Time", "Pacific/Marquesas"},
    {"UTC-11", "Pacific/Pago_Pago"},
    {"UTC+12", "Pacific/Tarawa"},
    {"UTC+13", "Pacific/Fakaofo"},
    {"Dateline Standard Time", "Etc/GMT+12"}};

/* Words of Outlook's long names; the first that the name holds decides. */
static const struct name_pair PLACES[] = {{"Beijing", "Asia/Shanghai"},
                                          {"北京", "Asia/Shanghai"},
                                          {"Chongqing", "Asia/Shanghai"},
                                          {"重庆", "Asia/Shanghai"},
                                          {"Taipei", "Asia/Taipei"},
                                          {"台北", "Asia/Taipei"},
                                          {"Hong Kong", "Asia/Hong_Kong"},
                                          {"香港", "Asia/Hong_Kong"},
                                          {"Singapore", "Asia/Singapore"},
                                          {"Kuala Lumpur", "Asia/Singapore"},
                                          {"新加坡", "Asia/Singapore"},
                                          {"Tokyo", "Asia/Tokyo"},
                                          {"东京", "Asia/Tokyo"},
                                          {"Seoul", "Asia/Seoul"},
                                          {"首尔", "Asia/Seoul"},
                                          {"Bangkok", "Asia/Bangkok"},
                                          {"New Delhi", "Asia/Kolkata"},
                                          {"Abu Dhabi", "Asia/Dubai"},
                                          {"Moscow", "Europe/Moscow"},
                                          {"Athens", "Europe/Bucharest"},
                                          {"Helsinki", "Europe/Helsinki"},
                                          {"Berlin", "Europe/Berlin"},
                                          {"柏林", "Europe/Berlin"},
                                          {"Paris", "Europe/Paris"},
                                          {"巴黎", "Europe/Paris"},
                                          {"Prague", "Europe/Prague"},
                                          {"Warsaw", "Europe/Warsaw"},
                                          {"London", "Europe/London"},
                                          {"伦敦", "Europe/London"},
                                          {"Arizona", "America/Phoenix"},
                                          {"Eastern Time", "America/New_York"},
                                          {"Central Time", "America/Chicago"},
                                          {"Mountain Time", "America/Denver"},
                                          {"Pacific Time", "America/Los_Angeles"},
                                          {"Alaska", "America/Anchorage"},
                                          {"Hawaii", "Pacific/Honolulu"},
                                          {"Brasilia", "America/Sao_Paulo"},
                                          {"Sydney", "Australia/Sydney"},
                                          {"Brisbane", "Australia/Brisbane"},
                                          {"Adelaide", "Australia/Adelaide"},
                                          {"Perth", "Australia/Perth"},
                                          {"Auckland", "Pacific/Auckland"},
                                          {"Coordinated Universal Time", "Etc/UTC"}};

const char *ics_zone_name_iana(const char *name)
{
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        if (strcasecmp(NAMES[i].name, name) == 0) {
            return NAMES[i].iana;
        }
    }
    return NULL;
}

const char *ics_zone_name_of_places(const char *name)
{
    for (size_t i = 0; i < sizeof PLACES / sizeof *PLACES; i++) {
        if (strstr(name, PLACES[i].name) != NULL) {
            return PLACES[i].iana;
        }
    }
    return NULL;
}

bool ics_zone_name_offset(const char *name, int32_t *ret_seconds)
{
    const char *at = name + strspn(name, "( ");
    at += strncasecmp(at, "UTC", 3) == 0 || strncasecmp(at, "GMT", 3) == 0 ? 3 : 0;
    if (*at != '+' && *at != '-') {
        return false;
    }
    int32_t sign = *at++ == '-' ? -1 : 1;
    size_t digits = strspn(at, "0123456789");
    int32_t hour = 0;
    int32_t minute = 0;
    if (digits == 0 || digits > 4) {
        return false;
    }
    for (size_t i = 0; i < (digits > 2 ? digits - 2 : digits); i++) {
        hour = hour * 10 + (at[i] - '0');
    }
    const char *rest = digits > 2 ? at + digits - 2 : at[digits] == ':' ? at + digits + 1 : NULL;
    if (rest != NULL) {
        if (rest[0] < '0' || rest[0] > '5' || rest[1] < '0' || rest[1] > '9') {
            return false;
        }
        minute = (rest[0] - '0') * 10 + (rest[1] - '0');
    }
    if (hour > 14) {
        return false;
    }
    *ret_seconds = sign * (hour * 3600 + minute * 60);
    return true;
}

bool ics_zone_name_is_empty(const char *name)
{
    static const char *const EMPTY[] = {"",
                                        "tzone://Microsoft/Custom",
                                        "Customized Time Zone",
                                        "Custom",
                                        "Custom Time Zone",
                                        "Floating",
                                        "Local",
                                        "null",
                                        "undefined"};
    for (size_t i = 0; i < sizeof EMPTY / sizeof *EMPTY; i++) {
        if (strcasecmp(EMPTY[i], name) == 0) {
            return true;
        }
    }
    return false;
}
