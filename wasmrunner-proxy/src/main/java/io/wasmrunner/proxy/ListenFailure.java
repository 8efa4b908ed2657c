package io.wasmrunner.proxy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.wasmrunner.model.WasmrunnerException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/** Tells people why a port cannot be listened on. */
final class ListenFailure {
  private ListenFailure() {}

  /** A failed future that says what to do. */
  static <T> Future<T> explain(Vertx vertx, ProxyOptions options, Throwable cause) {
    if (cause instanceof WasmrunnerException) {
      return Future.failedFuture(cause);
    }
    String reason = String.valueOf(cause.getMessage());
    String lower = reason.toLowerCase(Locale.ROOT);
    String place = options.host() + ":" + options.port();
    if (lower.contains("already in use")) {
      return vertx
          .executeBlocking(() -> PortOwner.find(options.port()), false)
          .otherwise("")
          .compose(
              owner ->
                  Future.failedFuture(
                      new WasmrunnerException(
                          "WR-3001",
                          "port "
                              + options.port()
                              + " on "
                              + options.host()
                              + " is taken"
                              + (owner.isEmpty() ? "" : " by " + owner),
                          "Stop that program, or choose another port with --port.",
                          cause)));
    }
    if (lower.contains("permission denied")) {
      return Future.failedFuture(
          new WasmrunnerException(
              "WR-3002",
              "listening on " + place + " is not allowed: " + reason,
              "Choose a port above 1023 with --port.",
              cause));
    }
    if (cause instanceof SocketException
        || cause instanceof UnknownHostException
        || lower.contains("assign requested address")) {
      return Future.failedFuture(
          new WasmrunnerException(
              "WR-3003",
              "listening on " + place + " is not possible: " + reason,
              "Use an address of this machine, such as 127.0.0.1, for --host.",
              cause));
    }
    if (options.tls().filter(files -> areToBlame(files, cause)).isPresent()) {
      return Future.failedFuture(
          new WasmrunnerException(
              "WR-3004",
              "the certificate and key for TLS cannot be used: " + reason,
              "Give PEM files that exist and belong together with server.tls.certificate and"
                  + " server.tls.key; the key must not be encrypted.",
              cause));
    }
    return Future.failedFuture(cause);
  }

  private static boolean areToBlame(TlsFiles files, Throwable failure) {
    boolean readable = Files.isReadable(files.certificates()) && Files.isReadable(files.key());
    return !readable
        || Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
            .anyMatch(
                cause ->
                    cause instanceof FileSystemException
                        || cause instanceof GeneralSecurityException
                        || cause instanceof IllegalArgumentException
                        // Vert.x throws it bare when there is no PEM in a file.
                        || cause.getClass() == RuntimeException.class);
  }
}
