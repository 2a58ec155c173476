/* The outline of a model: slots, runs and copies. */
#ifndef VALPACK_TRAIN_MODEL_OUTLINE_H
#define VALPACK_TRAIN_MODEL_OUTLINE_H

#include "model_train.h"

/* All of these give false when memory runs out. */
bool choose_anchors(struct model_draft *d);
bool find_positional(struct model_draft *d);
bool choose_text_slots(struct model_draft *d);
bool find_runs(struct model_draft *d);
bool find_slot_copies(struct model_draft *d);

enum { EVENT_GONE = 0xFFFF };

/* Leaves out the events that are gone. */
void compact_events(struct model_draft *d);

/* Works out history, slot and place of every event from the symbols. */
void place_events(struct model_draft *d);

#endif
