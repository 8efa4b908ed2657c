/* Reading JSON: a strict parser (RFC 8259) into a bounded table of values, and look-ups in it. Writing is in text.h. */
#ifndef JSON_H
#define JSON_H

#include "text.h"

enum { JSON_MAX_VALUES = 1024, JSON_MAX_DEPTH = 32 };

enum json_type { JSON_NULL, JSON_BOOLEAN, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

struct json_value {
  enum json_type type;
  struct text raw; /* as it stands in the source; of a string what is between the quotes, with its escapes */
  uint16_t end;    /* index behind the last value inside this one */
};

/* Values in source order: an object is followed by name, value, name, value, ..., an array by its elements. values[0] is the whole. */
struct json {
  struct json_value values[JSON_MAX_VALUES];
  uint16_t count;
  const char *problem; /* what is wrong, when json_parse returned false */
  size_t offset;       /* and at which byte */
};

bool json_parse(struct json *json, struct text source);

/* The member of the object, or NULL. */
const struct json_value *json_member(const struct json *json, const struct json_value *object, const char *name);

/* Copies the text of a string, with its escapes resolved, into space. False when it is no string or does not fit. */
bool json_string(const struct json_value *value, char *space, size_t size, struct text *text);

/* Reads a whole number without sign, fraction or exponent, 0 to max. */
bool json_number(const struct json_value *value, uint64_t max, uint64_t *number);

#endif
