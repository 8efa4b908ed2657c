package io.wasmrunner.dashboard;

import io.vertx.core.http.Cookie;
import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The languages of the pages, and which one a visitor gets. */
final class Languages {
  static final String PARAMETER = "lang";
  private static final int HEADER_READ = 1_000;
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
    String header = context.request().getHeader("Accept-Language");
    return header == null || header.length() > HEADER_READ
        ? Optional.empty()
        : Pattern.compile(",")
            .splitAsStream(header)
            .map(Wish::of)
            .filter(wish -> wish.quality() > 0)
            .sorted(Comparator.comparingDouble(Wish::quality).reversed())
            .flatMap(wish -> known(wish.language()).stream())
            .findFirst();
  }

  /** One entry of Accept-Language; what cannot be read counts nothing. */
  private record Wish(String language, double quality) {
    private static final Pattern SYNTAX =
        Pattern.compile(
            "\\s*([a-z]{1,8})(?:-[a-z0-9-]*)?\\s*(?:;\\s*q=([01](?:\\.[0-9]{0,3})?)\\s*)?",
            Pattern.CASE_INSENSITIVE);

    static Wish of(String entry) {
      Matcher matcher = SYNTAX.matcher(entry);
      if (!matcher.matches()) {
        return new Wish("", 0);
      }
      String quality = matcher.group(2);
      return new Wish(
          matcher.group(1).toLowerCase(Locale.ROOT),
          quality == null ? 1 : Double.parseDouble(quality));
    }
  }

  private Optional<Messages> known(String language) {
    return all().stream().filter(messages -> messages.language().equals(language)).findFirst();
  }
}
