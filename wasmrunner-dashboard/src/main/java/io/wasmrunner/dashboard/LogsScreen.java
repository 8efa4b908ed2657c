package io.wasmrunner.dashboard;

import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.LogsPage;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.LogLine;
import io.wasmrunner.model.ServiceStatus;
import java.time.Clock;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The log of a service with its filters. */
final class LogsScreen {
  private final Bus bus;
  private final LiveModel model;
  private final Pages pages;
  private final DateTimeFormatter time;

  LogsScreen(Bus bus, LiveModel model, Pages pages, Clock clock) {
    this.bus = bus;
    this.model = model;
    this.pages = pages;
    this.time = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT).withZone(clock.getZone());
  }

  void mount(Endpoints endpoints) {
    endpoints.get(Paths.UI + "/services/:name/logs", this::show);
  }

  /** A line, ready to be shown. */
  record Line(
      long sequence,
      String iso,
      String full,
      String clock,
      String runner,
      String level,
      String css,
      String text) {}

  /** An entry of a selection. */
  record Option(String value, String label, boolean selected) {}

  private void show(RoutingContext context) {
    ServiceStatus service = ManagementApi.known(model, context.pathParam("name"));
    Endpoints.whenDone(
        context, ManagementApi.logs(bus, model, context), page -> show(context, service, page));
  }

  private void show(RoutingContext context, ServiceStatus service, LogsPage page) {
    Pages.Visitor visitor = pages.visitor(context);
    Map<String, Object> values = new HashMap<>();
    values.put("service", service.name());
    values.put("path", context.request().path());
    values.put("raw", Paths.ROOT + "/services/" + Paths.encode(service.name()) + "/logs");
    values.put("runners", runners(service, chosen(context, "runner")));
    values.put("levels", levels(visitor.messages(), chosen(context, "level")));
    values.put("tails", tails(chosen(context, "tail")));
    values.put("text", chosen(context, "q"));
    values.put("zone", time.getZone().getId());
    values.put("source", api(service) + "?" + follow(context, page));
    values.put("download", api(service) + "/download");
    values.put("lines", page.lines().stream().map(line -> line(line, visitor.figures())).toList());
    String title = visitor.messages().text("logs.title") + " " + VisibleText.of(service.name());
    pages.send(context, visitor, "logs", title, values);
  }

  /** A line as pages show it. */
  Line line(LogLine line, Figures figures) {
    When when = figures.when(line.at());
    return new Line(
        line.sequence(),
        when.iso(),
        when.full(),
        time.format(line.at()),
        "r" + line.runner(),
        line.level().name(),
        switch (line.level()) {
          case ERROR -> Tone.BAD.css();
          case WARN -> Tone.WARN.css();
          case INFO, DEBUG, TRACE -> Tone.CALM.css();
        },
        line.text());
  }

  private static String api(ServiceStatus service) {
    return Paths.API + "/services/" + Paths.encode(service.name()) + "/logs";
  }

  /** The query that goes on where the page ends. */
  private static String follow(RoutingContext context, LogsPage page) {
    StringBuilder query = new StringBuilder("follow=true&after=").append(page.last());
    for (String filter : List.of("runner", "level", "q")) {
      Parameters.text(context, filter)
          .ifPresent(
              text -> query.append('&').append(filter).append('=').append(Paths.encode(text)));
    }
    return query.toString();
  }

  private static List<Option> runners(ServiceStatus service, String chosen) {
    List<Option> options = new ArrayList<>();
    for (int index = 0; index < service.runners().size(); index++) {
      String value = Integer.toString(index);
      options.add(new Option(value, value, value.equals(chosen)));
    }
    return options;
  }

  private static List<Option> levels(Messages messages, String chosen) {
    return Stream.of(
            LogLine.Level.ERROR, LogLine.Level.WARN, LogLine.Level.INFO, LogLine.Level.DEBUG)
        .map(
            level ->
                new Option(
                    level.name().toLowerCase(Locale.ROOT),
                    level == LogLine.Level.ERROR
                        ? level.name()
                        : messages.text("logs.andWorse", level.name()),
                    level.name().equalsIgnoreCase(chosen)))
        .toList();
  }

  private static List<Option> tails(String chosen) {
    String selected = chosen.isEmpty() ? "200" : chosen;
    return Stream.of("50", "200", "1000")
        .map(value -> new Option(value, value, value.equals(selected)))
        .toList();
  }

  private static String chosen(RoutingContext context, String parameter) {
    return Parameters.text(context, parameter).orElse("");
  }
}
