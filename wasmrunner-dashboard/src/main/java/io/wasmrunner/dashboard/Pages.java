package io.wasmrunner.dashboard;

import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** What all pages share: language, theme, header, footer, and how they are answered. */
final class Pages {
  private final Templates templates;
  private final Languages languages;
  private final Assets assets;
  private final String version;
  private final Clock clock;

  Pages(Templates templates, Languages languages, Assets assets, String version, Clock clock) {
    this.templates = templates;
    this.languages = languages;
    this.assets = assets;
    this.version = version;
    this.clock = clock;
  }

  /** A choice in the header or in a form. */
  record Choice(String key, String href, String label, boolean current) {}

  /** The visitor's words and figures. */
  record Visitor(Messages messages, Figures figures) {}

  /** Who looks at this page; remembers what the query chose. */
  Visitor visitor(RoutingContext context) {
    Messages messages = languages.choose(context);
    return new Visitor(messages, new Figures(messages, clock));
  }

  /** Answers with a page made of values of its own and those that all share. */
  void send(
      RoutingContext context,
      Visitor visitor,
      String template,
      String title,
      Map<String, Object> values) {
    Messages messages = visitor.messages();
    Theme theme = Theme.choose(context);
    Map<String, Object> all = new HashMap<>(values);
    all.put(Templates.MESSAGES, messages);
    all.put("lang", messages.language());
    all.put("theme", theme.key());
    all.put("title", title);
    all.put("version", version);
    all.put("css", assets.path("app.css"));
    all.put("js", assets.path("app.js"));
    all.put("icon", assets.path("icon.svg"));
    all.put("now", visitor.figures().when(clock.instant()));
    all.put(
        "themes",
        choices(
            Arrays.asList(Theme.values()),
            Theme.PARAMETER,
            Theme::key,
            key -> messages.text("theme." + key),
            theme.key()));
    all.put(
        "languages",
        choices(
            languages.all(),
            Languages.PARAMETER,
            Messages::language,
            key -> messages.text("language." + key),
            messages.language()));
    // A page with a thousand log lines or a hundred services takes too long for an event loop.
    context
        .vertx()
        .executeBlocking(() -> templates.render(template, all), false)
        .compose(page -> page)
        .onSuccess(
            page ->
                context
                    .response()
                    .putHeader("Content-Type", "text/html; charset=utf-8")
                    .putHeader("Content-Language", messages.language())
                    .putHeader("Cache-Control", "no-store")
                    .putHeader("Vary", "Accept-Language, Cookie")
                    .end(page))
        .onFailure(context::fail);
  }

  private static <T> List<Choice> choices(
      List<T> values,
      String parameter,
      Function<T, String> key,
      Function<String, String> label,
      String current) {
    return values.stream()
        .map(key)
        .map(k -> new Choice(k, "?" + parameter + "=" + k, label.apply(k), k.equals(current)))
        .toList();
  }
}
