package io.wasmrunner.dashboard;

import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Light or dark. */
enum Theme {
  /** As the system. */
  AUTO,
  /** Light. */
  LIGHT,
  /** Dark. */
  DARK;

  static final String PARAMETER = "theme";
  private static final String COOKIE = "wasmrunner_theme";

  /** Name in attributes and parameters. */
  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** By query parameter, which is remembered; else by cookie; else as the system. */
  static Theme choose(RoutingContext context) {
    Optional<Theme> asked =
        context.queryParam(PARAMETER).stream().findFirst().flatMap(Theme::known);
    if (asked.isPresent()) {
      Preference.remember(context, COOKIE, asked.get().key());
      return asked.get();
    }
    Cookie cookie = context.request().getCookie(COOKIE);
    return Optional.ofNullable(cookie).flatMap(kept -> known(kept.getValue())).orElse(AUTO);
  }

  private static Optional<Theme> known(String key) {
    return Arrays.stream(values()).filter(theme -> theme.key().equals(key)).findFirst();
  }
}
