#!/usr/bin/env bash
# Installs into an empty prefix and uses the result as another project would: through find_package
# and through pkg-config, shared and static. Also: the shared library exports what the headers
# declare and nothing else.
set -euo pipefail
version=$(sed -n 's/^#define VP_VERSION_[A-Z]* //p' "$VALPACK_SOURCE/include/valpack.h" | paste -sd.)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
prefix=$work/prefix

fail() {
    echo "install.sh: $*" >&2
    exit 1
}

says_version() { # command...
    local said
    said=$(LD_LIBRARY_PATH=$libdir "$@") || fail "$* failed"
    [ "$said" = "$version" ] || fail "$* said '$said', not '$version'"
}

cmake --install "$VALPACK_BUILD" --prefix "$prefix" >/dev/null
libdir=$(dirname "$(find "$prefix" -name libvalpack.so)")
for file in include/valpack.h include/valpack_train.h bin/valpack share/man/man1/valpack.1; do
    [ -s "$prefix/$file" ] || fail "$file is not installed"
done
"$prefix/bin/valpack" --help >/dev/null || fail "the installed tool does not run"

# ---- What the shared library exports
cat "$prefix"/include/*.h | grep '^VP_API' | grep -o 'vp_[a-z0-9_]*(' | tr -d '(' | sort -u >declared
nm -D --defined-only "$libdir/libvalpack.so" | awk '{ print $3 }' | sort -u >exported
diff declared exported || fail "declared (<) and exported (>) functions differ"
[ -e "$libdir/libvalpack.so.${version%%.*}" ] || fail "no file with the soname's name"

# ---- A project that uses it
cat >app.c <<'END'
#include <stdio.h>
#include <valpack_train.h>

int main(void) {
    vp_trainer_free(vp_trainer_new(NULL));
    return puts(vp_version_string()) < 0;
}
END
cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.18)
project(app C)
find_package(valpack 0.1 REQUIRED COMPONENTS static)
foreach(library valpack valpack_static)
    add_executable(app_${library} app.c)
    target_link_libraries(app_${library} PRIVATE valpack::${library})
endforeach()
END
cmake -S . -B out -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
cmake --build out >/dev/null
says_version out/app_valpack
says_version out/app_valpack_static

export PKG_CONFIG_PATH=$libdir/pkgconfig
[ "$(pkg-config --modversion valpack)" = "$version" ] || fail "valpack.pc has another version"
cc app.c $(pkg-config --cflags --libs valpack) -o app_pc
says_version ./app_pc
cc app.c $(pkg-config --cflags valpack) "$libdir/libvalpack.a" \
    $(pkg-config --static --libs valpack | sed 's/-lvalpack//') -o app_pc_static
says_version env -u LD_LIBRARY_PATH ./app_pc_static

# ---- With hiredis
ways=four
if pkg-config --exists hiredis; then
    ways=seven
    cat >client.c <<'END'
#include <stdio.h>
#include <valpack_hiredis.h>

int main(void) {
    vph_client_free(NULL);
    return vph_slot(vph_text("123456789")) != 0x31c3 || puts(vp_version_string()) < 0;
}
END
    cat >CMakeLists.txt <<'END'
cmake_minimum_required(VERSION 3.18)
project(client C)
find_package(valpack 0.1 REQUIRED COMPONENTS static hiredis)
foreach(library valpack valpack_static)
    add_executable(client_${library} client.c)
    target_link_libraries(client_${library} PRIVATE valpack::valpack_hiredis valpack::${library})
endforeach()
END
    cmake -S . -B client -DCMAKE_PREFIX_PATH="$prefix" >/dev/null
    cmake --build client >/dev/null
    says_version client/client_valpack
    says_version client/client_valpack_static
    cc client.c $(pkg-config --cflags --libs valpack-hiredis) -o client_pc
    says_version ./client_pc
fi
echo "installed, found and used in $ways ways: valpack $version"
