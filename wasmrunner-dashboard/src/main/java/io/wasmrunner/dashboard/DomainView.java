package io.wasmrunner.dashboard;

import io.wasmrunner.model.ServiceType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Services of one domain by type.
 *
 * @param name domain in words; absent for services without one
 * @param count its services
 * @param types non-empty types in the order BFF, business, adapter, other
 */
record DomainView(@Nullable String name, int count, List<TypeView> types) {
  /** Services of one type. */
  record TypeView(String key, int count, List<ServiceView> services) {}

  /** A service with the group it belongs to. */
  record Grouped(Optional<String> domain, Optional<ServiceType> type, ServiceView service) {}

  /** Domains by name, services without one last. */
  static List<DomainView> group(List<Grouped> services) {
    Map<String, List<Grouped>> domains = new TreeMap<>();
    List<Grouped> without = new ArrayList<>();
    for (Grouped service : services) {
      service
          .domain()
          .filter(domain -> !domain.isBlank())
          .ifPresentOrElse(
              domain ->
                  domains.computeIfAbsent(inWords(domain), k -> new ArrayList<>()).add(service),
              () -> without.add(service));
    }
    List<DomainView> views = new ArrayList<>();
    domains.forEach((name, members) -> views.add(of(name, members)));
    if (!without.isEmpty()) {
      views.add(of(null, without));
    }
    return views;
  }

  /** {@code atencion_cliente}, {@code atencion-cliente} and {@code atencionCliente} in words. */
  static String inWords(String domain) {
    String spaced =
        domain.replaceAll("[_-]+", " ").replaceAll("(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})", " ").strip();
    return Pattern.compile(" +")
        .splitAsStream(spaced)
        .map(DomainView::capitalised)
        .collect(Collectors.joining(" "));
  }

  private static String capitalised(String word) {
    return word.isEmpty()
        ? word
        : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1);
  }

  private static DomainView of(@Nullable String name, List<Grouped> members) {
    Function<Grouped, Integer> order =
        member -> member.type().map(ServiceType::ordinal).orElse(ServiceType.values().length);
    Map<Integer, List<Grouped>> byType =
        members.stream().collect(Collectors.groupingBy(order, TreeMap::new, Collectors.toList()));
    return new DomainView(
        name,
        members.size(),
        byType.values().stream()
            .map(
                same ->
                    new TypeView(
                        "type." + same.get(0).type().map(ServiceType::key).orElse("other"),
                        same.size(),
                        same.stream().map(Grouped::service).toList()))
            .toList());
  }
}
