/* The table of `valpack advise`. */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "advice.h"
#include "json_reader.h"

enum {
    TITLE_COLUMN = 32,
    NARROWEST = 60,
    WIDEST = 110,
    WIDTH_OF_FILES = 100, /* where the output is no terminal */
    INDENT = 4,
    WORDS_ROOM = 1024,
    TITLE_ROOM = 64
};

/* ---- numbers and words ---------------------------------------------------------------------- */

/* 1234567 as "1,234,567". */
static const char *grouped(double number, char text[32]) {
    char digits[32];
    int size = snprintf(digits, sizeof digits, "%.0f", number), used = 0;
    for (int i = 0; i < size && used < 30; i++) {
        if (i > 0 && (size - i) % 3 == 0) text[used++] = ',';
        text[used++] = digits[i];
    }
    text[used] = '\0';
    return text;
}

static const char *sized(double bytes, char text[32]) {
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    size_t unit = 0;
    for (; bytes >= 1024 && unit < 4; unit++) bytes /= 1024;
    snprintf(text, 32, unit == 0 ? "%.0f %s" : "%.1f %s", bytes, units[unit]);
    return text;
}

static int terminal_width(void) {
    struct winsize size;
    if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return WIDTH_OF_FILES;
    return size.ws_col < NARROWEST ? NARROWEST : size.ws_col > WIDEST ? WIDEST : size.ws_col;
}

/* Prints words behind a label, in lines that begin where the first word stands. */
static void print_wrapped(int indent, const char *label, const char *words) {
    if (words[0] == '\0') return;
    int left = indent + (int)strlen(label), width = terminal_width(), column = left;
    printf("%*s%s", indent, "", label);
    while (*words) {
        int size = (int)strcspn(words, " ");
        if (column > left && column + 1 + size > width) {
            printf("\n%*s", left, "");
            column = left;
        } else if (column > left) {
            putchar(' ');
            column++;
        }
        fwrite(words, 1, (size_t)size, stdout);
        column += size;
        words += size + (int)strspn(words + size, " ");
    }
    putchar('\n');
}

static void print_member(const char *object, const char *name, int indent, const char *label) {
    char words[WORDS_ROOM];
    json_words(json_member(object, name), words, sizeof words);
    print_wrapped(indent, label, words);
}

/* ---- the table ------------------------------------------------------------------------------ */

static void print_heading(const struct advice *advice) {
    char keys[32], memory[32], server[TITLE_ROOM], sentence[WORDS_ROOM];
    json_words(json_member(advice->json, "server"), server, sizeof server);
    double per_key = advice->keys > 0 ? advice->memory / advice->keys : 0;
    snprintf(sentence, sizeof sentence,
             "%s keys of %.0f bytes%s with values of %.0f bytes take %s of %s, %.1f bytes a key.",
             grouped(advice->keys, keys), advice->key_bytes, advice->keyed ? "" : " (assumed)",
             advice->value_bytes, sized(advice->memory, memory), server, per_key);
    print_wrapped(0, "", sentence);
    printf("\n%4s%-*s %7s %10s %8s %7s %7s\n", "", TITLE_COLUMN, "", "of the", "bytes", "", "encode",
           "decode");
    printf("%4s%-*s %7s %10s %8s %7s %7s\n", "", TITLE_COLUMN, "technique", "values", "a key", "saved", "ns",
           "ns");
    printf("%4s%-*s %7s %10.1f\n", "", TITLE_COLUMN, "as it is now", "", per_key);
}

static void print_time(double ns) {
    if (ns < 0) printf(" %7s", "-");
    else printf(" %7.0f", ns);
}

static void print_technique(const struct advice *advice, const struct technique *technique) {
    char title[TITLE_ROOM];
    json_words(json_member(technique->row, "title"), title, sizeof title);
    double share = advice->kept > 0 ? 100 * technique->values / advice->kept : 0;
    double per_key = advice->keys > 0 ? technique->memory / advice->keys : 0;
    if (technique->number > 0) printf("%2zu  ", technique->number);
    else printf("%4s", "");
    printf("%-*s", TITLE_COLUMN, title);
    if (technique->values > 0 && share < 0.5) printf(" %7s", "< 1 %");
    else printf(" %5.0f %%", share);
    printf(" %10.1f %6.1f %%", per_key, technique->saved_percent);
    if (technique->error >= 0) {
        printf("  error %.2g %%\n", 100 * technique->error);
        return;
    }
    print_time(technique->encode_ns);
    print_time(technique->decode_ns);
    putchar('\n');
}

enum section { SECTION_WORTH, SECTION_CATCH, SECTION_SMALL, SECTION_LOSSY, SECTION_LOSSY_SMALL, SECTIONS };

static const char *const section_headings[SECTIONS] = {
    NULL,
    "Saves enough, but has a catch: see below",
    "Under 10 %: leave it alone",
    "Only for what is counted, looked for or compared, and never read back",
    "The same, under 10 %: leave it alone",
};

static enum section section_of(const struct technique *technique) {
    if (technique->lossy) return technique->number > 0 ? SECTION_LOSSY : SECTION_LOSSY_SMALL;
    return technique->worth ? SECTION_WORTH : technique->has_catch ? SECTION_CATCH : SECTION_SMALL;
}

static void print_section(const struct advice *advice, enum section section) {
    bool begun = false;
    for (size_t i = 0; i < advice->count; i++) {
        const struct technique *technique = &advice->techniques[i];
        if (section_of(technique) != section || technique->values == 0) continue;
        if (!begun && section_headings[section]) puts(section_headings[section]);
        begun = true;
        print_technique(advice, technique);
    }
}

/* ---- below the table ------------------------------------------------------------------------ */

/* The technique above with the same words about its losses, NULL without one. */
static const struct technique *same_losses(const struct advice *advice, size_t index) {
    const char *loses = json_member(advice->techniques[index].row, "loses");
    for (size_t i = 0; loses && i < index; i++) {
        const char *other = json_member(advice->techniques[i].row, "loses");
        size_t size = (size_t)(json_end(loses) - loses);
        if (other && (size_t)(json_end(other) - other) == size && memcmp(other, loses, size) == 0)
            return advice->techniques[i].number > 0 ? &advice->techniques[i] : NULL;
    }
    return NULL;
}

static void print_note(const struct advice *advice, size_t index) {
    const struct technique *technique = &advice->techniques[index], *same = same_losses(advice, index);
    char title[TITLE_ROOM];
    json_words(json_member(technique->row, "title"), title, sizeof title);
    printf("\n%2zu  %s\n", technique->number, title);
    print_member(technique->row, "how", INDENT, "how:     ");
    if (same) printf("%*sloses:   the same as %zu\n", INDENT, "", same->number);
    else print_member(technique->row, "loses", INDENT, "loses:   ");
    print_member(technique->row, "detail", INDENT, "figures: ");
}

static void print_notes(const struct advice *advice) {
    for (size_t i = 0; i < advice->count; i++)
        if (advice->techniques[i].number > 0) print_note(advice, i);
}

static void print_remarks(const char *notes) {
    char words[WORDS_ROOM];
    for (const char *note = json_element(notes, NULL); note; note = json_element(notes, note)) {
        json_words(note, words, sizeof words);
        print_wrapped(0, "Note: ", words);
    }
}

/* What was tried and changes none of the values. */
static void print_others(const char *others) {
    char words[WORDS_ROOM], title[TITLE_ROOM];
    size_t size = 0;
    words[0] = '\0';
    for (const char *one = json_element(others, NULL); one && size < sizeof words;
         one = json_element(others, one)) {
        json_words(one, title, sizeof title);
        size += (size_t)snprintf(words + size, sizeof words - size, "%s%s", size ? ", " : "", title);
    }
    print_wrapped(0, "Changes no value here: ", words);
}

void print_advice(const struct advice *advice) {
    print_heading(advice);
    for (enum section section = 0; section < SECTIONS; section++) print_section(advice, section);
    print_notes(advice);
    putchar('\n');
    print_others(json_member(advice->json, "others"));
    print_remarks(json_member(advice->json, "notes"));
    print_member(advice->json, "advice", 0, "Verdict: ");
}

void print_total(double memory, double best, size_t groups) {
    char now[32], then[32];
    printf("All %zu groups: %s now, %s with the best of each group: %.1f %% saved\n", groups,
           sized(memory, now), sized(best, then), memory > 0 ? 100 * (memory - best) / memory : 0);
}
