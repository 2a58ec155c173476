# Finds the libraries that valpack is made of, for its own build and, installed beside the static
# library, for whoever links that. The caller sets VALPACK_DEPENDENCIES_MODE to REQUIRED or QUIET.
#
# Through pkg-config, because the CMake targets of msgpack have changed their names and the folder
# of its C++ sister is found under the same name.
find_package(PkgConfig ${VALPACK_DEPENDENCIES_MODE})
if(PkgConfig_FOUND)
    pkg_search_module(MSGPACK ${VALPACK_DEPENDENCIES_MODE} msgpack-c msgpack)
endif()
if(MSGPACK_FOUND)
    set(VALPACK_REQUIRES "libzstd >= 1.5" "liblz4 >= 1.9" "libxxhash >= 0.8" "zlib >= 1.2.9" "${MSGPACK_MODULE_NAME} >= 3.3")
    string(REPLACE " " "" modules "${VALPACK_REQUIRES}")
    pkg_check_modules(VALPACK_DEPENDENCIES ${VALPACK_DEPENDENCIES_MODE} IMPORTED_TARGET ${modules})
endif()
if(VALPACK_DEPENDENCIES_FOUND)
    # msgpack-c 6.0 says "includedir=include" where it means a folder of its prefix (its issue 1119).
    get_target_property(folders PkgConfig::VALPACK_DEPENDENCIES INTERFACE_INCLUDE_DIRECTORIES)
    if(folders)
        list(TRANSFORM folders REPLACE "^([^/].*)$" "${MSGPACK_PREFIX}/\\1")
        set_target_properties(PkgConfig::VALPACK_DEPENDENCIES PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${folders}")
    endif()
endif()
