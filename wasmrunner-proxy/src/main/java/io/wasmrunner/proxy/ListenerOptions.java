package io.wasmrunner.proxy;

import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.ServerSSLOptions;
import java.util.List;
import java.util.Optional;

/** How the listeners speak HTTP. */
final class ListenerOptions {
  /** Requests at once on an HTTP/2 connection. */
  private static final int STREAMS = 100;

  private ListenerOptions() {}

  /** For everybody: HTTP/1 and HTTP/2, with TLS if there are files for it. */
  static HttpServerOptions entry(ProxyOptions options, Optional<TlsMaterial> tls) {
    HttpServerOptions entry = cleartext(options).setHttp2ClearTextEnabled(tls.isEmpty());
    tls.ifPresent(material -> secure(entry, material));
    return entry;
  }

  private static void secure(HttpServerOptions entry, TlsMaterial material) {
    ServerSSLOptions tls = material.options();
    entry
        .setSsl(true)
        .setUseAlpn(true)
        .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
        .setEnabledSecureTransportProtocols(tls.getEnabledSecureTransportProtocols())
        .setKeyCertOptions(tls.getKeyCertOptions())
        .setTrustOptions(tls.getTrustOptions())
        .setClientAuth(tls.getClientAuth());
  }

  /** For this process: HTTP/1 without TLS. */
  static HttpServerOptions inner(ProxyOptions options) {
    return cleartext(options).setHttp2ClearTextEnabled(false);
  }

  private static HttpServerOptions cleartext(ProxyOptions options) {
    ProxyLimits limits = options.limits();
    return new HttpServerOptions()
        .setTcpNoDelay(true)
        .setReuseAddress(true)
        .setCompressionSupported(false)
        .setDecompressionSupported(false)
        .setHandle100ContinueAutomatically(false)
        // Of a WebSocket only bytes pass: its ends agree on extensions.
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false)
        .setMaxInitialLineLength(limits.maxLineBytes())
        .setMaxHeaderSize(limits.maxHeaderBytes())
        .setInitialSettings(
            new Http2Settings()
                .setMaxConcurrentStreams(STREAMS)
                .setMaxHeaderListSize(limits.maxHeaderBytes()))
        .setAcceptBacklog(1024);
  }
}
