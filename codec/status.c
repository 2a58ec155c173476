/* Statuses and versions as text. */
#include "valpack.h"

#define TEXT_OF(x) #x
#define VERSION_TEXT(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *vp_status_name(int status) {
    switch (status) {
#define NAME_CASE(name, number, text)                                                                        \
    case number: return #name;
        VP_STATUS_LIST(NAME_CASE)
#undef NAME_CASE
    default: return "VP_ERR_?";
    }
}

const char *vp_status_text(int status) {
    switch (status) {
#define TEXT_CASE(name, number, text)                                                                        \
    case number: return text;
        VP_STATUS_LIST(TEXT_CASE)
#undef TEXT_CASE
    default: return "unknown status";
    }
}

const char *vp_version_string(void) {
    return VERSION_TEXT(VP_VERSION_MAJOR, VP_VERSION_MINOR, VP_VERSION_PATCH);
}

uint32_t vp_version_number(void) {
    return VP_VERSION_MAJOR * 10000 + VP_VERSION_MINOR * 100 + VP_VERSION_PATCH;
}
