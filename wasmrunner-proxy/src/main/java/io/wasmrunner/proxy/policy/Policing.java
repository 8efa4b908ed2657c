package io.wasmrunner.proxy.policy;

import io.vertx.core.Vertx;
import io.wasmrunner.model.AuthPolicy;
import io.wasmrunner.model.ContractPolicy;
import io.wasmrunner.model.ContractReport;
import io.wasmrunner.model.Policies;
import io.wasmrunner.model.RateLimit;
import java.time.Clock;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What the policies of all services share. Thread-safe. */
public final class Policing implements AutoCloseable {
  private final Workers workers;
  private final KeySetPlaces keySets;
  private final Clock clock;
  private final LongSupplier ticker;
  private final UnaryOperator<String> endpoints;
  private final BiConsumer<String, String> unusable;
  private final HeldBytes held;

  /**
   * Makes one.
   *
   * @param clock the time, for tokens and reports
   * @param ticker nanoseconds, for limits and caches
   * @param endpoints generalises paths, so that reports stay short
   * @param unusable hears of services whose contract cannot be used, and why
   * @param heldBytes of bodies that are held while they are checked, of all requests together
   */
  public Policing(
      Vertx vertx,
      Clock clock,
      LongSupplier ticker,
      UnaryOperator<String> endpoints,
      BiConsumer<String, String> unusable,
      long heldBytes) {
    this.workers = new Workers(vertx);
    this.keySets = new KeySetPlaces(vertx, workers);
    this.clock = clock;
    this.ticker = ticker;
    this.endpoints = endpoints;
    this.unusable = unusable;
    this.held = new HeldBytes(heldBytes);
  }

  /**
   * The policies of a service. What stays the same keeps what it has counted and remembered.
   *
   * @param before those it had until now
   */
  public RoutePolicies of(String service, Policies policies, RoutePolicies before) {
    if (policies.equals(Policies.DEFAULT)) {
      return RoutePolicies.NONE;
    }
    if (policies.equals(before.definition())) {
      return before;
    }
    Policies old = before.definition();
    return new RoutePolicies(
        policies,
        policies.rateLimit().equals(old.rateLimit()) ? before.limiter() : limiter(policies),
        policies.auth().equals(old.auth())
            ? before.authenticator()
            : policies.auth().map(auth -> authenticator(service, auth)).orElse(null),
        policies.cors().map(Cors::new).orElse(null),
        policies.contract().equals(old.contract())
            ? before.contract()
            : policies.contract().map(contract -> contract(service, contract)).orElse(null),
        policies.compression().map(Compression::new).orElse(null));
  }

  /** Where traffic and contract of a service differ; empty when no contract is looked at. */
  public Optional<ContractReport> report(RoutePolicies policies) {
    return Optional.ofNullable(policies.contract()).map(LiveContract::report);
  }

  /** Starts to ask whether a request gets through. */
  public Admission admission(
      RoutePolicies policies, PolicyRequest request, Admission.Outcome outcome) {
    return new Admission(policies, request, outcome, held);
  }

  @Override
  public void close() {
    workers.close();
  }

  private @Nullable RateLimiter limiter(Policies policies) {
    if (policies.rateLimit().isEmpty()) {
      return null;
    }
    RateLimit limit = policies.rateLimit().get();
    return new RateLimiter(limit, new TokenBuckets(limit, ticker));
  }

  private Authenticator authenticator(String service, AuthPolicy auth) {
    return new Authenticator(
        auth,
        auth.apiKey().map(ApiKeys::new).orElse(null),
        auth.basic().map(login -> new BasicLogin(login, workers, ticker)).orElse(null),
        auth.jwt()
            .map(
                login ->
                    new TokenLogin(login, new IssuerKeys(login, keySets, ticker), workers, clock))
            .orElse(null),
        service);
  }

  private LiveContract contract(String service, ContractPolicy policy) {
    return new LiveContract(service, policy, new Drift(clock), workers, endpoints, unusable);
  }
}
