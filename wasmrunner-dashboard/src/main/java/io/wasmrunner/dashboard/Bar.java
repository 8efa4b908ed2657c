package io.wasmrunner.dashboard;

/**
 * A share of a limit, to be drawn.
 *
 * @param percent 0 to 100
 * @param css tone: calm, near the limit, at the limit
 */
record Bar(int percent, String css) {
  static Bar of(long used, long limit) {
    int percent = limit <= 0 ? 0 : (int) Math.min(100, Math.round(used * 100.0 / limit));
    return new Bar(percent, percent >= 90 ? "bad" : percent >= 75 ? "warn" : "ok");
  }
}
