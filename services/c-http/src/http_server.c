#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include <wasi/api.h>

#include "http_connection.h"
#include "wasmedge_socket.h"

enum { BACKLOG = 1024, LISTENER = HTTP_MAX_CONNECTIONS, CLOCK };

static struct {
  int listener;
  http_handler handler;
  struct connection connections[HTTP_MAX_CONNECTIONS];
  size_t used; /* connections at and beyond this index are closed */
  size_t open;
  uint64_t accept_again; /* after a failed accept, so that a lack of descriptors does not become a busy loop */
  __wasi_subscription_t subscriptions[HTTP_MAX_CONNECTIONS + 2];
  __wasi_event_t events[HTTP_MAX_CONNECTIONS + 2];
} server;

void http_log(const char *level, const char *message) {
  struct builder line = {0};
  put(&line, "[");
  put(&line, level);
  put(&line, "] ");
  put(&line, message);
  put(&line, "\n");
  bool error = text_equals(text_of(level), TEXT("ERROR"));
  if (!line.failed) (void)!write(error ? STDERR_FILENO : STDOUT_FILENO, line.at, line.length);
  builder_free(&line);
}

uint64_t http_environment_number(const char *name, uint64_t max, uint64_t fallback) {
  const char *value = getenv(name);
  uint64_t number = fallback;
  if (value != NULL) text_to_number(text_of(value), max, &number);
  return number;
}

static uint64_t monotonic(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000ull + (uint64_t)now.tv_nsec;
}

static void subscribe_fd(__wasi_subscription_t *subscription, uint64_t userdata, int fd, __wasi_eventtype_t type) {
  *subscription = (__wasi_subscription_t){.userdata = userdata};
  subscription->u.tag = type;
  subscription->u.u.fd_read.file_descriptor = (__wasi_fd_t)fd;
}

/* Ends connections whose time is up and lists what to wait for. Returns how many subscriptions there are. */
__attribute__((noinline)) static size_t subscribe(uint64_t now) {
  size_t count = 0;
  size_t used = 0;
  uint64_t nearest = UINT64_MAX;
  server.open = 0;
  for (size_t i = 0; i < server.used; i++) {
    struct connection *connection = &server.connections[i];
    if (connection->phase != CONNECTION_CLOSED && connection->deadline <= now) connection_expire(connection, now);
    if (connection->phase == CONNECTION_CLOSED) continue;
    bool writing = connection->phase == CONNECTION_WRITING;
    subscribe_fd(&server.subscriptions[count++], i, connection->fd, writing ? __WASI_EVENTTYPE_FD_WRITE : __WASI_EVENTTYPE_FD_READ);
    if (connection->deadline < nearest) nearest = connection->deadline;
    server.open++;
    used = i + 1;
  }
  server.used = used;
  if (server.accept_again > now) {
    if (server.accept_again < nearest) nearest = server.accept_again;
  } else if (server.open < HTTP_MAX_CONNECTIONS) {
    subscribe_fd(&server.subscriptions[count++], LISTENER, server.listener, __WASI_EVENTTYPE_FD_READ);
  }
  if (nearest != UINT64_MAX) {
    __wasi_subscription_t *clock = &server.subscriptions[count++];
    *clock = (__wasi_subscription_t){.userdata = CLOCK};
    clock->u.tag = __WASI_EVENTTYPE_CLOCK;
    clock->u.u.clock.id = __WASI_CLOCKID_MONOTONIC;
    clock->u.u.clock.timeout = nearest > now ? nearest - now : 0;
  }
  return count;
}

static size_t free_slot(void) {
  size_t slot = 0;
  while (server.connections[slot].phase != CONNECTION_CLOSED) slot++;
  if (slot >= server.used) server.used = slot + 1;
  return slot;
}

__attribute__((noinline)) static void accept_waiting(uint64_t now) {
  for (; server.open < HTTP_MAX_CONNECTIONS; server.open++) {
    int32_t fd = -1;
    int32_t error = wasmedge_sock_accept(server.listener, &fd);
    if (error == __WASI_ERRNO_AGAIN) return;
    if (error == 0) error = __wasi_fd_fdstat_set_flags((__wasi_fd_t)fd, __WASI_FDFLAGS_NONBLOCK);
    if (error != 0) {
      if (fd >= 0) close(fd);
      http_log("ERROR", "a connection could not be accepted; the next attempt follows in 100 ms");
      server.accept_again = now + 100000000ull;
      return;
    }
    connection_open(&server.connections[free_slot()], fd, now);
  }
}

__attribute__((noinline)) static void dispatch(const __wasi_event_t *event, uint64_t now) {
  if (event->userdata == CLOCK) return;
  if (event->userdata == LISTENER) {
    accept_waiting(now);
    return;
  }
  struct connection *connection = &server.connections[event->userdata];
  if (event->error != 0) {
    connection_close(connection);
  } else {
    connection_ready(connection, server.handler, now);
  }
}

/*
 * One wait and the work it brings. A function of its own, called for ever: engines that compile at run time compile functions
 * that are called often, and some never replace a loop inside a function that is entered once.
 */
__attribute__((noinline)) static void serve_round(void) {
  size_t count = subscribe(monotonic());
  __wasi_size_t happened = 0;
  if (__wasi_poll_oneoff(server.subscriptions, server.events, count, &happened) != 0) {
    http_log("ERROR", "poll_oneoff failed");
    exit(1);
  }
  uint64_t now = monotonic();
  http_date_refresh(now);
  for (size_t i = 0; i < happened; i++) dispatch(&server.events[i], now);
}

static void require(int32_t error, const char *what, uint16_t port) {
  if (error == 0) return;
  struct builder message = {0};
  put(&message, what);
  put(&message, " on 127.0.0.1:");
  put_number(&message, port);
  put(&message, " failed with WASI errno ");
  put_number(&message, (uint64_t)error);
  if (error == __WASI_ERRNO_ADDRINUSE) put(&message, " (the port is in use)");
  put_text(&message, (struct text){"", 1});
  http_log("ERROR", message.failed ? what : message.at);
  exit(1);
}

static void listen_on(uint16_t port) {
  static const uint8_t loopback[4] = {127, 0, 0, 1};
  struct wasmedge_address address = {loopback, sizeof loopback};
  int32_t reuse = 1;
  int32_t fd = -1;
  require(wasmedge_sock_open(WASMEDGE_INET4, WASMEDGE_STREAM, &fd), "sock_open", port);
  wasmedge_sock_setsockopt(fd, WASMEDGE_SOL_SOCKET, WASMEDGE_SO_REUSEADDR, &reuse, sizeof reuse);
  require(wasmedge_sock_bind(fd, &address, port), "sock_bind", port);
  require(wasmedge_sock_listen(fd, BACKLOG), "sock_listen", port);
  require(__wasi_fd_fdstat_set_flags((__wasi_fd_t)fd, __WASI_FDFLAGS_NONBLOCK), "fd_fdstat_set_flags", port);
  server.listener = fd;
}

static void log_start(const char *service, uint16_t port) {
  struct builder message = {0};
  put(&message, service);
  put(&message, " listens on 127.0.0.1:");
  put_number(&message, port);
  put(&message, ", runner ");
  put_number(&message, http_environment_number("WR_RUNNER_INDEX", UINT32_MAX, 0));
  put(&message, " (");
  put_number(&message, http_environment_number("WR_RUNNER_INSTANCES", UINT32_MAX, 1));
  put(&message, " in all)");
  put_text(&message, (struct text){"", 1});
  if (!message.failed) http_log("INFO", message.at);
  builder_free(&message);
}

void http_serve(const char *service, uint16_t default_port, http_handler handler) {
  uint16_t port = (uint16_t)http_environment_number("WR_RUNNER_PORT", UINT16_MAX, default_port);
  if (port == 0) port = default_port;
  server.handler = handler;
  listen_on(port);
  log_start(service, port);
  for (;;) serve_round();
}
