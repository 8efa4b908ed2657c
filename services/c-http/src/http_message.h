/* Parsing of one HTTP/1.x request out of a connection's input, as its bytes arrive. Private to the library. */
#ifndef HTTP_MESSAGE_H
#define HTTP_MESSAGE_H

#include "http.h"

enum http_progress { HTTP_INCOMPLETE, HTTP_COMPLETE, HTTP_REFUSED };

enum http_stage { STAGE_HEAD, STAGE_SIZED_BODY, STAGE_CHUNK_LINE, STAGE_CHUNK_DATA, STAGE_CHUNK_END, STAGE_TRAILERS, STAGE_DONE };

/* Positions count from the start of the input, because the input moves when it grows. */
struct span {
  uint32_t at;
  uint32_t length;
};

struct http_message {
  enum http_stage stage;
  uint32_t scanned;  /* everything before is understood; when complete, the next request starts here */
  uint32_t line;     /* start of the current line */
  uint32_t body;     /* start of the body, which is where the head ended */
  uint32_t body_end; /* decoded body bytes end here */
  uint64_t expected; /* bytes of the body or chunk still missing */
  uint32_t trailers; /* bytes of trailers seen, bounded */
  struct span method, target, content_type;
  bool keep_alive;
  bool head_only;     /* HEAD: the response carries no body */
  bool expects_100;   /* the client waits for "100 Continue" before it sends the body */
  int refusal;        /* status, when refused */
  const char *reason; /* detail, when refused */
};

void http_message_begin(struct http_message *message);

/* Takes in what has arrived. May move bytes inside the input and shorten it (decoding of chunks). */
enum http_progress http_message_advance(struct http_message *message, struct builder *input);

/* The request of a complete message; its slices point into input. */
struct http_request http_message_request(const struct http_message *message, const struct builder *input);

#endif
