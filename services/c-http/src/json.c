#include "json.h"

#include <string.h>

struct reader {
  struct json *json;
  const char *start, *at, *end;
};

static bool parse_value(struct reader *reader, int depth);

static bool wrong(struct reader *reader, const char *problem) {
  reader->json->problem = problem;
  reader->json->offset = (size_t)(reader->at - reader->start);
  return false;
}

static char peek(const struct reader *reader) { return reader->at < reader->end ? *reader->at : '\0'; }

static void skip_space(struct reader *reader) {
  while (reader->at < reader->end && strchr(" \t\r\n", *reader->at) != NULL && *reader->at != '\0') reader->at++;
}

static struct json_value *add(struct reader *reader, enum json_type type) {
  struct json *json = reader->json;
  if (json->count == JSON_MAX_VALUES) {
    wrong(reader, "too many values");
    return NULL;
  }
  struct json_value *value = &json->values[json->count++];
  *value = (struct json_value){.type = type, .raw = {reader->at, 0}, .end = json->count};
  return value;
}

static void finish(struct reader *reader, struct json_value *value) {
  value->raw.length = (size_t)(reader->at - value->raw.at);
  value->end = reader->json->count;
}

static int hex4(const char *at) {
  int code = 0;
  for (int i = 0; i < 4; i++) {
    const char *found = at[i] == '\0' ? NULL : strchr("0123456789abcdef", at[i] >= 'A' && at[i] <= 'F' ? at[i] + 32 : at[i]);
    if (found == NULL) return -1;
    code = code * 16 + (int)(found - "0123456789abcdef");
  }
  return code;
}

/* Length of the UTF-8 sequence at the reader, 0 when it is not well formed. */
static size_t utf8_length(const struct reader *reader) {
  const unsigned char *at = (const unsigned char *)reader->at;
  size_t left = (size_t)(reader->end - reader->at);
  unsigned char lead = at[0];
  size_t length = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
  if (length > left) return 0;
  for (size_t i = 1; i < length; i++) {
    if ((at[i] & 0xc0) != 0x80) return 0;
  }
  if ((lead == 0xe0 && at[1] < 0xa0) || (lead == 0xed && at[1] > 0x9f)) return 0;
  if ((lead == 0xf0 && at[1] < 0x90) || (lead == 0xf4 && at[1] > 0x8f)) return 0;
  return length;
}

static bool skip_escape(struct reader *reader) {
  reader->at++;
  char c = peek(reader);
  if (c == 'u') {
    if (reader->end - reader->at < 5 || hex4(reader->at + 1) < 0) return wrong(reader, "\\u needs four hexadecimal digits");
    reader->at += 5;
    return true;
  }
  if (c == '\0' || strchr("\"\\/bfnrt", c) == NULL) return wrong(reader, "unknown escape in a string");
  reader->at++;
  return true;
}

static bool parse_string(struct reader *reader) {
  reader->at++;
  struct json_value *value = add(reader, JSON_STRING);
  if (value == NULL) return false;
  while (reader->at < reader->end && *reader->at != '"') {
    if (*reader->at == '\\') {
      if (!skip_escape(reader)) return false;
      continue;
    }
    if ((unsigned char)*reader->at < 0x20) return wrong(reader, "a control character inside a string");
    size_t length = utf8_length(reader);
    if (length == 0) return wrong(reader, "a string is not UTF-8");
    reader->at += length;
  }
  if (reader->at == reader->end) return wrong(reader, "a string does not end");
  finish(reader, value);
  reader->at++;
  return true;
}

static bool skip_digits(struct reader *reader) {
  const char *start = reader->at;
  while (peek(reader) >= '0' && peek(reader) <= '9') reader->at++;
  return reader->at > start;
}

static bool parse_number(struct reader *reader) {
  struct json_value *value = add(reader, JSON_NUMBER);
  if (value == NULL) return false;
  if (peek(reader) == '-') reader->at++;
  if (peek(reader) == '0') {
    reader->at++;
  } else if (!skip_digits(reader)) {
    return wrong(reader, "a value is expected");
  }
  if (peek(reader) == '.') {
    reader->at++;
    if (!skip_digits(reader)) return wrong(reader, "digits are expected after the decimal point");
  }
  if (peek(reader) == 'e' || peek(reader) == 'E') {
    reader->at++;
    if (peek(reader) == '+' || peek(reader) == '-') reader->at++;
    if (!skip_digits(reader)) return wrong(reader, "digits are expected in the exponent");
  }
  finish(reader, value);
  return true;
}

static bool parse_word(struct reader *reader, struct text word, enum json_type type) {
  if ((size_t)(reader->end - reader->at) < word.length || memcmp(reader->at, word.at, word.length) != 0) {
    return wrong(reader, "a value is expected");
  }
  struct json_value *value = add(reader, type);
  if (value == NULL) return false;
  reader->at += word.length;
  finish(reader, value);
  return true;
}

static bool parse_name(struct reader *reader) {
  skip_space(reader);
  if (peek(reader) != '"') return wrong(reader, "a member name in quotes is expected");
  if (!parse_string(reader)) return false;
  skip_space(reader);
  if (peek(reader) != ':') return wrong(reader, "':' is expected");
  reader->at++;
  return true;
}

/* An array or an object: elements, or names with values, with commas in between. */
static bool parse_container(struct reader *reader, enum json_type type, int depth) {
  if (depth == JSON_MAX_DEPTH) return wrong(reader, "nested too deeply");
  char closing = type == JSON_OBJECT ? '}' : ']';
  struct json_value *value = add(reader, type);
  if (value == NULL) return false;
  reader->at++;
  skip_space(reader);
  bool more = peek(reader) != closing;
  while (more) {
    if (type == JSON_OBJECT && !parse_name(reader)) return false;
    if (!parse_value(reader, depth + 1)) return false;
    skip_space(reader);
    more = peek(reader) == ',';
    if (more) reader->at++;
  }
  if (peek(reader) != closing) return wrong(reader, type == JSON_OBJECT ? "',' or '}' is expected" : "',' or ']' is expected");
  reader->at++;
  finish(reader, value);
  return true;
}

static bool parse_value(struct reader *reader, int depth) {
  skip_space(reader);
  switch (peek(reader)) {
    case '{': return parse_container(reader, JSON_OBJECT, depth);
    case '[': return parse_container(reader, JSON_ARRAY, depth);
    case '"': return parse_string(reader);
    case 't': return parse_word(reader, TEXT("true"), JSON_BOOLEAN);
    case 'f': return parse_word(reader, TEXT("false"), JSON_BOOLEAN);
    case 'n': return parse_word(reader, TEXT("null"), JSON_NULL);
    default: return parse_number(reader);
  }
}

bool json_parse(struct json *json, struct text source) {
  struct reader reader = {json, source.at, source.at, source.at + source.length};
  json->count = 0;
  if (!parse_value(&reader, 0)) return false;
  skip_space(&reader);
  return reader.at == reader.end || wrong(&reader, "something follows the value");
}

const struct json_value *json_member(const struct json *json, const struct json_value *object, const char *name) {
  if (object == NULL || object->type != JSON_OBJECT) return NULL;
  uint16_t i = (uint16_t)(object - json->values + 1);
  while (i < object->end) {
    const struct json_value *value = &json->values[i + 1];
    if (text_equals(json->values[i].raw, text_of(name))) return value;
    i = value->end;
  }
  return NULL;
}

static size_t put_utf8(char *at, uint32_t code) {
  if (code < 0x80) {
    at[0] = (char)code;
    return 1;
  }
  size_t length = code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  for (size_t i = length - 1; i > 0; i--, code >>= 6) at[i] = (char)(0x80 | (code & 0x3f));
  at[0] = (char)((0xf00 >> length) | code);
  return length;
}

/* Reads the escape at raw[*i], behind its backslash. A surrogate without its partner becomes U+FFFD. */
static uint32_t unescape(struct text raw, size_t *i) {
  char c = raw.at[(*i)++];
  switch (c) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'u': break;
    default: return (unsigned char)c;
  }
  uint32_t code = (uint32_t)hex4(raw.at + *i);
  *i += 4;
  if (code < 0xd800 || code > 0xdfff) return code;
  bool pair = code < 0xdc00 && raw.length - *i >= 6 && raw.at[*i] == '\\' && raw.at[*i + 1] == 'u';
  uint32_t low = pair ? (uint32_t)hex4(raw.at + *i + 2) : 0;
  if (low < 0xdc00 || low > 0xdfff) return 0xfffd;
  *i += 6;
  return 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
}

bool json_string(const struct json_value *value, char *space, size_t size, struct text *text) {
  if (value == NULL || value->type != JSON_STRING) return false;
  size_t length = 0;
  for (size_t i = 0; i < value->raw.length;) {
    if (size - length < 4) return false;
    if (value->raw.at[i] == '\\') {
      i++;
      length += put_utf8(space + length, unescape(value->raw, &i));
    } else {
      space[length++] = value->raw.at[i++];
    }
  }
  *text = (struct text){space, length};
  return true;
}

bool json_number(const struct json_value *value, uint64_t max, uint64_t *number) {
  return value != NULL && value->type == JSON_NUMBER && text_to_number(value->raw, max, number);
}
