/* Techniques for JSON objects: shorter names, positions, MessagePack, and the members as fields of a hash. */
#include "json.h"
#include "objects.h"
#include "techniques.h"

enum { SHOWN = 6, SHOWN_BYTES = 24 }; /* names in the details */

/* What the records cost in each form; a record that a form does not fit stays as it is. */
struct forms {
    struct study *s;
    struct object_names *names;
    struct arena arena;
    uint8_t *room;
    struct form {
        uint64_t values, cost;
    } shorter, positions, msgpack, hash;
};

static void add_text(struct form *f, const struct study *s, const struct record *r, bool put,
                     struct writer w) {
    f->values += put;
    f->cost += put ? record_cost(s, r, w.base, w.length) : r->cost;
}

/* Twice the room of a value: what takes more is no saving. */
static struct writer text_room(const struct forms *f, const struct record *r) {
    return writer_over(f->room, 2 * (size_t)r->value_size + 64);
}

static bool rewrite(struct forms *f, const struct record *r) {
    const struct study *s = f->s;
    const vp_bytes value = {r->value, r->value_size};
    int kind = r->integer ? OBJECT_TEXT_NONE : object_read(f->names, value);
    if (kind < 0) return false;
    struct writer w = text_room(f, r);
    add_text(&f->shorter, s, r, kind == OBJECT_TEXT_OBJECT && object_put_short(f->names, &w), w);
    w = text_room(f, r);
    add_text(&f->positions, s, r, kind == OBJECT_TEXT_OBJECT && object_put_positions(f->names, &w), w);
    w = text_room(f, r);
    add_text(&f->msgpack, s, r, kind != OBJECT_TEXT_NONE && object_put_msgpack(f->names, &w), w);
    w = text_room(f, r);
    vp_hash_cost hash = {0};
    bool put = kind == OBJECT_TEXT_OBJECT && object_add_fields(f->names, s->server, &w, &hash);
    f->hash.values += put;
    f->hash.cost += put ? vp_hash_cost_total(s->server, &hash, r->key_size, s->expires) : r->cost;
    return true;
}

static struct advice_row *add_form(struct study *s, const struct technique *t, const struct form *form) {
    struct advice_row *row = add_advice(s, t);
    row->values = form->values;
    row->memory = keys_memory(s, form->cost);
    return row;
}

static void put_name(struct writer *w, vp_bytes name) {
    for (size_t i = 0; i < name.size && i < SHOWN_BYTES; i++) {
        uint8_t c = ((const uint8_t *)name.data)[i];
        put_byte(w, c < 0x20 || c >= 0x7F ? '?' : c);
    }
}

static void describe_codes(struct advice_row *row, const struct object_names *names, uint64_t count) {
    struct writer w = row_text(row->parameters), text = row_text(row->detail);
    vp_bytes name, code;
    put_json_number(&w, "names", count);
    for (size_t i = 0; i < SHOWN && object_code(names, i, &name, &code); i++) {
        if (i) put_text(&text, ", ");
        put_name(&text, code);
        put_text(&text, " for ");
        put_name(&text, name);
    }
    if (count > SHOWN) put_text(&text, " ...");
}

static void describe_positions(struct advice_row *row, const struct object_names *names) {
    struct writer w = row_text(row->parameters), text = row_text(row->detail);
    vp_bytes name;
    uint64_t count = 0;
    for (; object_position(names, count, &name); count++) {
        if (count >= SHOWN) continue;
        if (count) put_text(&text, ", ");
        put_name(&text, name);
    }
    if (count > SHOWN) put_text(&text, " ...");
    put_json_number(&w, "names", count);
}

static int count_names(struct forms *f, size_t *objects) {
    const struct study *s = f->s;
    for (size_t i = 0; i < s->count; i++) {
        const struct record *r = &s->records[i];
        int counted = r->integer ? 0 : object_names_add(f->names, (vp_bytes){r->value, r->value_size});
        if (counted < 0) return counted;
        *objects += counted == 1;
    }
    return VP_OK;
}

static int rewrite_all(struct forms *f) {
    struct study *s = f->s;
    f->room = arena_array(&f->arena, 2 * (size_t)s->longest + 64, 1);
    int64_t codes = f->room ? object_names_settle(f->names) : VP_ERR_MEMORY;
    if (codes < 0) return (int)codes;
    for (size_t i = 0; i < s->count; i++)
        if (!rewrite(f, &s->records[i])) return VP_ERR_MEMORY;
    if (codes && f->shorter.values)
        describe_codes(add_form(s, &technique_short_names, &f->shorter), f->names, (uint64_t)codes);
    if (f->positions.values) describe_positions(add_form(s, &technique_positions, &f->positions), f->names);
    if (f->msgpack.values) add_form(s, &technique_msgpack, &f->msgpack);
    if (f->hash.values) add_form(s, &technique_hash_record, &f->hash);
    return VP_OK;
}

int advise_objects(struct study *s) {
    struct forms f = {.s = s, .names = object_names_new(&s->arena.allocator)};
    size_t objects = 0;
    if (!f.names) return VP_ERR_MEMORY;
    advise_progress(s, "JSON objects", 60);
    f.arena = arena_over(s->arena.allocator);
    int status = count_names(&f, &objects);
    if (status == VP_OK && objects) status = rewrite_all(&f);
    arena_free(&f.arena);
    object_names_free(f.names);
    return status;
}
