/* Where encoded values will be stored: the options --target, --server, --key-size, --expires and
   --encoders, which the trainer and the codec understand alike. */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "command.h"
#include "valpack_cost.h"
#include "valpack_train.h"

/* Zeros stand for what the library does by default. */
struct target {
    uint64_t kind; /* enum vp_target */
    vp_server server;
    uint64_t key_size;
    uint64_t encoders; /* mask of those that may write */
    bool expires;
};

/* Takes one of these options; 0, or the exit status after a complaint. */
int set_target(struct target *target, int id, const char *argument);

/* 0, or EXIT_USAGE after a complaint about options that the target does not look at. */
int check_target(const struct command *command, const struct target *target);

/* Sets what is not default. A vp_status. */
int give_target_to_options(const struct target *target, vp_options *options);
int give_target_to_trainer(const struct target *target, vp_trainer *trainer);

/* Memory on the server that these bytes take as the value of a key or of a field; 0 if the target counts
   bytes. */
uint64_t memory_of(const struct target *target, struct span value);

const char *target_label(const struct target *target);

#endif
