package io.wasmrunner.wasi;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * WasmEdge's host module {@code rustls_client}: TLS for guests that do not carry it themselves. All
 * numbers are i32, and a negative result is a {@link TlsError}.
 */
final class TlsFunctions {
  /** Import module of all of them. */
  static final String MODULE = "rustls_client";

  private static final int MAX_NAME_BYTES = 255;
  private static final int STATE_BYTES = 12;

  static final List<WasiFunction> ALL =
      List.of(
          function("default_config", ":i", (host, a) -> TlsCodecs.DEFAULT_CONFIGURATION),
          function("new_codec", "iii:i", TlsFunctions::create),
          codec("codec_is_handshaking", "i:i", (codec, m, a) -> codec.handshaking() ? 1 : 0),
          codec("codec_wants", "i:i", (codec, m, a) -> codec.wants()),
          function("delete_codec", "i:i", TlsFunctions::delete),
          codec("send_close_notify", "i:i", TlsFunctions::close),
          codec("process_new_packets", "ii:i", TlsFunctions::process),
          buffer("read_tls", TlsCodec::receive),
          buffer("write_tls", TlsCodec::send),
          buffer("write_raw", TlsCodec::write),
          buffer("read_raw", TlsCodec::read));

  private TlsFunctions() {}

  /** A function of a codec, which is named by its first parameter. */
  @FunctionalInterface
  private interface OfCodec {
    int call(TlsCodec codec, GuestMemory memory, long[] args);
  }

  /** A function of a codec that takes or fills a buffer of the guest. */
  @FunctionalInterface
  private interface OfBuffer {
    int call(TlsCodec codec, GuestMemory memory, int address, int length);
  }

  private static WasiFunction function(String name, String signature, WasiFunction.Code code) {
    return new WasiFunction(
        MODULE,
        name,
        signature,
        (host, args) -> {
          try {
            return code.call(host, args);
          } catch (ErrnoException e) { // a bad pointer
            return TlsError.PARAMETER.code();
          }
        });
  }

  private static WasiFunction codec(String name, String signature, OfCodec body) {
    return function(
        name,
        signature,
        (host, args) -> {
          TlsCodec codec = host.tls().find((int) args[0]);
          return codec == null ? TlsError.PARAMETER.code() : body.call(codec, host.memory(), args);
        });
  }

  private static WasiFunction buffer(String name, OfBuffer body) {
    return codec(
        name,
        "iii:i",
        (codec, memory, args) -> {
          memory.check((int) args[1], (int) args[2]);
          return body.call(codec, memory, (int) args[1], (int) args[2]);
        });
  }

  private static int create(WasiHost host, long[] a) {
    int length = (int) a[2];
    if (length < 0 || length > MAX_NAME_BYTES) {
      return TlsError.PARAMETER.code();
    }
    byte[] name = host.memory().bytes((int) a[1], length);
    return host.tls().create((int) a[0], new String(name, StandardCharsets.UTF_8));
  }

  private static int delete(WasiHost host, long[] a) {
    host.tls().delete((int) a[0]);
    return 0;
  }

  private static int close(TlsCodec codec, GuestMemory memory, long[] a) {
    codec.close();
    return 0;
  }

  private static int process(TlsCodec codec, GuestMemory memory, long[] a) {
    int at = (int) a[1];
    memory.check(at, STATE_BYTES);
    int result = codec.process();
    if (result == 0) {
      memory.putI32(at, codec.ciphertextToSend());
      memory.putI32(at + 4, codec.plaintextToRead());
      memory.putU8(at + 8, codec.peerClosed() ? 1 : 0);
    }
    return result;
  }
}
