/* Writing of responses. Private to the library. */
#ifndef HTTP_RESPONSE_H
#define HTTP_RESPONSE_H

#include "http.h"

/* Makes the response what a handler finds: 200, JSON, no body. */
void http_response_begin(struct http_response *response);

/* Appends status line, headers and, unless head_only, the body to output. */
void http_response_write(const struct http_response *response, bool keep_alive, bool head_only, struct builder *output);

/* Keeps the Date header right; monotonic time in nanoseconds. Asks the clock at most once a second. */
void http_date_refresh(uint64_t now);

#endif
