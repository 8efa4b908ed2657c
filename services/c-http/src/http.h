/*
 * A small HTTP/1.1 server for WebAssembly modules: one thread, non-blocking sockets, poll_oneoff. The library owns connections,
 * framing, limits and time-outs; a service supplies one function that answers requests.
 *
 * Bounds: HTTP_MAX_CONNECTIONS open connections (further ones wait in the backlog; below the 1024 descriptors that hosts usually
 * grant), HTTP_MAX_HEAD bytes of request line and headers (431, or 414 for the line alone), HTTP_MAX_BODY bytes of request body
 * after decoding (413). A connection may idle for 75 s between requests, a request may take 30 s to arrive (408).
 */
#ifndef HTTP_H
#define HTTP_H

#include "text.h"

#define HTTP_MAX_CONNECTIONS 1000
#define HTTP_MAX_HEAD 16384
#define HTTP_MAX_BODY 65536

struct http_request {
  struct text method;       /* as sent; HEAD arrives as GET, the library leaves the body out */
  struct text path;         /* starts with '/', percent-encoding untouched, without the query */
  struct text query;        /* behind '?', empty without one */
  struct text content_type; /* empty without one */
  struct text body;         /* whole and decoded */
};

struct http_response {
  int status;               /* 200 unless the handler says otherwise */
  const char *content_type; /* application/json unless the handler says otherwise */
  const char *allow;        /* value of the Allow header, for 405 */
  struct builder body;
};

typedef void (*http_handler)(const struct http_request *request, struct http_response *response);

/*
 * Serves for ever on 127.0.0.1 at WR_RUNNER_PORT, or at default_port where that is unset. Exits with status 1 and one line on
 * stderr when it cannot listen.
 */
_Noreturn void http_serve(const char *service, uint16_t default_port, http_handler handler);

/* A number from the environment, or fallback where it is unset or not a number from 0 to max. */
uint64_t http_environment_number(const char *name, uint64_t max, uint64_t fallback);

/* The value of a query parameter as it stands, percent-encoding untouched. False when there is none of that name. */
bool http_query(const struct http_request *request, const char *name, struct text *value);

/* True when the request has this method; otherwise answers 405 with an Allow header. */
bool http_only(const struct http_request *request, struct http_response *response, const char *method);

/* Answers with a problem document (RFC 9457); detail says what was wrong. */
void http_problem(struct http_response *response, int status, const char *detail);

/* Answers 200 "ok", as health probes expect. */
void http_ok(struct http_response *response);

/* One line on stdout, or on stderr for ERROR: "[LEVEL] message". */
void http_log(const char *level, const char *message);

#endif
