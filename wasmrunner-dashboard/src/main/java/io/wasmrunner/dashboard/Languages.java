package io.wasmrunner.dashboard;

import io.vertx.core.http.Cookie;
import io.vertx.ext.web.LanguageHeader;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The languages of the pages, and which one a visitor gets. */
final class Languages {
  static final String PARAMETER = "lang";
  private static final String COOKIE = "wasmrunner_lang";

  private final Messages english = Messages.load(Locale.ENGLISH);
  private final Messages spanish = Messages.load(Locale.forLanguageTag("es"));

  Messages english() {
    return english;
  }

  Messages spanish() {
    return spanish;
  }

  /** All languages. */
  List<Messages> all() {
    return List.of(english, spanish);
  }

  /** By query parameter, which is remembered; else by cookie; else by Accept-Language. */
  Messages choose(RoutingContext context) {
    Optional<Messages> asked =
        context.queryParam(PARAMETER).stream().findFirst().flatMap(this::known);
    if (asked.isPresent()) {
      Preference.remember(context, COOKIE, asked.get().language());
      return asked.get();
    }
    Cookie cookie = context.request().getCookie(COOKIE);
    return Optional.ofNullable(cookie)
        .flatMap(kept -> known(kept.getValue()))
        .or(() -> accepted(context))
        .orElse(english);
  }

  private Optional<Messages> accepted(RoutingContext context) {
    return context.acceptableLanguages().stream()
        .map(LanguageHeader::tag)
        .flatMap(tag -> known(tag.toLowerCase(Locale.ROOT)).stream())
        .findFirst();
  }

  private Optional<Messages> known(String language) {
    return all().stream().filter(messages -> messages.language().equals(language)).findFirst();
  }
}
