#include "header.h"

enum header_kind header_kind_of(uint8_t first) {
    if (first < HEADER_PROFILE_FIRST || first > HEADER_SYSTEM_LAST) return HEADER_IS_VALUE;
    if (first <= HEADER_PROFILE_LAST) return HEADER_IS_PROFILE;
    if (first == HEADER_ESCAPE) return HEADER_IS_ESCAPE;
    if (first == HEADER_EXTENDED) return HEADER_IS_EXTENDED;
    return first >= HEADER_SYSTEM_FIRST ? HEADER_IS_SYSTEM : HEADER_IS_VALUE;
}
