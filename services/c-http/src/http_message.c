#include "http_message.h"

#include <string.h>

#include "http_head.h"

enum { MAX_CHUNK_LINE = 256, MAX_TRAILERS = 4096 };

void http_message_begin(struct http_message *message) { *message = (struct http_message){.stage = STAGE_HEAD}; }

/* Looks for the empty line that ends the head; message->line stays at the request line. */
__attribute__((noinline)) static enum http_progress find_head(struct http_message *message, const struct builder *input) {
  const char *at = input->at;
  while (message->scanned < input->length) {
    uint32_t i = message->scanned;
    const char *found = memchr(at + i, '\n', input->length - i);
    if (found == NULL) {
      message->scanned = (uint32_t)input->length;
      break;
    }
    uint32_t end = (uint32_t)(found - at);
    if (end == 0 || at[end - 1] != '\r') return http_refuse(message, 400, "a line does not end with CR LF");
    message->scanned = end + 1;
    if (end == message->line + 1) {
      message->line = end + 1; /* RFC 9112 2.2: an empty line before the request line is skipped */
    } else if (end >= 3 && at[end - 2] == '\n') {
      message->body = message->body_end = end + 1;
      return HTTP_COMPLETE;
    }
  }
  if (message->scanned < HTTP_MAX_HEAD) return HTTP_INCOMPLETE;
  if (memchr(at + message->line, '\n', message->scanned - message->line) == NULL) {
    return http_refuse(message, 414, "the request line is too long");
  }
  return http_refuse(message, 431, "the request headers are too large");
}

__attribute__((noinline)) static enum http_progress read_head(struct http_message *message, const struct builder *input) {
  enum http_progress progress = find_head(message, input);
  if (progress != HTTP_COMPLETE) return progress;
  if (message->body > HTTP_MAX_HEAD) return http_refuse(message, 431, "the request headers are too large");
  return http_head_parse(message, input->at);
}

static enum http_progress read_sized_body(struct http_message *message, const struct builder *input) {
  if (input->length - message->body < message->expected) return HTTP_INCOMPLETE;
  message->body_end = message->scanned = message->body + (uint32_t)message->expected;
  message->stage = STAGE_DONE;
  return HTTP_COMPLETE;
}

/* Closes the gap between decoded body and bytes not yet understood, so that framing never fills the input. */
static void compact(struct http_message *message, struct builder *input) {
  uint32_t gap = message->scanned - message->body_end;
  if (gap == 0) return;
  memmove(input->at + message->body_end, input->at + message->scanned, input->length - message->scanned);
  input->length -= gap;
  message->scanned -= gap;
}

/* The next line of the chunked framing; incomplete until its LF is there. */
static enum http_progress next_line(struct http_message *message, const struct builder *input, uint32_t max, struct text *line) {
  const char *start = input->at + message->scanned;
  size_t available = input->length - message->scanned;
  const char *end = memchr(start, '\n', available);
  if (end == NULL && available <= max) return HTTP_INCOMPLETE;
  if (end == NULL || (size_t)(end - start) > max) return http_refuse(message, 400, "a line of the chunked body is too long");
  if (end == start || end[-1] != '\r') return http_refuse(message, 400, "a line of the chunked body does not end with CR LF");
  *line = (struct text){start, (size_t)(end - start) - 1};
  message->scanned += (uint32_t)(end - start) + 1;
  return HTTP_COMPLETE;
}

static int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

__attribute__((noinline)) static enum http_progress read_chunk_line(struct http_message *message, const struct builder *input) {
  struct text line;
  enum http_progress progress = next_line(message, input, MAX_CHUNK_LINE, &line);
  if (progress != HTTP_COMPLETE) return progress;
  uint64_t size = 0;
  size_t i = 0;
  for (; i < line.length && hex_digit(line.at[i]) >= 0; i++) {
    size = size * 16 + (uint64_t)hex_digit(line.at[i]);
    if (size > HTTP_MAX_BODY) return http_refuse(message, 413, "the request body is too large");
  }
  bool ends = i == line.length || line.at[i] == ';' || line.at[i] == ' ' || line.at[i] == '\t';
  if (i == 0 || !ends) return http_refuse(message, 400, "a chunk does not start with its size in hexadecimal");
  if (message->body_end - message->body + size > HTTP_MAX_BODY) return http_refuse(message, 413, "the request body is too large");
  message->expected = size;
  message->stage = size == 0 ? STAGE_TRAILERS : STAGE_CHUNK_DATA;
  return HTTP_COMPLETE;
}

__attribute__((noinline)) static enum http_progress read_chunk_data(struct http_message *message, struct builder *input) {
  compact(message, input);
  uint64_t available = input->length - message->scanned;
  uint32_t taken = (uint32_t)(available < message->expected ? available : message->expected);
  message->scanned += taken;
  message->body_end += taken;
  message->expected -= taken;
  if (message->expected > 0) return HTTP_INCOMPLETE;
  message->stage = STAGE_CHUNK_END;
  return HTTP_COMPLETE;
}

static enum http_progress read_chunk_end(struct http_message *message, const struct builder *input) {
  struct text line;
  enum http_progress progress = next_line(message, input, 1, &line);
  if (progress != HTTP_COMPLETE) return progress;
  message->stage = STAGE_CHUNK_LINE;
  return HTTP_COMPLETE;
}

static enum http_progress read_trailers(struct http_message *message, struct builder *input) {
  struct text line;
  enum http_progress progress = next_line(message, input, MAX_TRAILERS, &line);
  if (progress != HTTP_COMPLETE) return progress;
  message->trailers += (uint32_t)line.length;
  if (message->trailers > MAX_TRAILERS) return http_refuse(message, 431, "the request trailers are too large");
  if (line.length == 0) {
    message->stage = STAGE_DONE;
  }
  compact(message, input);
  return HTTP_COMPLETE;
}

enum http_progress http_message_advance(struct http_message *message, struct builder *input) {
  enum http_progress progress = HTTP_COMPLETE;
  while (progress == HTTP_COMPLETE && message->stage != STAGE_DONE) {
    switch (message->stage) {
      case STAGE_HEAD: progress = read_head(message, input); break;
      case STAGE_SIZED_BODY: progress = read_sized_body(message, input); break;
      case STAGE_CHUNK_LINE: progress = read_chunk_line(message, input); break;
      case STAGE_CHUNK_DATA: progress = read_chunk_data(message, input); break;
      case STAGE_CHUNK_END: progress = read_chunk_end(message, input); break;
      case STAGE_TRAILERS: progress = read_trailers(message, input); break;
      case STAGE_DONE: break;
    }
  }
  return progress;
}

static struct text slice(const struct builder *input, struct span span) {
  return (struct text){input->at + span.at, span.length};
}

struct http_request http_message_request(const struct http_message *message, const struct builder *input) {
  struct http_request request = {
      .method = message->head_only ? TEXT("GET") : slice(input, message->method),
      .path = slice(input, message->target),
      .query = TEXT(""),
      .content_type = slice(input, message->content_type),
      .body = {input->at + message->body, message->body_end - message->body},
  };
  const char *mark = memchr(request.path.at, '?', request.path.length);
  if (mark != NULL) {
    size_t length = (size_t)(mark - request.path.at);
    request.query = (struct text){mark + 1, request.path.length - length - 1};
    request.path.length = length;
  }
  return request;
}

bool http_query(const struct http_request *request, const char *name, struct text *value) {
  struct text wanted = text_of(name);
  struct text rest = request->query;
  while (rest.length > 0) {
    const char *end = memchr(rest.at, '&', rest.length);
    size_t length = end == NULL ? rest.length : (size_t)(end - rest.at);
    const char *equals = memchr(rest.at, '=', length);
    if (equals != NULL && text_equals((struct text){rest.at, (size_t)(equals - rest.at)}, wanted)) {
      *value = (struct text){equals + 1, length - (size_t)(equals + 1 - rest.at)};
      return true;
    }
    size_t consumed = end == NULL ? length : length + 1;
    rest = (struct text){rest.at + consumed, rest.length - consumed};
  }
  return false;
}
