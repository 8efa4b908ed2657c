#include "http_head.h"

#include <string.h>

struct head {
  struct http_message *message;
  const char *input;
  bool http_1_0;
  bool has_host, has_length, has_encoding;
  bool close, keep_alive;
};

enum http_progress http_refuse(struct http_message *message, int status, const char *reason) {
  message->refusal = status;
  message->reason = reason;
  return HTTP_REFUSED;
}

static bool is_token(struct text text) {
  if (text.length == 0) return false;
  for (size_t i = 0; i < text.length; i++) {
    unsigned char c = (unsigned char)text.at[i];
    if (c <= ' ' || c >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", c) != NULL) return false;
  }
  return true;
}

static struct text trimmed(struct text text) {
  while (text.length > 0 && (text.at[0] == ' ' || text.at[0] == '\t')) text.at++, text.length--;
  while (text.length > 0 && (text.at[text.length - 1] == ' ' || text.at[text.length - 1] == '\t')) text.length--;
  return text;
}

static struct span span_of(const struct head *head, struct text text) {
  return (struct span){(uint32_t)(text.at - head->input), (uint32_t)text.length};
}

/* Cuts off and returns what stands before the separator; false when there is none. */
static bool cut(struct text *rest, char separator, struct text *piece) {
  const char *end = memchr(rest->at, separator, rest->length);
  if (end == NULL) return false;
  *piece = (struct text){rest->at, (size_t)(end - rest->at)};
  rest->length -= piece->length + 1;
  rest->at = end + 1;
  return true;
}

__attribute__((noinline)) static enum http_progress parse_request_line(struct head *head, struct text line) {
  struct http_message *message = head->message;
  struct text method, target;
  if (!cut(&line, ' ', &method) || !cut(&line, ' ', &target) || !is_token(method)) {
    return http_refuse(message, 400, "the request line is not 'METHOD target HTTP/1.1'");
  }
  if (text_equals(line, TEXT("HTTP/1.0"))) {
    head->http_1_0 = true;
  } else if (!text_equals(line, TEXT("HTTP/1.1"))) {
    return http_refuse(message, line.length == 8 && memcmp(line.at, "HTTP/", 5) == 0 ? 505 : 400, "only HTTP/1.1 and HTTP/1.0 are served");
  }
  for (size_t i = 0; i < target.length; i++) {
    unsigned char c = (unsigned char)target.at[i];
    if (c <= ' ' || c == 0x7f) return http_refuse(message, 400, "the request target holds a control character");
  }
  /* The absolute form, which clients of proxies send: skip scheme and authority. */
  if (target.length > 7 && text_equals_ignoring_case((struct text){target.at, 7}, TEXT("http://"))) {
    const char *path = memchr(target.at + 7, '/', target.length - 7);
    if (path == NULL) return http_refuse(message, 400, "the request target has no path");
    target = (struct text){path, target.length - (size_t)(path - target.at)};
  }
  if (target.length == 0 || (target.at[0] != '/' && !text_equals(target, TEXT("*")))) {
    return http_refuse(message, 400, "the request target does not start with '/'");
  }
  message->head_only = text_equals(method, TEXT("HEAD"));
  message->method = span_of(head, method);
  message->target = span_of(head, target);
  return HTTP_COMPLETE;
}

static void read_connection_options(struct head *head, struct text options) {
  bool more = true;
  while (more) {
    struct text option;
    more = cut(&options, ',', &option);
    if (!more) option = options;
    option = trimmed(option);
    if (text_equals_ignoring_case(option, TEXT("close"))) head->close = true;
    if (text_equals_ignoring_case(option, TEXT("keep-alive"))) head->keep_alive = true;
  }
}

__attribute__((noinline)) static enum http_progress apply_header(struct head *head, struct text name, struct text value) {
  struct http_message *message = head->message;
  if (text_equals_ignoring_case(name, TEXT("host"))) {
    if (head->has_host) return http_refuse(message, 400, "there is more than one Host header");
    head->has_host = true;
  } else if (text_equals_ignoring_case(name, TEXT("content-length"))) {
    uint64_t length;
    if (!text_to_number(value, UINT32_MAX, &length)) {
      return http_refuse(message, 400, "Content-Length is not a number that can be served");
    }
    if (head->has_length && length != message->expected) {
      return http_refuse(message, 400, "there are two different Content-Length headers");
    }
    head->has_length = true;
    message->expected = length;
  } else if (text_equals_ignoring_case(name, TEXT("transfer-encoding"))) {
    if (head->has_encoding || !text_equals_ignoring_case(value, TEXT("chunked"))) {
      return http_refuse(message, 501, "the only transfer encoding served is chunked");
    }
    head->has_encoding = true;
  } else if (text_equals_ignoring_case(name, TEXT("connection"))) {
    read_connection_options(head, value);
  } else if (text_equals_ignoring_case(name, TEXT("content-type"))) {
    message->content_type = span_of(head, value);
  } else if (text_equals_ignoring_case(name, TEXT("expect"))) {
    if (!text_equals_ignoring_case(value, TEXT("100-continue"))) return http_refuse(message, 417, "the only expectation met is 100-continue");
    message->expects_100 = true;
  }
  return HTTP_COMPLETE;
}

__attribute__((noinline)) static enum http_progress parse_header(struct head *head, struct text line) {
  struct text name;
  if (!cut(&line, ':', &name) || !is_token(name)) {
    return http_refuse(head->message, 400, "a header line is not 'Name: value'");
  }
  struct text value = trimmed(line);
  for (size_t i = 0; i < value.length; i++) {
    unsigned char c = (unsigned char)value.at[i];
    if ((c < ' ' && c != '\t') || c == 0x7f) return http_refuse(head->message, 400, "a header value holds a control character");
  }
  return apply_header(head, name, value);
}

/* Decides how the body is framed, once every header is known. */
static enum http_progress settle(struct head *head) {
  struct http_message *message = head->message;
  if (!head->has_host && !head->http_1_0) return http_refuse(message, 400, "the Host header is missing");
  if (head->has_encoding && (head->has_length || head->http_1_0)) {
    return http_refuse(message, 400, "Transfer-Encoding goes neither with Content-Length nor with HTTP/1.0");
  }
  if (!head->has_encoding && message->expected > HTTP_MAX_BODY) return http_refuse(message, 413, "the request body is too large");
  message->keep_alive = !head->close && (!head->http_1_0 || head->keep_alive);
  message->expects_100 = message->expects_100 && !head->http_1_0;
  message->stage = head->has_encoding ? STAGE_CHUNK_LINE : STAGE_SIZED_BODY;
  return HTTP_COMPLETE;
}

enum http_progress http_head_parse(struct http_message *message, const char *input) {
  struct head head = {.message = message, .input = input};
  struct text rest = {input + message->line, message->body - message->line};
  struct text line;
  bool first = true;
  while (cut(&rest, '\n', &line)) {
    line.length--; /* the CR, which the scan for the end of the head has checked */
    if (line.length == 0) break;
    enum http_progress progress = first ? parse_request_line(&head, line) : parse_header(&head, line);
    if (progress == HTTP_REFUSED) return progress;
    first = false;
  }
  return settle(&head);
}
