/*
 * What the trainer compared, as a table on stderr.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "command.h"

/* report is the text of vp_trainer_report(). */
void print_training_report(const char *report, size_t profile_bytes);

#endif
