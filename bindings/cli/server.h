/* The server that memory is told for, as the option --server names it. */
#ifndef CLI_SERVER_H
#define CLI_SERVER_H

#include "command.h"
#include "valpack_cost.h"

/*
 * "redis-7.2" and the like, or "auto:FILE" with what `redis-cli INFO` printed; behind it may stand what
 * `redis-cli CONFIG GET 'hash-max-listpack-*'` printed. 0, or the exit status after a complaint.
 */
int server_argument(const char *text, vp_server *server);

/* The one that is meant when none is named. */
void default_server(vp_server *server);

#endif
