/* The imports that services/c-http uses, on POSIX: what the C services cost without any engine. TCP_NODELAY as wasmrunner has it. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <sys/socket.h>
#include <wasi/api.h>

#include "wasmedge_socket.h"

enum { MAX_WAITS = 1024 };

static __wasi_errno_t wasi_errno(void) {
  switch (errno) {
    case EAGAIN: return __WASI_ERRNO_AGAIN;
    case EINTR: return __WASI_ERRNO_INTR;
    case EADDRINUSE: return __WASI_ERRNO_ADDRINUSE;
    default: return __WASI_ERRNO_IO;
  }
}

static __wasi_errno_t result(int value) { return value < 0 ? wasi_errno() : __WASI_ERRNO_SUCCESS; }

int32_t wasmedge_sock_open(int32_t family, int32_t type, int32_t *fd) {
  (void)family;
  (void)type;
  *fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return result(*fd);
}

int32_t wasmedge_sock_bind(int32_t fd, const struct wasmedge_address *address, int32_t port) {
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  __builtin_memcpy(&to.sin_addr, address->bytes, sizeof to.sin_addr);
  return result(bind(fd, (const struct sockaddr *)&to, sizeof to));
}

int32_t wasmedge_sock_listen(int32_t fd, int32_t backlog) { return result(listen(fd, backlog)); }

int32_t wasmedge_sock_accept(int32_t fd, int32_t *accepted) {
  int on = 1;
  *accepted = accept4(fd, NULL, NULL, SOCK_CLOEXEC);
  if (*accepted >= 0) (void)setsockopt(*accepted, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return result(*accepted);
}

int32_t wasmedge_sock_setsockopt(int32_t fd, int32_t level, int32_t name, const void *value, int32_t length) {
  (void)level;
  (void)name; /* the service sets no other */
  return result(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, value, (socklen_t)length));
}

__wasi_errno_t __wasi_fd_fdstat_set_flags(__wasi_fd_t fd, uint16_t flags) {
  return result(fcntl(fd, F_SETFL, flags & __WASI_FDFLAGS_NONBLOCK ? O_NONBLOCK : 0));
}

__wasi_errno_t __wasi_sock_recv(
    __wasi_fd_t fd, const __wasi_iovec_t *vectors, size_t n, uint16_t in, __wasi_size_t *received, __wasi_roflags_t *out) {
  (void)n; /* the service gives one */
  (void)in;
  ssize_t bytes = recv(fd, vectors->buf, vectors->buf_len, 0);
  *received = bytes < 0 ? 0 : (size_t)bytes;
  *out = 0;
  return bytes < 0 ? wasi_errno() : __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wasi_sock_send(__wasi_fd_t fd, const __wasi_ciovec_t *vectors, size_t n, uint16_t in, __wasi_size_t *sent) {
  (void)n;
  (void)in;
  ssize_t bytes = send(fd, vectors->buf, vectors->buf_len, MSG_NOSIGNAL);
  *sent = bytes < 0 ? 0 : (size_t)bytes;
  return bytes < 0 ? wasi_errno() : __WASI_ERRNO_SUCCESS;
}

__wasi_errno_t __wasi_sock_shutdown(__wasi_fd_t fd, uint8_t how) {
  (void)how;
  return result(shutdown(fd, SHUT_WR));
}

static int milliseconds(uint64_t nanos) {
  uint64_t rounded = (nanos + 999999) / 1000000;
  return rounded > INT32_MAX ? INT32_MAX : (int)rounded;
}

__wasi_errno_t __wasi_poll_oneoff(const __wasi_subscription_t *in, __wasi_event_t *out, size_t n, __wasi_size_t *happened) {
  static struct pollfd waits[MAX_WAITS];
  int timeout = -1;
  if (n > MAX_WAITS) return __WASI_ERRNO_IO;
  for (size_t i = 0; i < n; i++) {
    bool clock = in[i].u.tag == __WASI_EVENTTYPE_CLOCK;
    if (clock) timeout = milliseconds(in[i].u.u.clock.timeout);
    waits[i].fd = clock ? -1 : in[i].u.u.fd_read.file_descriptor;
    waits[i].events = in[i].u.tag == __WASI_EVENTTYPE_FD_WRITE ? POLLOUT : POLLIN;
    waits[i].revents = 0;
  }
  int ready = poll(waits, n, timeout);
  if (ready < 0 && errno != EINTR) return wasi_errno();
  *happened = 0;
  for (size_t i = 0; i < n; i++) {
    bool over = ready == 0 && in[i].u.tag == __WASI_EVENTTYPE_CLOCK;
    if (over || waits[i].revents != 0) {
      out[(*happened)++] = (__wasi_event_t){in[i].userdata, __WASI_ERRNO_SUCCESS, in[i].u.tag};
    }
  }
  return __WASI_ERRNO_SUCCESS;
}
