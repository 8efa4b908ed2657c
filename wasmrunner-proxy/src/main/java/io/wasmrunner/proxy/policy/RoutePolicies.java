package io.wasmrunner.proxy.policy;

import io.wasmrunner.model.Policies;
import io.wasmrunner.model.RequestBounds;
import org.jspecify.annotations.Nullable;

/** The policies of one service, ready for requests. Thread-safe. */
public final class RoutePolicies {
  /** For services without any. */
  public static final RoutePolicies NONE =
      new RoutePolicies(Policies.DEFAULT, null, null, null, null, null);

  private final Policies definition;
  private final @Nullable RateLimiter limiter;
  private final @Nullable Authenticator authenticator;
  private final @Nullable Cors cors;
  private final @Nullable LiveContract contract;
  private final @Nullable Compression compression;

  RoutePolicies(
      Policies definition,
      @Nullable RateLimiter limiter,
      @Nullable Authenticator authenticator,
      @Nullable Cors cors,
      @Nullable LiveContract contract,
      @Nullable Compression compression) {
    this.definition = definition;
    this.limiter = limiter;
    this.authenticator = authenticator;
    this.cors = cors;
    this.contract = contract;
    this.compression = compression;
  }

  /** Whether requests and answers pass as they are. */
  public boolean isEmpty() {
    return this == NONE;
  }

  Policies definition() {
    return definition;
  }

  RequestBounds bounds() {
    return definition.bounds();
  }

  @Nullable RateLimiter limiter() {
    return limiter;
  }

  @Nullable Authenticator authenticator() {
    return authenticator;
  }

  @Nullable Cors cors() {
    return cors;
  }

  @Nullable LiveContract contract() {
    return contract;
  }

  @Nullable Compression compression() {
    return compression;
  }
}
