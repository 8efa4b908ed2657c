/*
 * WasmEdge's socket extension of WASI Preview 1: the functions that open, bind and accept sockets, which Preview 1 itself
 * lacks. These are the first-generation ("V1") signatures. Receiving, sending, polling and closing are plain Preview 1 and come
 * from <wasi/api.h>.
 */
#ifndef WASMEDGE_SOCKET_H
#define WASMEDGE_SOCKET_H

#include <stdint.h>

#define WASMEDGE_IMPORT(name) __attribute__((import_module("wasi_snapshot_preview1"), import_name(name)))

enum wasmedge_address_family { WASMEDGE_INET4 = 1 };
enum wasmedge_socket_type { WASMEDGE_STREAM = 2 };
enum wasmedge_socket_option { WASMEDGE_SOL_SOCKET = 0, WASMEDGE_SO_REUSEADDR = 0 };

/* An address without its port: 4 bytes for IPv4. */
struct wasmedge_address {
  const uint8_t *bytes;
  uint32_t length;
};

/* Each returns a WASI errno; 0 is success. */
WASMEDGE_IMPORT("sock_open") int32_t wasmedge_sock_open(int32_t family, int32_t type, int32_t *fd);
WASMEDGE_IMPORT("sock_bind") int32_t wasmedge_sock_bind(int32_t fd, const struct wasmedge_address *address, int32_t port);
WASMEDGE_IMPORT("sock_listen") int32_t wasmedge_sock_listen(int32_t fd, int32_t backlog);
WASMEDGE_IMPORT("sock_accept") int32_t wasmedge_sock_accept(int32_t fd, int32_t *accepted);
WASMEDGE_IMPORT("sock_setsockopt")
int32_t wasmedge_sock_setsockopt(int32_t fd, int32_t level, int32_t name, const void *value, int32_t length);

#endif
