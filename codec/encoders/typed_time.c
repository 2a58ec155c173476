/*
 * Timestamps as ISO 8601 and RFC 3339 write them: 2024-02-29, 2024-02-29T12:34:56.789+01:00.
 *
 * Detail: 0 = a date alone, otherwise 1 + (separator * 11 + precision) * 4 + zone with
 * separator 0 = 'T', 1 = ' '; precision 0 = minutes, 1 = seconds, 2..10 = 1..9 digits of a fraction;
 * zone 0 = none, 1 = Z, 2 = +hh:mm, 3 = +hhmm.
 * Number, highest bits first: offset (12 bits: hours * 60 + minutes, 1440 more after '-'; absent
 * without one), days, minutes or seconds of local time since 0000-01-01 (22, 33 or 39 bits), fraction
 * (as many bits as its largest value has).
 */
#include "encoders/typed.h"

enum { ZONE_NONE, ZONE_UTC, ZONE_COLON, ZONE_PLAIN };
enum { ZONE_BITS = 12, DAYS = 3652425, MINUTES_A_DAY = 1440 };

struct style {
    unsigned separator, digits, zone; /* digits: of the fraction */
    bool time, seconds;
};

static struct style style_of(uint32_t detail) {
    if (detail == 0) return (struct style){.time = false};
    unsigned precision = (detail - 1) / 4 % 11;
    return (struct style){.separator = (detail - 1) / 44,
                          .digits = precision > 1 ? precision - 1 : 0,
                          .zone = (detail - 1) % 4,
                          .time = true,
                          .seconds = precision > 0};
}

static uint32_t detail_of(struct style s) {
    if (!s.time) return 0;
    unsigned precision = s.seconds ? 1 + s.digits : 0;
    return 1 + (s.separator * 11 + precision) * 4 + s.zone;
}

static unsigned unit_bits(struct style s) {
    return !s.time ? 22 : s.seconds ? 39 : 33;
}

static unsigned fraction_bits(struct style s) {
    static const uint8_t bits[] = {0, 4, 7, 10, 14, 17, 20, 24, 27, 30};
    return bits[s.digits];
}

static unsigned zone_bits(struct style s) {
    return s.zone >= ZONE_COLON ? ZONE_BITS : 0;
}

/* ---- The calendar ----------------------------------------------------------------------------- */

/* Days since 0000-03-01 of the Gregorian calendar and back: Howard Hinnant, "chrono-Compatible
   Low-Level Date Algorithms", days_from_civil and civil_from_days, with years counted from March. */
static uint32_t march_days(unsigned year, unsigned month, unsigned day) {
    year -= month <= 2;
    return year * 365 + year / 4 - year / 100 + year / 400 +
           (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
}

/* Days since 0000-01-01, January and February of that year included. */
static uint32_t days_of(unsigned year, unsigned month, unsigned day) {
    if (year == 0 && month <= 2) return (month - 1) * 31 + day - 1;
    return march_days(year, month, day) + 60;
}

static void date_of(uint32_t days, unsigned *year, unsigned *month, unsigned *day) {
    if (days < 60) {
        *year = 0;
        *month = 1 + (days >= 31);
        *day = days % 31 + 1;
        return;
    }
    days -= 60;
    uint32_t era = days / 146097, of_era = days % 146097;
    uint32_t of_era_year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    uint32_t of_year = of_era - (365 * of_era_year + of_era_year / 4 - of_era_year / 100);
    uint32_t march = (5 * of_year + 2) / 153;
    *day = of_year - (153 * march + 2) / 5 + 1;
    *month = march < 10 ? march + 3 : march - 9;
    *year = of_era_year + era * 400 + (*month <= 2);
}

static unsigned days_in(unsigned year, unsigned month) {
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* ---- Reading ---------------------------------------------------------------------------------- */

/* `count` digits at *at; false if they are none. */
static bool digits(const uint8_t **at, const uint8_t *end, unsigned count, unsigned *value) {
    *value = 0;
    if ((size_t)(end - *at) < count) return false;
    for (; count; count--) {
        unsigned digit = (unsigned)*(*at)++ - '0';
        if (digit > 9) return false;
        *value = *value * 10 + digit;
    }
    return true;
}

static bool mark(const uint8_t **at, const uint8_t *end, char expected) {
    if (*at == end || **at != (uint8_t)expected) return false;
    ++*at;
    return true;
}

static bool read_date(const uint8_t **at, const uint8_t *end, uint32_t *days) {
    unsigned year, month, day;
    if (!digits(at, end, 4, &year) || !mark(at, end, '-') || !digits(at, end, 2, &month)) return false;
    if (!mark(at, end, '-') || !digits(at, end, 2, &day)) return false;
    if (month < 1 || month > 12 || day < 1 || day > days_in(year, month)) return false;
    *days = days_of(year, month, day);
    return true;
}

/* The time of day in minutes or seconds, and the fraction. */
static bool read_time(const uint8_t **at, const uint8_t *end, struct style *s, unsigned time[2]) {
    unsigned hour, minute, second = 0;
    if (!digits(at, end, 2, &hour) || !mark(at, end, ':') || !digits(at, end, 2, &minute)) return false;
    s->seconds = mark(at, end, ':');
    if (s->seconds && !digits(at, end, 2, &second)) return false;
    if (hour > 23 || minute > 59 || second > 59) return false;
    time[0] = hour * 60 + minute;
    if (s->seconds) time[0] = time[0] * 60 + second;
    if (!s->seconds || !mark(at, end, '.')) return true;
    const uint8_t *first = *at;
    while (*at < end && **at >= '0' && **at <= '9') ++*at;
    s->digits = (unsigned)(*at - first);
    return *at - first <= 9 && *at > first && digits(&first, *at, s->digits, &time[1]);
}

static bool read_zone(const uint8_t **at, const uint8_t *end, struct style *s, unsigned *offset) {
    unsigned hour, minute;
    if (*at == end) return true;
    s->zone = ZONE_UTC;
    if (mark(at, end, 'Z')) return *at == end;
    bool west = mark(at, end, '-');
    if (!west && !mark(at, end, '+')) return false;
    if (!digits(at, end, 2, &hour)) return false;
    s->zone = mark(at, end, ':') ? ZONE_COLON : ZONE_PLAIN;
    if (!digits(at, end, 2, &minute) || hour > 23 || minute > 59) return false;
    *offset = hour * 60 + minute + (west ? MINUTES_A_DAY : 0);
    return *at == end;
}

bool parse_time(const uint8_t *text, size_t size, struct typed_form *form, struct wide *number) {
    const uint8_t *end = text + size;
    struct style s = {.time = false};
    uint32_t days;
    unsigned time[2] = {0, 0}, offset = 0;
    if (size < 10 || size > 35 || text[4] != '-' || !read_date(&text, end, &days)) return false;
    uint64_t units = days;
    if (text < end) {
        s.time = true;
        s.separator = *text == ' ';
        if (!mark(&text, end, s.separator ? ' ' : 'T') || !read_time(&text, end, &s, time)) return false;
        if (!read_zone(&text, end, &s, &offset)) return false;
        units = units * MINUTES_A_DAY * (s.seconds ? 60 : 1) + time[0];
    }
    *form = (struct typed_form){.kind = TYPED_TIME, .detail = detail_of(s)};
    *number = wide_append(wide_of(offset), units, unit_bits(s));
    *number = wide_append(*number, time[1], fraction_bits(s));
    return true;
}

/* ---- Writing ---------------------------------------------------------------------------------- */

static char *write_digits(char *at, unsigned value, unsigned count) {
    for (unsigned i = count; i; i--) {
        at[i - 1] = (char)('0' + value % 10);
        value /= 10;
    }
    return at + count;
}

static char *write_pair(char *at, char before, unsigned value) {
    *at++ = before;
    return write_digits(at, value, 2);
}

static char *write_date(char *at, uint32_t days) {
    unsigned year, month, day;
    date_of(days, &year, &month, &day);
    at = write_digits(at, year, 4);
    at = write_pair(at, '-', month);
    return write_pair(at, '-', day);
}

static char *write_zone(char *at, struct style s, unsigned offset) {
    if (s.zone == ZONE_UTC) *at++ = 'Z';
    if (s.zone < ZONE_COLON) return at;
    at = write_pair(at, offset >= MINUTES_A_DAY ? '-' : '+', offset % MINUTES_A_DAY / 60);
    if (s.zone == ZONE_COLON) *at++ = ':';
    return write_digits(at, offset % 60, 2);
}

size_t render_time(struct typed_form form, struct wide number, char *text) {
    struct style s = style_of(form.detail);
    unsigned units_at = fraction_bits(s), zone_at = units_at + unit_bits(s), limit = 1;
    unsigned fraction = (unsigned)wide_field(number, 0, units_at).low;
    uint64_t units = wide_field(number, units_at, zone_at - units_at).low;
    unsigned offset = (unsigned)wide_field(number, zone_at, zone_bits(s)).low;
    unsigned a_day = !s.time ? 1 : s.seconds ? MINUTES_A_DAY * 60 : MINUTES_A_DAY;
    for (unsigned i = 0; i < s.digits; i++) limit *= 10;
    if (fraction >= limit || offset >= 2 * MINUTES_A_DAY || units / a_day >= DAYS) return 0;
    unsigned time = (unsigned)(units % a_day);
    char *at = write_date(text, (uint32_t)(units / a_day));
    if (!s.time) return (size_t)(at - text);
    at = write_pair(at, s.separator ? ' ' : 'T', s.seconds ? time / 3600 : time / 60);
    at = write_pair(at, ':', s.seconds ? time / 60 % 60 : time % 60);
    if (s.seconds) at = write_pair(at, ':', time % 60);
    if (s.digits) {
        *at++ = '.';
        at = write_digits(at, fraction, s.digits);
    }
    return (size_t)(write_zone(at, s, offset) - text);
}

int time_bits(struct typed_form form) {
    if (form.detail > 88) return -1;
    struct style s = style_of(form.detail);
    return (int)(zone_bits(s) + unit_bits(s) + fraction_bits(s));
}

struct typed_field time_field(struct typed_form form) {
    struct style s = style_of(form.detail);
    return (struct typed_field){.at = fraction_bits(s), .length = unit_bits(s)};
}
