/* Request line and headers. Private to the library. */
#ifndef HTTP_HEAD_H
#define HTTP_HEAD_H

#include "http_message.h"

/*
 * Reads the complete head in input[message->line, message->body) and sets method, target, framing and connection options.
 * Strict where two readers could disagree about where a request ends (RFC 9112 section 6 and 11.2).
 */
enum http_progress http_head_parse(struct http_message *message, const char *input);

enum http_progress http_refuse(struct http_message *message, int status, const char *reason);

#endif
