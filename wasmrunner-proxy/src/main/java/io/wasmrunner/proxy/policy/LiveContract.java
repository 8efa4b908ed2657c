package io.wasmrunner.proxy.policy;

import io.vertx.core.Future;
import io.wasmrunner.model.ContractPolicy;
import io.wasmrunner.model.ContractPolicy.Mode;
import io.wasmrunner.model.ContractReport;
import io.wasmrunner.model.ContractReport.Kind;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A contract in force, compiled beside the event loops, with what was found by it. Thread-safe. */
final class LiveContract {
  static final String UNUSABLE = "WR-3520";

  private static final Logger LOG = LoggerFactory.getLogger(LiveContract.class);

  private final ContractPolicy policy;
  private final Drift drift;
  private final Workers workers;
  private final UnaryOperator<String> endpoints;
  private final Future<Contract> compiled;

  /**
   * Starts to compile.
   *
   * @param endpoints generalises paths that the contract does not have
   * @param unusable hears of it when the contract cannot be used
   */
  LiveContract(
      String service,
      ContractPolicy policy,
      Drift drift,
      Workers workers,
      UnaryOperator<String> endpoints,
      BiConsumer<String, String> unusable) {
    this.policy = policy;
    this.drift = drift;
    this.workers = workers;
    this.endpoints = endpoints;
    this.compiled = workers.runInAnyCase(() -> compile(policy, drift));
    this.compiled.onFailure(
        cause -> {
          String whole = String.valueOf(cause.getMessage());
          String why = whole.substring(0, Math.min(300, whole.length()));
          drift.unusable(why);
          String message =
              "%s: openapi.json of %s cannot be used, so %s: %s"
                  .formatted(
                      UNUSABLE,
                      service,
                      isEnforced()
                          ? "requests are refused, for it is enforced"
                          : "nothing is checked by it",
                      why);
          LOG.warn("{}. Fix: correct it.", message);
          unusable.accept(service, message);
        });
  }

  ContractPolicy policy() {
    return policy;
  }

  Drift drift() {
    return drift;
  }

  Workers workers() {
    return workers;
  }

  /** Whether something that does not fit is refused or withheld. */
  boolean isEnforced() {
    return policy.requests() == Mode.ENFORCE || policy.responses() == Mode.ENFORCE;
  }

  /** The contract as soon as it is there; fails when it cannot be used. */
  Future<Contract> compiled() {
    return compiled;
  }

  /** The contract; null while it is compiled, and when it cannot be used. */
  @Nullable Contract ready() {
    return compiled.succeeded() ? compiled.result() : null;
  }

  /** What was found so far. */
  ContractReport report() {
    return drift.report(compiled.isComplete());
  }

  /** A name for a path that the contract does not have. */
  String endpoint(String path) {
    String name = endpoints.apply(path);
    return name.startsWith("/") ? name : "/" + name;
  }

  private static Contract compile(ContractPolicy policy, Drift drift) {
    try {
      return ContractCompiler.compile(
          policy.document().json(),
          policy.bodies(),
          (method, path, what) -> drift.note(Kind.UNCHECKED, method, path, 0, "", what));
    } catch (StackOverflowError e) {
      throw new IllegalArgumentException("it is nested too deeply", e);
    }
  }
}
