/* Do the fields of a block lie where the index of its packed table says? */
#ifndef VALPACK_TABLE_ORDER_H
#define VALPACK_TABLE_ORDER_H

#include "walk.h"

/* After walk_next(): the first field of a block begins with its separator, and the last one is smaller than the next
   block's first field or separator, which is no longer than it must be. So blocks need not be compared
   with each other, and every way of reading refuses the same tables. */
bool walk_in_order(const struct walk *w);

#endif
