package io.wasmrunner.dashboard;

import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads path and query parameters strictly. */
final class Parameters {
  private Parameters() {}

  /** First value of a query parameter; empty when it is missing or blank. */
  static Optional<String> text(RoutingContext context, String name) {
    List<String> values = context.queryParam(name);
    return values.isEmpty() || values.get(0).isBlank()
        ? Optional.empty()
        : Optional.of(values.get(0).strip());
  }

  /** A whole number within bounds. */
  static Optional<Integer> number(RoutingContext context, String name, int from, int to) {
    return number(context, name, (long) from, to).map(Math::toIntExact);
  }

  /** A whole number within wide bounds. */
  static Optional<Long> number(RoutingContext context, String name, long from, long to) {
    return text(context, name)
        .map(
            value -> {
              if (value.matches("\\d{1,18}")) {
                long number = Long.parseLong(value);
                if (number >= from && number <= to) {
                  return number;
                }
              }
              throw Problem.invalidParameter(
                  name, "a whole number from " + from + " to " + to, value);
            });
  }

  /** {@code true} or {@code false}; false when it is missing. */
  static boolean flag(RoutingContext context, String name) {
    String value = text(context, name).orElse("false");
    if (!value.equals("true") && !value.equals("false")) {
      throw Problem.invalidParameter(name, "true or false", value);
    }
    return value.equals("true");
  }

  /** A constant of an enumeration, in any case. */
  static <E extends Enum<E>> Optional<E> constant(
      RoutingContext context, String name, Class<E> type) {
    return text(context, name)
        .map(
            value ->
                Arrays.stream(type.getEnumConstants())
                    .filter(constant -> constant.name().equalsIgnoreCase(value))
                    .findFirst()
                    .orElseThrow(
                        () -> Problem.invalidParameter(name, "one of " + names(type), value)));
  }

  /** A schedule index in the path. */
  static int index(String segment) {
    if (!segment.matches("\\d{1,9}")) {
      throw Problem.invalidIndex(segment);
    }
    return Integer.parseInt(segment);
  }

  private static <E extends Enum<E>> String names(Class<E> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(", "));
  }
}
