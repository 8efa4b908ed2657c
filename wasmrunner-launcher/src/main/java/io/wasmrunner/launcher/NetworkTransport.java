package io.wasmrunner.launcher;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How the event loops ask the system for network events. */
final class NetworkTransport {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkTransport.class);
  private static final String NETTY_EVENTS = "io.netty.jfr.enabled";

  private NetworkTransport() {}

  /**
   * Event loops with the transport of this name: {@code auto}, {@code nio}, {@code epoll}, {@code
   * io_uring}. One that the system does not let us use is replaced, and one line says so.
   */
  static Vertx vertx(String name) {
    quietFlightRecorder();
    Transport wanted = wanted(name);
    if (wanted != null && wanted.available()) {
      return Vertx.builder().withTransport(wanted).build();
    }
    Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
    if (!name.equals("auto")) {
      LOG.warn(
          "WR-1021: the transport {} cannot be used here{}; {} takes its place. Fix: let the"
              + " container use it (seccomp profile), or leave server.transport at auto.",
          name,
          reason(wanted),
          vertx.isNativeTransportEnabled() ? "the native one" : "nio");
    }
    return vertx;
  }

  /**
   * Netty's events of every buffer start the flight recorder with the first one, recorded or not: a
   * tenth of a start. Whoever looks for them sets the property to true.
   */
  private static void quietFlightRecorder() {
    if (System.getProperty(NETTY_EVENTS) == null) {
      System.setProperty(NETTY_EVENTS, "false");
    }
  }

  private static @Nullable Transport wanted(String name) {
    return switch (name) {
      case "nio" -> Transport.NIO;
      case "epoll" -> Transport.EPOLL;
      case "io_uring" -> Transport.IO_URING;
      default -> null;
    };
  }

  private static String reason(@Nullable Transport wanted) {
    Throwable cause = wanted == null ? null : wanted.unavailabilityCause();
    return cause == null ? "" : " (" + cause + ")";
  }
}
