# Writes OUTPUT, the C table of the profiles that ship: FOLDER/shipped.jsonl names them, one JSON
# object per line with "name" in it, and FOLDER/NAME.vpp are their bytes.
#
# Runs at build time as cmake -D FOLDER=... -D OUTPUT=... -P, so that a cross build needs nothing more.
set(arrays "")
set(rows "")
set(count 0)
file(STRINGS ${FOLDER}/shipped.jsonl lines ENCODING UTF-8)
foreach(line IN LISTS lines)
    if(NOT line MATCHES "\"name\": \"([a-z0-9-]+)\"")
        message(FATAL_ERROR "shipped.jsonl: a line without a name: ${line}")
    endif()
    set(name ${CMAKE_MATCH_1})
    file(READ ${FOLDER}/${name}.vpp bytes HEX)
    string(REGEX REPLACE "(................................)" "\\1\n" bytes "${bytes}")
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
    string(REGEX REPLACE "([\\\\\"])" "\\\\\\1" about "${line}")
    string(APPEND arrays "static const uint8_t profile_${count}[] = {\n${bytes}};\n")
    string(APPEND rows "    {\"${name}\", \"${about}\", profile_${count}, sizeof profile_${count}},\n")
    math(EXPR count "${count} + 1")
endforeach()
file(WRITE ${OUTPUT} "/* Made from dicts/ by cmake/shipped-table.cmake. */
#include \"shipped.h\"

${arrays}
const struct shipped_profile shipped_profiles[] = {
${rows}    {NULL, NULL, NULL, 0},
};
const size_t shipped_profile_count = ${count};
")
