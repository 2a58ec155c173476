/* The advice as JSON. */
#ifndef VALPACK_ADVISE_REPORT_H
#define VALPACK_ADVISE_REPORT_H

#include "advisor.h"

/* Puts the rows in order and writes the JSON of the advisor. VP_OK or VP_ERR_MEMORY. */
int write_report(struct study *s);

#endif
