package io.wasmrunner.launcher;

import io.wasmrunner.model.WasmrunnerException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.Predicate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The log of a service as it grows. When wasmrunner goes away it is asked again, with growing
 * pauses, and the log goes on after the last line that was handed on. Blocks.
 */
final class LogTail {
  private static final Duration SHORTEST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** As many as the management API gives at once. */
  private static final int MOST_LINES = 1_000;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ManagementClient client;
  private final PrintWriter remarks;
  private final Predicate<JsonNode> taker;
  private Duration pause = SHORTEST_PAUSE;
  private long last;
  private boolean away;
  private boolean lively;

  /**
   * A tail that has read nothing.
   *
   * @param client whom it asks
   * @param remarks where it says that wasmrunner goes and comes
   * @param taker takes a line; says whether it wants more
   */
  LogTail(ManagementClient client, PrintWriter remarks, Predicate<JsonNode> taker) {
    this.client = client;
    this.remarks = remarks;
    this.taker = taker;
  }

  /**
   * Hands on lines until the taker wants no more, or the thread is interrupted.
   *
   * @param path of the log
   * @param tail most lines of before
   * @param filters more of the query
   * @throws WasmrunnerException when nobody answers at first, or the answer is a refusal that
   *     waiting does not change, such as that there is no such service
   */
  void follow(String path, int tail, String filters) {
    while (true) {
      String from = last == 0 ? "?tail=" + tail : "?tail=" + MOST_LINES + "&after=" + last;
      lively = false;
      try {
        if (!client.lines(path + from + filters + "&follow=true", this::take)) {
          return;
        }
      } catch (WasmrunnerException failure) {
        if (!away || !ManagementClient.mayPass(failure)) {
          throw failure;
        }
      }
      if (!away) {
        away = true;
        remarks.println(
            "wasmrunner at " + client.base() + " is gone; asking again until it is back");
        remarks.flush();
      }
      if (!rest()) {
        return;
      }
    }
  }

  private boolean take(String line) {
    if (away) {
      away = false;
      remarks.println("wasmrunner at " + client.base() + " is back");
      remarks.flush();
    }
    if (lively) { // the first may be all it says
      pause = SHORTEST_PAUSE;
    }
    lively = true;
    if (line.isEmpty()) {
      return taker.test(JSON.nullNode());
    }
    JsonNode parsed = parsed(line);
    last = Math.max(last, parsed.path("sequence").asLong(0));
    return taker.test(parsed);
  }

  private boolean rest() {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
    Duration doubled = pause.multipliedBy(2);
    pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    return true;
  }

  private static JsonNode parsed(String line) {
    try {
      return JSON.readTree(line);
    } catch (JacksonException e) {
      throw new WasmrunnerException(
          ManagementClient.NOT_THERE,
          "the log holds a line that is no JSON",
          "Ask a wasmrunner of the same version.",
          e);
    }
  }
}
