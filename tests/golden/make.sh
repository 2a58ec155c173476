#!/bin/sh
# Made the golden values that are here: tests/golden/make.sh MAKE FOLDER, MAKE being make.c as a program.
# Numbers of kinds are those of enum value_kind in tests/test.h, of encoders those of codec/registry.def.
set -eu
make=$1
here=$(cd "$(dirname "$0")" && pwd)
cd "$2"
"$make" - untrained
"$make" 0 120 16 0 sessions  # KIND COUNT WIDTH CHECK NAME
"$make" 1 120 8 2 emails
"$make" 7 120 32 0 prices
"$make" 9 120 4 1 timestamps
"$make" 15 120 1 4 lists
for one in '1 7 4 int' '1 8 6 int_extended' '2 13 3 pack' '3 10 2 typed' '4 9 5 delta' '9 5 4 bytedict' \
    '10 0 4 symbols' '10 4 0 symbols_utf8' '11 0 0 zstd_dict' '12 0 0 lz4_dict' '12 3 6 lz4_dict_extended'; do
    "$make" $one # ENCODER KIND BITS NAME
done
# Later: `model`. VALPACK_BUILD is the build folder with the tool.
for one in '13 1 4 model_emails' '13 3 6 model_extended' '13 4 2 model_utf8' '13 10 3 model_uuids'; do
    "$make" $one
done
"$here/make_model.py" .
# Packed tables.
mkdir -p tables
"$here/make_tables.py" tables
