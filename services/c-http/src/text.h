/* Pieces of text: slices that own nothing, and a builder that grows and remembers when memory ran out. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A slice of bytes somebody else owns; not terminated by NUL. */
struct text {
  const char *at;
  size_t length;
};

#define TEXT(literal) ((struct text){(literal), sizeof(literal) - 1})

struct text text_of(const char *terminated);
bool text_equals(struct text a, struct text b);
bool text_equals_ignoring_case(struct text a, struct text b);

/* Reads decimal digits only (no sign, no space). False when empty, not digits, or above max; value is then untouched. */
bool text_to_number(struct text digits, uint64_t max, uint64_t *value);

/* Splits "/a/b" into "a" and "b". Returns the number of segments, or max + 1 when there are more than max. "/" has none. */
size_t text_path_segments(struct text path, struct text *segments, size_t max);

/* Appends at the end. Once memory runs out, failed is set and later calls do nothing: check it once, when done. */
struct builder {
  char *at;
  size_t length;
  size_t capacity;
  bool failed;
};

bool builder_reserve(struct builder *builder, size_t extra);
void builder_clear(struct builder *builder);
void builder_free(struct builder *builder);
void put_text(struct builder *builder, struct text text);
void put(struct builder *builder, const char *terminated);
void put_number(struct builder *builder, uint64_t value);

/* Appends a JSON string with its quotes; bytes above 0x7f pass as they are (UTF-8 in, UTF-8 out). */
void put_json(struct builder *builder, struct text text);

#endif
