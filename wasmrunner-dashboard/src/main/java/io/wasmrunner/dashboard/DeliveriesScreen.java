package io.wasmrunner.dashboard;

import io.vertx.ext.web.RoutingContext;
import io.wasmrunner.bus.DeliveriesPage;
import io.wasmrunner.eventbus.Bus;
import io.wasmrunner.model.DeliveryStatus;
import io.wasmrunner.model.QueueStatus;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The deliveries of a queue with their attempts and errors. */
final class DeliveriesScreen {
  private static final String ROOT = Paths.UI + "/queues/";

  private final Bus bus;
  private final LiveModel model;
  private final Pages pages;

  DeliveriesScreen(Bus bus, LiveModel model, Pages pages) {
    this.bus = bus;
    this.model = model;
    this.pages = pages;
  }

  void mount(Endpoints endpoints) {
    endpoints.get(ROOT + "*", this::show);
  }

  /** A delivery, ready to be shown. */
  record Delivery(
      String message,
      When published,
      String subscriber,
      String state,
      String css,
      @Nullable When next,
      String attempts,
      @Nullable String status,
      String error) {}

  private void show(RoutingContext context) {
    String name = QueuePath.name(context.normalizedPath().substring(ROOT.length()));
    QueueStatus queue = ManagementApi.knownQueue(model, name);
    Endpoints.whenDone(
        context,
        ManagementApi.deliveries(bus, model, context, name),
        page -> show(context, queue, page));
  }

  private void show(RoutingContext context, QueueStatus queue, DeliveriesPage page) {
    Pages.Visitor visitor = pages.visitor(context);
    String chosen = Parameters.text(context, "state").orElse("");
    Map<String, Object> values = new HashMap<>();
    values.put("queue", QueueView.of(queue, visitor.figures()));
    values.put("path", QueueView.href(queue.name()));
    values.put(
        "states",
        Arrays.stream(DeliveryStatus.State.values())
            .map(
                state ->
                    new LogsScreen.Option(
                        state.name().toLowerCase(Locale.ROOT),
                        visitor.messages().text("delivery." + state),
                        state.name().equalsIgnoreCase(chosen)))
            .toList());
    values.put(
        "deliveries",
        page.deliveries().stream().map(each -> delivery(each, visitor.figures())).toList());
    String title = visitor.messages().text("deliveries.title") + " " + VisibleText.of(queue.name());
    pages.send(context, visitor, "deliveries", title, values);
  }

  private static Delivery delivery(DeliveryStatus delivery, Figures figures) {
    Tone tone =
        switch (delivery.state()) {
          case PENDING -> delivery.attempts() > 0 ? Tone.WARN : Tone.CALM;
          case IN_FLIGHT -> Tone.CALM;
          case DELIVERED -> Tone.OK;
          case DEAD -> Tone.BAD;
        };
    return new Delivery(
        delivery.messageId(),
        figures.when(delivery.publishedAt()),
        delivery.service() + " " + delivery.path(),
        "delivery." + delivery.state(),
        tone.css(),
        delivery.nextAttemptAt().map(figures::due).orElse(null),
        figures.count(delivery.attempts()),
        delivery.lastStatus() > 0 ? Integer.toString(delivery.lastStatus()) : null,
        delivery.lastError());
  }
}
