package io.wasmrunner.dashboard;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** Remembers a choice of the visitor in the browser. */
final class Preference {
  private static final Duration KEPT = Duration.ofDays(365);

  private Preference() {}

  static void remember(RoutingContext context, String name, String value) {
    context
        .response()
        .addCookie(
            Cookie.cookie(name, value)
                .setPath("/")
                .setMaxAge(KEPT.toSeconds())
                .setHttpOnly(true)
                .setSameSite(CookieSameSite.STRICT));
  }
}
