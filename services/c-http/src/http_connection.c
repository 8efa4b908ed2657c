#include "http_connection.h"

#include <string.h>
#include <unistd.h>
#include <wasi/api.h>

#define SECONDS(n) ((n)*1000000000ull)

enum { READ_SIZE = 8192, KEPT_CAPACITY = 8192, PIPELINED_OUTPUT = 65536 };

static struct http_response response;

void connection_open(struct connection *connection, int fd, uint64_t now) {
  *connection = (struct connection){.fd = fd, .phase = CONNECTION_READING, .deadline = now + SECONDS(75)};
  http_message_begin(&connection->message);
}

void connection_close(struct connection *connection) {
  builder_free(&connection->input);
  builder_free(&connection->output);
  close(connection->fd);
  connection->phase = CONNECTION_CLOSED;
}

/* Gives large buffers back once they are empty: a thousand idle connections hold next to nothing. */
static void trim(struct builder *builder) {
  if (builder->length == 0 && builder->capacity > KEPT_CAPACITY) builder_free(builder);
}

static void start_draining(struct connection *connection, uint64_t now) {
  builder_free(&connection->input);
  builder_free(&connection->output);
  (void)!__wasi_sock_shutdown((__wasi_fd_t)connection->fd, __WASI_SDFLAGS_WR);
  connection->phase = CONNECTION_DRAINING;
  connection->deadline = now + SECONDS(1);
}

/* Sends what is there. True when everything went out and the connection reads on. */
__attribute__((noinline)) static bool flush(struct connection *connection, uint64_t now) {
  struct builder *output = &connection->output;
  while (connection->sent < output->length) {
    __wasi_ciovec_t piece = {(const uint8_t *)output->at + connection->sent, output->length - connection->sent};
    __wasi_size_t sent = 0;
    __wasi_errno_t error = __wasi_sock_send((__wasi_fd_t)connection->fd, &piece, 1, 0, &sent);
    if (error == __WASI_ERRNO_AGAIN || (error == 0 && sent == 0)) {
      connection->phase = CONNECTION_WRITING;
      connection->deadline = now + SECONDS(30);
      return false;
    }
    if (error == __WASI_ERRNO_INTR) continue;
    if (error != 0) {
      connection_close(connection);
      return false;
    }
    connection->sent += sent;
  }
  connection->sent = 0;
  builder_clear(output);
  if (connection->close_after) {
    start_draining(connection, now);
    return false;
  }
  trim(output);
  connection->phase = CONNECTION_READING;
  return true;
}

/* Answers in the server's own name and ends the connection: what follows on it cannot be trusted to be a request. */
static void refuse(struct connection *connection, int status, const char *reason) {
  http_response_begin(&response);
  http_problem(&response, status, reason);
  http_response_write(&response, false, false, &connection->output);
  connection->close_after = true;
}

__attribute__((noinline)) static void answer(struct connection *connection, http_handler handler) {
  struct http_message *message = &connection->message;
  struct http_request request = http_message_request(message, &connection->input);
  http_response_begin(&response);
  handler(&request, &response);
  if (response.body.failed) http_problem(&response, 503, "out of memory");
  http_response_write(&response, message->keep_alive, message->head_only, &connection->output);
  connection->close_after = !message->keep_alive;
  trim(&response.body);
}

/* Removes the answered request from the input. What is left belongs to the next one. */
static void next_request(struct connection *connection, uint64_t now) {
  struct builder *input = &connection->input;
  size_t rest = input->length - connection->message.scanned;
  if (rest > 0) memmove(input->at, input->at + connection->message.scanned, rest);
  input->length = rest;
  trim(input);
  http_message_begin(&connection->message);
  connection->deadline = now + (rest > 0 ? SECONDS(30) : SECONDS(75));
}

/* Answers every complete request in the input. Stops early while a response is on its way or the connection has ended. */
__attribute__((noinline)) static void advance(struct connection *connection, http_handler handler, uint64_t now) {
  bool reading = true;
  while (reading) {
    enum http_progress progress = http_message_advance(&connection->message, &connection->input);
    if (progress == HTTP_REFUSED) {
      refuse(connection, connection->message.refusal, connection->message.reason);
    } else if (progress == HTTP_COMPLETE) {
      answer(connection, handler);
      next_request(connection, now);
    } else if (connection->message.expects_100 && connection->message.body_end == connection->message.body) {
      connection->message.expects_100 = false;
      put_text(&connection->output, TEXT("HTTP/1.1 100 Continue\r\n\r\n"));
    }
    if (connection->output.failed) {
      connection_close(connection);
      return;
    }
    bool more = progress == HTTP_COMPLETE && !connection->close_after && connection->input.length > 0;
    if (more && connection->output.length < PIPELINED_OUTPUT) continue;
    reading = flush(connection, now) && more;
  }
}

static __wasi_errno_t receive_into(const struct connection *connection, char *at, size_t length, size_t *received) {
  __wasi_iovec_t space = {(uint8_t *)at, length};
  uint32_t flags = 0; /* Preview 1 says 16 bits, but there are hosts that write 32 */
  return __wasi_sock_recv((__wasi_fd_t)connection->fd, &space, 1, 0, received, (__wasi_roflags_t *)&flags);
}

__attribute__((noinline)) static void receive(struct connection *connection, http_handler handler, uint64_t now) {
  struct builder *input = &connection->input;
  bool idle = input->length == 0;
  if (!builder_reserve(input, READ_SIZE)) {
    connection_close(connection);
    return;
  }
  size_t received = 0;
  __wasi_errno_t error = receive_into(connection, input->at + input->length, READ_SIZE, &received);
  if (error == __WASI_ERRNO_AGAIN || error == __WASI_ERRNO_INTR) return;
  if (error != 0 || received == 0) {
    connection_close(connection);
    return;
  }
  input->length += received;
  if (idle) connection->deadline = now + SECONDS(30);
  advance(connection, handler, now);
}

__attribute__((noinline)) static void discard(struct connection *connection) {
  static char nowhere[READ_SIZE];
  size_t received = 0;
  __wasi_errno_t error = receive_into(connection, nowhere, sizeof nowhere, &received);
  bool waiting = error == __WASI_ERRNO_AGAIN || error == __WASI_ERRNO_INTR;
  if (!waiting && (error != 0 || received == 0)) connection_close(connection);
}

void connection_ready(struct connection *connection, http_handler handler, uint64_t now) {
  switch (connection->phase) {
    case CONNECTION_READING: receive(connection, handler, now); break;
    case CONNECTION_WRITING:
      if (flush(connection, now) && connection->input.length > 0) advance(connection, handler, now);
      break;
    case CONNECTION_DRAINING: discard(connection); break;
    case CONNECTION_CLOSED: break;
  }
}

void connection_expire(struct connection *connection, uint64_t now) {
  if (connection->phase == CONNECTION_READING && connection->input.length > 0) {
    refuse(connection, 408, "the request did not arrive in time");
    flush(connection, now);
  } else {
    connection_close(connection);
  }
}
