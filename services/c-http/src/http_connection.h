/* One client connection: its buffers, its request in progress, and what it waits for. Private to the library. */
#ifndef HTTP_CONNECTION_H
#define HTTP_CONNECTION_H

#include "http_message.h"
#include "http_response.h"

enum connection_phase {
  CONNECTION_CLOSED,
  CONNECTION_READING, /* waits for bytes of a request */
  CONNECTION_WRITING, /* waits until the client takes the response; reads nothing meanwhile */
  CONNECTION_DRAINING /* has said goodbye; discards input, so that the response is not lost to a reset */
};

struct connection {
  int fd;
  enum connection_phase phase;
  bool close_after; /* no further request once the output is sent */
  struct builder input;
  struct builder output;
  size_t sent;
  struct http_message message;
  uint64_t deadline; /* monotonic nanoseconds */
};

void connection_open(struct connection *connection, int fd, uint64_t now);

/* To be called when the socket is readable (READING, DRAINING) or writable (WRITING). */
void connection_ready(struct connection *connection, http_handler handler, uint64_t now);

/* To be called when the deadline has passed. */
void connection_expire(struct connection *connection, uint64_t now);

void connection_close(struct connection *connection);

#endif
