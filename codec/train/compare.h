/* The comparison on held-out samples: every way of encoding, and what it needs for each value. */
#ifndef VALPACK_TRAIN_COMPARE_H
#define VALPACK_TRAIN_COMPARE_H

#include "chooser.h"
#include "trainer.h"

enum {
    WAYS_LARGEST = 48,
    PARTS_LARGEST = 5, /* encoders with codes of their own in one profile */
    SIZE_NONE = 0,     /* an encoder can't represent the value */
    EXTENDED_MORE = 2  /* bytes that a header in extended form has more than others */
};

/* What is made small: for each held-out value, the bytes of an encoding; or, where the target counts
   memory, sixteen times what they take on the server, less what storing costs beside the bytes, and the
   bytes. So memory decides, and of steps that leave it as it is, those that come nearer to the next one. */
enum { BURDEN_MEMORY = 16 };

/* One way of encoding: an encoder under its system code, or one with learned parameters. */
struct way {
    const struct encoder *encoder;
    const struct encoder_trainer *trainer; /* NULL: the untrained encoder */
    unsigned id, variant;
    uint8_t *section;
    size_t section_size;
    void *params;
    uint32_t *sizes;    /* by part width in bits, then by value: header and payload; SIZE_NONE */
    uint32_t *burdens;  /* of these; SIZE_NONE, too, for those not worth it */
    uint32_t *extended; /* by value: the burden in extended form */
    uint32_t *work;     /* by value: what trying it takes, as struct encoder_work counts */
    uint64_t all_work;
};

struct comparison {
    vp_trainer *trainer;
    struct arena arena;
    struct samples learn, held_out;
    struct training training;
    struct code_range range, wider; /* to have, and to have if that pays: sizes are known for both */
    struct way ways[WAYS_LARGEST];
    unsigned way_count;
    uint32_t *alone; /* by value: its size when it is left alone */
    uint32_t *alone_burdens;
    struct target target;
    uint64_t beside; /* what storing costs there beside the bytes */
    vp_context *context;
};

static inline const uint32_t *sizes_of(const struct comparison *c, const struct way *w, unsigned bits) {
    return w->sizes + (size_t)bits * c->held_out.count;
}

static inline const uint32_t *burdens_of(const struct comparison *c, const struct way *w, unsigned bits) {
    return w->burdens + (size_t)bits * c->held_out.count;
}

/* What held-out value i costs under the target when it is left alone. */
uint64_t alone_cost(const struct comparison *c, size_t i);

/* Trains every variant of every encoder the options allow on `learn`, and measures all of them and
   the untrained encoders on `held_out`. VP_OK or VP_ERR_MEMORY. */
int compare_ways(struct comparison *c);

/* Trains one way anew, on other samples; the old section stays when there is nothing to learn or
   the new one has more than `most` bytes. */
int retrain(struct comparison *c, struct way *w, struct samples samples, uint64_t most);

/* Bytes that all sections of one profile may have. */
uint64_t sections_room(const struct comparison *c);

void comparison_free(struct comparison *c);

/* ---- What is kept --------------------------------------------------------------------------- */

/* The rows of the profile, in the order of trying. */
struct division {
    struct division_row {
        unsigned way;
        uint8_t form; /* enum row_form */
        uint8_t bits, offset, enough;
        uint64_t values, raw_bytes, encoded_bytes; /* of the held-out samples it wins */
    } rows[PROFILE_ROWS];
    unsigned count;
    uint64_t encoded_bytes; /* of all held-out samples */
    uint64_t encoded_cost;  /* under the target */
    uint64_t burden;
};

/* Chooses the ways that pay together, divides the codes of c->range among them, orders them, and finds
   out when to stop trying. false: out of memory. */
bool divide_codes(struct comparison *c, struct division *d);

#endif
