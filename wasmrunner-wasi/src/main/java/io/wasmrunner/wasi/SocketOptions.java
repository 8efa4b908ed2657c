package io.wasmrunner.wasi;

import java.io.IOException;

/** {@code sock_getsockopt} and {@code sock_setsockopt}: level 0, WasmEdge's option numbers. */
final class SocketOptions {
  private static final int SOL_SOCKET = 0;

  private static final int REUSE_ADDRESS = 0;
  private static final int TYPE = 1;
  private static final int ERROR = 2;
  private static final int DONT_ROUTE = 3;
  private static final int BROADCAST = 4;
  private static final int SEND_BUFFER = 5;
  private static final int RECEIVE_BUFFER = 6;
  private static final int KEEP_ALIVE = 7;
  private static final int OOB_INLINE = 8;
  private static final int LINGER = 9;
  private static final int RECEIVE_LOW_WATER = 10;
  private static final int RECEIVE_TIMEOUT = 11;
  private static final int SEND_TIMEOUT = 12;
  private static final int ACCEPTS = 13;
  private static final int LAST = 14;

  private static final int DEFAULT_BUFFER_BYTES = 64 << 10;
  private static final int TIMEVAL_BYTES = 16;

  private SocketOptions() {}

  static Errno get(WasiHost host, long[] a) throws IOException {
    GuestSocket socket = host.descriptors().require((int) a[0]).socket();
    if ((int) a[1] != SOL_SOCKET || (int) a[2] < 0 || (int) a[2] > LAST) {
      return Errno.INVAL;
    }
    int at = (int) a[3];
    int lengthAt = (int) a[4];
    GuestMemory memory = host.memory();
    int room = memory.i32(lengthAt);
    SocketSettings settings = socket.settings;
    int written;
    switch ((int) a[2]) {
      case RECEIVE_TIMEOUT -> written = putTime(memory, at, room, settings.receiveTimeoutNanos);
      case SEND_TIMEOUT -> written = putTime(memory, at, room, settings.sendTimeoutNanos);
      case LINGER -> {
        if (room < 8) {
          return Errno.INVAL;
        }
        memory.putI32(at, settings.linger == null || settings.linger < 0 ? 0 : 1);
        memory.putI32(at + 4, settings.linger == null ? 0 : Math.max(0, settings.linger));
        written = 8;
      }
      default -> {
        if (room < 4) {
          return Errno.INVAL;
        }
        memory.check(at, 4); // before SO_ERROR is taken
        memory.putI32(at, number(socket, (int) a[2]));
        written = 4;
      }
    }
    memory.putI32(lengthAt, written);
    return Errno.SUCCESS;
  }

  private static int number(GuestSocket socket, int option) {
    SocketSettings settings = socket.settings;
    return switch (option) {
      case REUSE_ADDRESS -> settings.reuseAddress ? 1 : 0;
      case TYPE -> socket.filetype() == Descriptor.SOCKET_DGRAM ? 1 : 2;
      case ERROR -> socket.takeError().code();
      case DONT_ROUTE -> 0;
      case OOB_INLINE -> Boolean.TRUE.equals(settings.urgentInline) ? 1 : 0;
      case RECEIVE_LOW_WATER -> 1;
      case BROADCAST -> Boolean.TRUE.equals(settings.broadcast) ? 1 : 0;
      case SEND_BUFFER -> settings.sendBuffer == null ? DEFAULT_BUFFER_BYTES : settings.sendBuffer;
      case RECEIVE_BUFFER ->
          settings.receiveBuffer == null ? DEFAULT_BUFFER_BYTES : settings.receiveBuffer;
      case KEEP_ALIVE -> Boolean.TRUE.equals(settings.keepAlive) ? 1 : 0;
      case ACCEPTS -> socket.accepting() ? 1 : 0;
      default -> throw Errno.NOPROTOOPT.exception();
    };
  }

  static Errno set(WasiHost host, long[] a) throws IOException {
    GuestSocket socket = host.descriptors().require((int) a[0]).socket();
    if ((int) a[1] != SOL_SOCKET || (int) a[2] < 0 || (int) a[2] > LAST) {
      return Errno.INVAL;
    }
    GuestMemory memory = host.memory();
    int option = (int) a[2];
    int at = (int) a[3];
    int length = (int) a[4];
    SocketSettings settings = socket.settings;
    if (option == RECEIVE_TIMEOUT) {
      settings.receiveTimeoutNanos = time(memory, at, length);
      return Errno.SUCCESS;
    }
    if (option == SEND_TIMEOUT) {
      settings.sendTimeoutNanos = time(memory, at, length);
      return Errno.SUCCESS;
    }
    if (length < 4) {
      return Errno.INVAL;
    }
    int value = memory.i32(at);
    switch (option) {
      case REUSE_ADDRESS -> settings.reuseAddress = value != 0; // always set on the channel
      case BROADCAST -> settings.broadcast = value != 0;
      case KEEP_ALIVE -> settings.keepAlive = value != 0;
      case SEND_BUFFER -> settings.sendBuffer = positive(value);
      case RECEIVE_BUFFER -> settings.receiveBuffer = positive(value);
      case LINGER -> {
        if (length < 8) {
          return Errno.INVAL;
        }
        settings.linger = value == 0 ? -1 : Math.max(0, memory.i32(at + 4));
      }
      case OOB_INLINE -> settings.urgentInline = value != 0;
      case DONT_ROUTE -> {
        return value == 0 ? Errno.SUCCESS : Errno.NOPROTOOPT;
      }
      case RECEIVE_LOW_WATER -> {
        return value <= 1 ? Errno.SUCCESS : Errno.NOPROTOOPT;
      }
      default -> {
        return Errno.NOPROTOOPT;
      }
    }
    socket.applySettings();
    return Errno.SUCCESS;
  }

  private static int positive(int value) {
    if (value <= 0) {
      throw Errno.INVAL.exception();
    }
    return value;
  }

  /** A timeval of zero means no timeout, for which we have {@link Poller#FOREVER}. */
  private static long time(GuestMemory memory, int at, int length) {
    if (length < TIMEVAL_BYTES) {
      throw Errno.INVAL.exception();
    }
    long seconds = memory.i64(at);
    long micros = memory.i64(at + 8);
    if (seconds < 0 || micros < 0 || micros >= 1_000_000) {
      throw Errno.DOM.exception();
    }
    if (seconds == 0 && micros == 0) {
      return Poller.FOREVER;
    }
    long maxSeconds = 100L * 365 * 86_400;
    return Math.min(seconds, maxSeconds) * 1_000_000_000L + micros * 1_000L;
  }

  private static int putTime(GuestMemory memory, int at, int room, long nanos) {
    if (room < TIMEVAL_BYTES) {
      throw Errno.INVAL.exception();
    }
    long set = nanos == Poller.FOREVER ? 0 : nanos;
    memory.putI64(at, set / 1_000_000_000L);
    memory.putI64(at + 8, set % 1_000_000_000L / 1_000L);
    return TIMEVAL_BYTES;
  }
}
