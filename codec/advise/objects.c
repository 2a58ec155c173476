/* Counting the names and shapes of JSON objects. */
#include "objects.h"

#include "object_names.h"

struct object_names *object_names_new(const vp_allocator *allocator) {
    vp_allocator hooks = memory_hooks(allocator);
    struct object_names *names = memory_zeroed(&hooks, sizeof *names);
    if (!names) return NULL;
    names->allocator = hooks;
    names->numbers = number_map_over(hooks);
    names->shape_numbers = number_map_over(hooks);
    return names;
}

void object_names_free(struct object_names *names) {
    if (!names) return;
    vp_allocator hooks = names->allocator;
    number_map_free(&names->numbers);
    number_map_free(&names->shape_numbers);
    memory_free(&hooks, names->texts.bytes);
    memory_free(&hooks, names->tokens.room.bytes);
    memory_free(&hooks, names);
}

/* FNV-1a. Names that collide are told apart by their bytes: the later one is not counted then. */
static uint64_t hash_of(const uint8_t *text, size_t size) {
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < size; i++) hash = (hash ^ text[i]) * 0x100000001B3u;
    return hash;
}

static bool has_key(const struct number_map *map, uint64_t key) {
    return map->count > 0 && map->slots[number_map_slot(map, key)] != 0;
}

/* The number of a key, UINT32_MAX if it is new and there are `most` already, or without memory. */
static uint32_t bounded_number_of(struct number_map *map, uint64_t key, uint32_t most) {
    if (map->count >= most && !has_key(map, key)) return UINT32_MAX;
    return number_of(map, key);
}

static const uint8_t *text_of(const struct object_names *names, const struct json_token *token) {
    return names->tokens.text + token->start;
}

static bool is_name(const struct object_names *names, const struct object_name *name,
                    const struct json_token *token) {
    return name->size == token->size &&
           memcmp(names->texts.bytes + name->start, text_of(names, token), token->size) == 0;
}

const struct object_name *object_name_of(const struct object_names *names, const struct json_token *token) {
    uint64_t hash = hash_of(text_of(names, token), token->size);
    if (!has_key(&names->numbers, hash)) return NULL;
    uint32_t number = names->numbers.slots[number_map_slot(&names->numbers, hash)] - 1;
    return is_name(names, &names->names[number], token) ? &names->names[number] : NULL;
}

/* The name of a token, a new one if there is room; NULL otherwise, also without memory. */
static struct object_name *count_name(struct object_names *names, const struct json_token *token) {
    if (token->size > OBJECT_NAME_BYTES) return NULL;
    uint32_t known = names->numbers.count;
    uint32_t number =
        bounded_number_of(&names->numbers, hash_of(text_of(names, token), token->size), OBJECT_NAMES);
    if (number == UINT32_MAX) return NULL;
    struct object_name *name = &names->names[number];
    if (number == known) {
        size_t end = names->texts_size + token->size;
        *name = (struct object_name){
            .start = (uint32_t)names->texts_size, .code = NO_CODE, .position = NO_POSITION};
        if (!buffer_grow(&names->allocator, &names->texts, end + 1, names->texts_size)) {
            names->numbers.failed = true;
            return NULL;
        }
        if (token->size > 0) memcpy(names->texts.bytes + name->start, text_of(names, token), token->size);
        name->size = token->size;
        names->texts_size = end;
    }
    if (!is_name(names, name, token)) return NULL;
    name->occurrences++;
    return name;
}

static void count_inner_names(struct object_names *names, uint32_t from, uint32_t to) {
    for (uint32_t i = from; i < to; i++) {
        const struct json_token *token = json_token_at(&names->tokens, i);
        if (token->kind == JSON_NAME) count_name(names, token);
    }
}

/* Objects with the same names have the same sum, in whatever order they stand. */
static uint64_t shape_term(uint32_t number) {
    uint64_t term = (number + UINT64_C(1)) * 0x9E3779B97F4A7C15u;
    return (term ^ term >> 29) * 0xBF58476D1CE4E5B9u;
}

static void count_shape(struct object_names *names, uint64_t key, const struct object_shape *seen) {
    uint32_t known = names->shape_numbers.count;
    uint32_t number = bounded_number_of(&names->shape_numbers, key, OBJECT_SHAPES);
    if (number == UINT32_MAX) return;
    if (number == known) names->shapes[number] = *seen;
    names->shapes[number].objects++;
}

static void count_object(struct object_names *names) {
    struct object_shape seen = {.objects = 0};
    uint64_t key = 0;
    bool has_shape = json_token_at(&names->tokens, 0)->count <= OBJECT_MEMBERS;
    for (uint32_t i = 1, next; i < names->tokens.count; i = next) {
        const struct json_token *token = json_token_at(&names->tokens, i), *value = token + 1;
        next = value->next;
        struct object_name *name = count_name(names, token);
        count_inner_names(names, i + 1, next);
        has_shape = has_shape && name;
        if (!name) continue;
        name->members++;
        if (value->kind == JSON_NULL) name->was_null = true;
        uint32_t number = (uint32_t)(name - names->names);
        key += shape_term(number);
        if (has_shape) seen.names[seen.count++] = (uint16_t)number;
    }
    if (has_shape && seen.count > 0) count_shape(names, key, &seen);
}

int object_read(struct object_names *names, vp_bytes value) {
    int status = json_tokenize(&names->tokens, &names->allocator, value.data, value.size);
    if (status == VP_ERR_NOT_FOUND) return OBJECT_TEXT_NONE;
    if (status != VP_OK) return status;
    return json_token_at(&names->tokens, 0)->kind == JSON_OBJECT ? OBJECT_TEXT_OBJECT : OBJECT_TEXT_ARRAY;
}

int object_names_add(struct object_names *names, vp_bytes value) {
    int text = object_read(names, value);
    if (text == OBJECT_TEXT_NONE || text == OBJECT_TEXT_ARRAY) return 0;
    if (text < 0) return text;
    names->objects++;
    count_object(names);
    return names->numbers.failed || names->shape_numbers.failed ? VP_ERR_MEMORY : 1;
}
