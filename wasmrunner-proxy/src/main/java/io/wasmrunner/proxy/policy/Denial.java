package io.wasmrunner.proxy.policy;

import java.util.Map;

/**
 * A request that does not get through.
 *
 * @param reason why
 * @param detail what happened this time, without secrets
 * @param fix what to do about it
 * @param headers header fields of the refusal
 * @param more members of its body
 */
public record Denial(
    Reason reason,
    String detail,
    String fix,
    Map<String, String> headers,
    Map<String, Object> more) {
  /** Copies the maps. */
  public Denial {
    headers = Map.copyOf(headers);
    more = Map.copyOf(more);
  }

  static Denial of(Reason reason, String detail, String fix) {
    return new Denial(reason, detail, fix, Map.of(), Map.of());
  }

  Denial withHeaders(Map<String, String> others) {
    return new Denial(reason, detail, fix, others, more);
  }

  Denial with(String name, Object value) {
    return new Denial(reason, detail, fix, headers, Map.of(name, value));
  }

  /** Why. */
  public enum Reason {
    /** Nobody, or nobody known. */
    UNAUTHENTICATED,
    /** Somebody who may not. */
    FORBIDDEN,
    /** Too many requests. */
    RATE_LIMITED,
    /** A body beyond the service's bound. */
    BODY_TOO_LARGE,
    /** A header beyond the service's bound. */
    SERVICE_HEADERS_TOO_LARGE,
    /** A page of a site that may not call. */
    ORIGIN_REFUSED,
    /** It cannot be checked now. */
    CHECK_UNAVAILABLE,
    /** The request does not fit the contract. */
    CONTRACT_REQUEST,
    /** The contract does not have this media type. */
    CONTRACT_MEDIA_TYPE,
    /** The contract does not have this path. */
    UNDOCUMENTED_PATH,
    /** The contract does not have this method. */
    UNDOCUMENTED_METHOD,
    /** The answer does not fit the contract. */
    CONTRACT_RESPONSE,
    /** The body is too large to be checked. */
    BODY_UNCHECKED,
    /** There is no contract to check by, and it is enforced. */
    CONTRACT_UNUSABLE
  }
}
