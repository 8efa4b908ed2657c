package io.wasmrunner.runtime;

import io.wasmrunner.model.GuestSettings;
import io.wasmrunner.model.PluginChoice;
import io.wasmrunner.model.ServiceChange;
import io.wasmrunner.model.ServiceChange.Kind;
import io.wasmrunner.model.ServiceDefinition;
import io.wasmrunner.model.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What differs between a service as it runs and as its folder describes it. Names values only where
 * they cannot be secrets.
 *
 * @param change for people
 * @param newRunners whether it takes new runners to take it over
 */
record ServiceComparison(ServiceChange change, boolean newRunners) {
  private static final String ROLLING =
      "new runners replace the old ones, %d at a time; no request is lost";

  /** It does not run yet. */
  static ServiceComparison added(ServiceEntry entry) {
    return new ServiceComparison(
        new ServiceChange(
            entry.name(),
            Kind.ADDED,
            List.of(),
            entry.definition().map(each -> each.runners() + " runners are started").orElse("")),
        true);
  }

  /** Its folder is gone. */
  static ServiceComparison removed(String service) {
    return new ServiceComparison(
        new ServiceChange(
            service,
            Kind.REMOVED,
            List.of(),
            "it gets no more requests, and its runners are stopped when those under way are over"),
        false);
  }

  /** Its files are wrong. */
  static ServiceComparison invalid(ServiceEntry entry, boolean runs) {
    return new ServiceComparison(
        new ServiceChange(
            entry.name(),
            Kind.INVALID,
            entry.errors().stream().map(Violation::describe).toList(),
            runs ? "nothing changes: the version before goes on" : "nothing is started"),
        false);
  }

  /** Both are there, and the new one is valid. */
  static ServiceComparison of(
      ServiceEntry before, Optional<String> digestBefore, ServiceEntry now, String digestNow) {
    ServiceDefinition old = before.definition().orElseThrow();
    ServiceDefinition wanted = now.definition().orElseThrow();
    List<String> runners = new ArrayList<>();
    if (digestBefore.isPresent() && !digestBefore.get().equals(digestNow)) {
      runners.add(
          "module: %s -> %s".formatted(shortened(digestBefore.get()), shortened(digestNow)));
    }
    compare(runners, "module file", old.files().module(), wanted.files().module());
    compare(runners, "url", old.address(), wanted.address());
    compareGuests(runners, old.guest(), wanted.guest());
    PluginChoice oldProbe = old.lifecycle().health().probe();
    PluginChoice newProbe = wanted.lifecycle().health().probe();
    compare(runners, "health.probe", oldProbe.name(), newProbe.name());
    note(runners, "settings of health.probe", oldProbe.settings(), newProbe.settings());
    List<String> settings = new ArrayList<>();
    compare(settings, "prefix", old.prefix(), wanted.prefix());
    compare(settings, "runners", old.runners(), wanted.runners());
    compare(settings, "domain", old.domain(), wanted.domain());
    compare(settings, "type", old.type(), wanted.type());
    compare(settings, "required", old.required(), wanted.required());
    note(settings, "health", old.lifecycle().health(), wanted.lifecycle().health());
    note(settings, "restart", old.lifecycle().restart(), wanted.lifecycle().restart());
    note(settings, "deploy", old.lifecycle().deploy(), wanted.lifecycle().deploy());
    compare(settings, "depends_on", old.lifecycle().dependsOn(), wanted.lifecycle().dependsOn());
    note(
        settings,
        "load_balancing",
        old.traffic().loadBalancing(),
        wanted.traffic().loadBalancing());
    note(settings, "timeouts", old.traffic().timeouts(), wanted.traffic().timeouts());
    note(settings, "resilience", old.traffic().resilience(), wanted.traffic().resilience());
    note(settings, "policies", old.traffic().policies(), wanted.traffic().policies());
    note(settings, "schedules", old.schedules(), wanted.schedules());
    note(settings, "listeners", old.listeners(), wanted.listeners());
    note(settings, "openapi.json", before.openapi(), now.openapi());
    return of(wanted, runners, settings);
  }

  private static ServiceComparison of(
      ServiceDefinition wanted, List<String> runners, List<String> settings) {
    List<String> details = new ArrayList<>(runners);
    details.addAll(settings);
    Kind kind = details.isEmpty() ? Kind.UNCHANGED : Kind.CHANGED;
    String effect =
        details.isEmpty()
            ? ""
            : runners.isEmpty()
                ? "taken over at once, no runner is restarted"
                : ROLLING.formatted(wanted.lifecycle().deploy().maxParallel());
    return new ServiceComparison(
        new ServiceChange(wanted.name(), kind, details, effect), !runners.isEmpty());
  }

  private static void compareGuests(List<String> details, GuestSettings old, GuestSettings now) {
    compare(details, "launcher", old.launcher().name(), now.launcher().name());
    note(details, "launcher settings", old.launcher().settings(), now.launcher().settings());
    compare(details, "memory limit (MiB)", old.memoryLimitMb(), now.memoryLimitMb());
    note(details, "limits", old.limits(), now.limits());
    note(details, "env", old.env(), now.env());
    note(details, "secrets", old.secrets(), now.secrets());
    note(details, "capabilities", old.capabilities(), now.capabilities());
  }

  private static void compare(List<String> details, String what, Object old, Object now) {
    if (!Objects.equals(old, now)) {
      details.add("%s: %s -> %s".formatted(what, text(old), text(now)));
    }
  }

  /** For what may hold secrets, or is long. */
  private static void note(List<String> details, String what, Object old, Object now) {
    if (!Objects.equals(old, now)) {
      details.add(what + " differ");
    }
  }

  private static String text(Object value) {
    if (value instanceof Optional<?> optional) {
      return optional.map(String::valueOf).orElse("none");
    }
    if (value instanceof java.util.OptionalInt number) {
      return number.isPresent() ? String.valueOf(number.getAsInt()) : "default";
    }
    return String.valueOf(value);
  }

  private static String shortened(String digest) {
    int colon = digest.indexOf(':') + 1;
    return digest.substring(colon, Math.min(digest.length(), colon + 12));
  }
}
