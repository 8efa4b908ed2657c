package io.wasmrunner.model;

import java.time.Duration;
import java.util.List;

/**
 * Which pages of other sites may call a service from a browser.
 *
 * @param origins {@code https://a.example}, {@code https://*.a.example} (all names below it), or
 *     {@code *}
 * @param methods methods they may use
 * @param headers header fields they may send; {@code *} for any
 * @param exposedHeaders header fields of answers they may read
 * @param credentials whether cookies and logins of the browser may come along
 * @param maxAge how long a browser may remember this
 */
public record CorsPolicy(
    List<String> origins,
    List<String> methods,
    List<String> headers,
    List<String> exposedHeaders,
    boolean credentials,
    Duration maxAge) {
  /** Copies the lists. */
  public CorsPolicy {
    origins = List.copyOf(origins);
    methods = List.copyOf(methods);
    headers = List.copyOf(headers);
    exposedHeaders = List.copyOf(exposedHeaders);
  }
}
