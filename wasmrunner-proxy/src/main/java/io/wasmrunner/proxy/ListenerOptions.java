package io.wasmrunner.proxy;

import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.List;

/** How the listeners speak HTTP. */
final class ListenerOptions {
  /** Requests at once on an HTTP/2 connection. */
  private static final int STREAMS = 100;

  private ListenerOptions() {}

  /** For everybody: HTTP/1 and HTTP/2, with TLS if there are files for it. */
  static HttpServerOptions entry(ProxyOptions options) {
    HttpServerOptions entry = cleartext(options).setHttp2ClearTextEnabled(options.tls().isEmpty());
    options
        .tls()
        .ifPresent(
            files ->
                entry
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                    .setKeyCertOptions(certificate(files)));
    return entry;
  }

  /** For this process: HTTP/1 without TLS. */
  static HttpServerOptions inner(ProxyOptions options) {
    return cleartext(options).setHttp2ClearTextEnabled(false);
  }

  static PemKeyCertOptions certificate(TlsFiles files) {
    return new PemKeyCertOptions()
        .addCertPath(files.certificates().toString())
        .addKeyPath(files.key().toString());
  }

  private static HttpServerOptions cleartext(ProxyOptions options) {
    ProxyLimits limits = options.limits();
    return new HttpServerOptions()
        .setTcpNoDelay(true)
        .setReuseAddress(true)
        .setCompressionSupported(false)
        .setDecompressionSupported(false)
        .setHandle100ContinueAutomatically(false)
        .setMaxInitialLineLength(limits.maxLineBytes())
        .setMaxHeaderSize(limits.maxHeaderBytes())
        .setInitialSettings(
            new Http2Settings()
                .setMaxConcurrentStreams(STREAMS)
                .setMaxHeaderListSize(limits.maxHeaderBytes()))
        .setAcceptBacklog(1024);
  }
}
