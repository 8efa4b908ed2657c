#include "text.h"

#include <stdlib.h>
#include <string.h>

struct text text_of(const char *terminated) { return (struct text){terminated, strlen(terminated)}; }

bool text_equals(struct text a, struct text b) { return a.length == b.length && memcmp(a.at, b.at, a.length) == 0; }

static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c; }

bool text_equals_ignoring_case(struct text a, struct text b) {
  if (a.length != b.length) return false;
  for (size_t i = 0; i < a.length; i++) {
    if (lower(a.at[i]) != lower(b.at[i])) return false;
  }
  return true;
}

bool text_to_number(struct text digits, uint64_t max, uint64_t *value) {
  uint64_t number = 0;
  if (digits.length == 0) return false;
  for (size_t i = 0; i < digits.length; i++) {
    if (digits.at[i] < '0' || digits.at[i] > '9') return false;
    uint64_t digit = (uint64_t)(digits.at[i] - '0');
    if (digit > max || number > (max - digit) / 10) return false;
    number = number * 10 + digit;
  }
  *value = number;
  return true;
}

size_t text_path_segments(struct text path, struct text *segments, size_t max) {
  size_t count = 0;
  size_t start = 1;
  if (path.length <= 1) return 0;
  for (size_t i = 1; i <= path.length; i++) {
    if (i < path.length && path.at[i] != '/') continue;
    if (count == max) return max + 1;
    segments[count++] = (struct text){path.at + start, i - start};
    start = i + 1;
  }
  return count;
}

bool builder_reserve(struct builder *builder, size_t extra) {
  if (builder->failed) return false;
  size_t needed = builder->length + extra;
  if (needed <= builder->capacity) return true;
  size_t capacity = builder->capacity < 512 ? 512 : builder->capacity;
  while (capacity < needed) capacity *= 2;
  char *grown = realloc(builder->at, capacity);
  if (grown == NULL) {
    builder->failed = true;
    return false;
  }
  builder->at = grown;
  builder->capacity = capacity;
  return true;
}

void builder_clear(struct builder *builder) {
  builder->length = 0;
  builder->failed = false;
}

void builder_free(struct builder *builder) {
  free(builder->at);
  *builder = (struct builder){0};
}

void put_text(struct builder *builder, struct text text) {
  if (text.length == 0 || !builder_reserve(builder, text.length)) return;
  memcpy(builder->at + builder->length, text.at, text.length);
  builder->length += text.length;
}

void put(struct builder *builder, const char *terminated) { put_text(builder, text_of(terminated)); }

void put_number(struct builder *builder, uint64_t value) {
  char digits[20];
  size_t start = sizeof digits;
  do {
    digits[--start] = (char)('0' + value % 10);
    value /= 10;
  } while (value > 0);
  put_text(builder, (struct text){digits + start, sizeof digits - start});
}

void put_json(struct builder *builder, struct text text) {
  static const char hex[] = "0123456789abcdef";
  put_text(builder, TEXT("\""));
  for (size_t i = 0; i < text.length; i++) {
    unsigned char c = (unsigned char)text.at[i];
    if (c == '"' || c == '\\') {
      put_text(builder, (struct text){c == '"' ? "\\\"" : "\\\\", 2});
    } else if (c < 0x20 || c == 0x7f) {
      char escape[] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
      put_text(builder, (struct text){escape, sizeof escape});
    } else {
      put_text(builder, (struct text){text.at + i, 1});
    }
  }
  put_text(builder, TEXT("\""));
}
