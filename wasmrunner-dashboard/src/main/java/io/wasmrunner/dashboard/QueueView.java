package io.wasmrunner.dashboard;

import io.wasmrunner.model.QueueStatus;
import java.util.List;

/** A queue, ready to be shown. */
record QueueView(
    String name,
    String href,
    List<String> subscribers,
    String published,
    String pending,
    String inFlight,
    String delivered,
    String dead,
    boolean hasDead) {

  static QueueView of(QueueStatus queue, Figures figures) {
    return new QueueView(
        queue.name(),
        href(queue.name()),
        queue.subscribers(),
        figures.count(queue.published()),
        figures.count(queue.pending()),
        figures.count(queue.inFlight()),
        figures.count(queue.delivered()),
        figures.count(queue.dead()),
        queue.dead() > 0);
  }

  /** Page with the deliveries of a queue. */
  static String href(String name) {
    return Paths.UI + "/queues/" + Paths.encode(name);
  }
}
