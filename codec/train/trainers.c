/* The table of trainers, made from trainers.def. */
#include "training.h"

#define VP_TRAINER(identifier) extern const struct encoder_trainer trainer_##identifier;
#include "trainers.def"
#undef VP_TRAINER

static const struct encoder_trainer *const trainers[] = {
#define VP_TRAINER(identifier) &trainer_##identifier,
#include "trainers.def"
#undef VP_TRAINER
};

const struct encoder_trainer *const *encoder_trainers(size_t *count) {
    *count = sizeof trainers / sizeof trainers[0];
    return trainers;
}
