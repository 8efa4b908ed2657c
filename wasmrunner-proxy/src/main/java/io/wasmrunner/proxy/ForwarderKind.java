package io.wasmrunner.proxy;

/** Which code carries requests to runners. */
public enum ForwarderKind {
  /** Ours: streaming, failover, time-outs, exact connections. The default. */
  NATIVE,
  /** vertx-web-proxy as it comes, to compare with. */
  VERTX_WEB_PROXY
}
