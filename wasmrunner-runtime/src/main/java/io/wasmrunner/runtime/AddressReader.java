package io.wasmrunner.runtime;

import io.wasmrunner.model.RunnerAddress;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Reads the key {@code url} together with {@code runners}. */
final class AddressReader {
  static final String BAD_URL = "WR-2023";
  static final String TOO_MANY_PORTS = "WR-2024";
  static final String FOREIGN_HOST = "WR-2034";

  private static final String POINTER = "/url";

  private AddressReader() {}

  /** Where runner 0 is reached: the port of the URL on this machine. */
  static Optional<RunnerAddress> read(ServiceJson json, RuntimeOptions options) {
    JsonNode node = json.at(POINTER);
    if (!node.isString()) {
      return Optional.empty();
    }
    ServiceUrl url;
    try {
      url = ServiceUrl.parse(node.stringValue());
    } catch (IllegalArgumentException e) {
      json.error(
          BAD_URL,
          POINTER,
          String.valueOf(e.getMessage()),
          ViolationText.quote(node.stringValue()),
          "write for example \"http://127.0.0.1:15001\"");
      return Optional.empty();
    }
    String host = options.connectHost();
    if (!url.local() && !url.host().equalsIgnoreCase(host)) {
      json.warning(
          FOREIGN_HOST,
          POINTER,
          "this machine, 127.0.0.1 or localhost",
          ViolationText.quote(url.host()),
          "write 127.0.0.1; runners listen on " + options.bindHost() + " whatever stands here");
    }
    JsonNode runners = json.at("/runners");
    long last = url.port() + (runners.isIntegralNumber() ? runners.asLong() : 1) - 1;
    if (last > 65_535) {
      json.error(
          TOO_MANY_PORTS,
          POINTER,
          "ports up to 65535 for all runners",
          "port " + url.port() + " and " + runners.asLong() + " runners",
          "choose a lower port or fewer runners");
      return Optional.empty();
    }
    return Optional.of(new RunnerAddress(host, url.port()));
  }
}
