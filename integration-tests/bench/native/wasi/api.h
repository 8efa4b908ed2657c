/* As much of WASI Preview 1 as services/c-http uses, for a native build of it: posix.c has the functions. */
#ifndef NATIVE_WASI_API_H
#define NATIVE_WASI_API_H

#include <stddef.h>
#include <stdint.h>

typedef int __wasi_fd_t;
typedef size_t __wasi_size_t;
typedef uint16_t __wasi_errno_t;
typedef uint16_t __wasi_roflags_t;
typedef uint8_t __wasi_eventtype_t;

enum { __WASI_ERRNO_SUCCESS = 0, __WASI_ERRNO_ADDRINUSE = 3, __WASI_ERRNO_AGAIN = 6, __WASI_ERRNO_INTR = 27, __WASI_ERRNO_IO = 29 };
enum { __WASI_EVENTTYPE_CLOCK, __WASI_EVENTTYPE_FD_READ, __WASI_EVENTTYPE_FD_WRITE };
enum { __WASI_CLOCKID_MONOTONIC = 1, __WASI_FDFLAGS_NONBLOCK = 4, __WASI_SDFLAGS_WR = 2 };

typedef struct { uint8_t *buf; size_t buf_len; } __wasi_iovec_t;
typedef struct { const uint8_t *buf; size_t buf_len; } __wasi_ciovec_t;

typedef struct {
  uint64_t userdata;
  struct {
    uint8_t tag;
    union {
      struct { uint32_t id; uint64_t timeout; } clock;
      struct { __wasi_fd_t file_descriptor; } fd_read;
    } u;
  } u;
} __wasi_subscription_t;

typedef struct {
  uint64_t userdata;
  __wasi_errno_t error;
  __wasi_eventtype_t type;
} __wasi_event_t;

__wasi_errno_t __wasi_poll_oneoff(const __wasi_subscription_t *in, __wasi_event_t *out, size_t n, __wasi_size_t *happened);
__wasi_errno_t __wasi_fd_fdstat_set_flags(__wasi_fd_t fd, uint16_t flags);
__wasi_errno_t __wasi_sock_recv(
    __wasi_fd_t fd, const __wasi_iovec_t *vectors, size_t n, uint16_t in, __wasi_size_t *received, __wasi_roflags_t *out);
__wasi_errno_t __wasi_sock_send(__wasi_fd_t fd, const __wasi_ciovec_t *vectors, size_t n, uint16_t in, __wasi_size_t *sent);
__wasi_errno_t __wasi_sock_shutdown(__wasi_fd_t fd, uint8_t how);

#endif
