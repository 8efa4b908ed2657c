package io.wasmrunner.proxy.policy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the policies of its service: bounds, CORS, limit, login, contract,
 * in this order. Later it does what is due to the answer. Confined to its event loop.
 */
public final class Admission {
  private static final CharSequence IDENTITY = HttpHeaders.createOptimized("X-Wasmrunner-Identity");
  private static final CharSequence WAY = HttpHeaders.createOptimized("X-Wasmrunner-Auth");

  private final RoutePolicies policies;
  private final PolicyRequest request;
  private final Outcome outcome;
  private final HeldBytes account;
  private final MultiMap answerHeaders = MultiMap.caseInsensitiveMultiMap();
  private @Nullable Identity caller;
  private @Nullable ContractCheck contract;
  private @Nullable BodyCopy copy;
  private boolean over;

  /** Whoever waits for the result. Exactly one of the first three is called. */
  public interface Outcome {
    /** The request may go on, with this body. */
    void admitted(HttpServerRequest withBody);

    /** The request is refused; after {@link #admitted}, too, when its body turns out too large. */
    void denied(Denial denial);

    /** The request is answered with this status, and {@link #answerHeaders()}. */
    void answered(int status);

    /** It goes on only when more of the body comes. */
    void reading();

    /** A piece of the body has come. */
    void moved();
  }

  Admission(RoutePolicies policies, PolicyRequest request, Outcome outcome, HeldBytes account) {
    this.policies = policies;
    this.request = request;
    this.outcome = outcome;
    this.account = account;
  }

  /** Begins; the outcome may be told before this returns. */
  public void begin() {
    Cors cors = policies.cors();
    if (cors != null && !request.delivery()) {
      if (Cors.isPreflight(request)) {
        Denial no = cors.preflight(request, answerHeaders);
        if (no == null) {
          outcome.answered(204);
        } else {
          outcome.denied(no);
        }
        return;
      }
      cors.answer(request, answerHeaders);
    }
    if (isDenied(RequestSize.check(policies.bounds(), request))) {
      return;
    }
    RateLimiter limiter = policies.limiter();
    // Before the login: whoever tries passwords is held up, too.
    if (limiter != null
        && !limiter.needsIdentity()
        && !request.delivery()
        && isDenied(limiter.check(request, null, answerHeaders))) {
      return;
    }
    login();
  }

  /** Nothing more comes of the request: lets go of what is held. Idempotent. */
  public void abandon() {
    over = true;
    if (copy != null) {
      copy.release();
      copy = null;
    }
  }

  /** Header fields that belong to whatever answers the request. */
  public MultiMap answerHeaders() {
    return answerHeaders;
  }

  /** Who calls, if that was asked. */
  public @Nullable String callerName() {
    return caller == null ? null : caller.way() + " " + caller.headerValue();
  }

  /** Changes the header that the service gets. */
  public void admit(MultiMap headers) {
    Authenticator authenticator = policies.authenticator();
    if (authenticator != null && !request.delivery()) {
      authenticator.removeCredentials(headers);
    }
    if (caller != null) {
      headers.set(IDENTITY, caller.headerValue());
      headers.set(WAY, caller.way());
    }
  }

  /** The query that the service gets. */
  public @Nullable String query() {
    Authenticator authenticator = policies.authenticator();
    return authenticator == null || request.delivery()
        ? request.query()
        : authenticator.withoutCredentials(request.query());
  }

  /** What is due to an answer; its header may be changed by this. */
  public AnswerPolicy answer(int status, MultiMap headers, boolean bodiless) {
    return AnswerPolicy.of(policies, request, contract, account, this, status, headers, bodiless);
  }

  void addTo(MultiMap headers) {
    if (policies.cors() != null && !request.delivery()) {
      Cors.removeFrom(headers);
    }
    answerHeaders.forEach((name, value) -> headers.add(name, value));
  }

  /* ---- login ---- */

  private void login() {
    Authenticator authenticator = policies.authenticator();
    if (authenticator == null || request.delivery() || authenticator.isPublic(request.path())) {
      identified();
      return;
    }
    then(
        authenticator.check(request),
        (result, failure) -> {
          Denial no = result == null ? null : result.denial();
          if (!isDenied(no)) {
            caller = result == null ? null : result.identity();
            identified();
          }
        });
  }

  private void identified() {
    RateLimiter limiter = policies.limiter();
    if (limiter != null
        && limiter.needsIdentity()
        && !request.delivery()
        && isDenied(limiter.check(request, caller, answerHeaders))) {
      return;
    }
    LiveContract live = policies.contract();
    if (live == null) {
      admit();
    } else if (live.ready() != null || live.compiled().isComplete() || !isEnforced(live)) {
      contract(live, live.ready());
    } else {
      then(live.compiled(), (compiled, failure) -> contract(live, compiled));
    }
  }

  private boolean isEnforced(LiveContract live) {
    return !request.delivery() && live.isEnforced();
  }

  /* ---- contract ---- */

  private void contract(LiveContract live, @Nullable Contract compiled) {
    if (compiled == null) {
      // Not there yet, or of no use: it has been told.
      boolean unsafe = live.compiled().failed() && isEnforced(live);
      if (!isDenied(unsafe ? unusable() : null)) {
        admit();
      }
      return;
    }
    ContractCheck check = new ContractCheck(live, compiled, request);
    contract = check;
    if (isDenied(check.head())) {
      return;
    }
    if (!check.wantsBody()) {
      admit();
      return;
    }
    long most = live.policy().maxBodyKb() * 1024L;
    String length = request.header(HttpHeaders.CONTENT_LENGTH);
    if (length != null && (length.length() > 18 || Long.parseLong(length) > most)) {
      if (!isDenied(check.tooLarge())) {
        admit();
      }
      return;
    }
    BodyCopy whole = new BodyCopy(most, account);
    copy = whole;
    if (check.enforcesBody()) {
      read(check, whole);
    } else {
      watch(check, whole);
    }
  }

  private static Denial unusable() {
    return Denial.of(
        Denial.Reason.CONTRACT_UNUSABLE,
        "The contract of the service is enforced, but cannot be used.",
        "Whoever runs the service finds the reason on the dashboard, and in the log at "
            + LiveContract.UNUSABLE
            + ".");
  }

  /** Holds the body back until it has been checked. */
  private void read(ContractCheck check, BodyCopy whole) {
    HttpServerRequest from = request.request();
    long most = policies.bounds().bodyBytes();
    long[] count = {0};
    outcome.reading();
    from.handler(
        piece -> {
          if (over) {
            return;
          }
          outcome.moved();
          count[0] += piece.length();
          if (most > 0 && count[0] > most) {
            deny(RequestSize.body(policies.bounds()));
          } else if (!whole.keep(piece)) {
            from.pause();
            if (!isDenied(whole.isCrowdedOut() ? check.crowdedOut() : check.tooLarge())) {
              Buffer first = whole.octets().copy().appendBuffer(piece);
              pass(new HeldRequest(from, first, false, whole::release));
            }
          }
        });
    from.endHandler(
        end -> {
          if (!over) {
            then(
                check.body(whole.octets()),
                (no, failure) -> {
                  if (!isDenied(no)) {
                    pass(new HeldRequest(from, whole.octets(), true, whole::release));
                  }
                });
          }
        });
    if (request.awaitsLeave()) {
      from.response().writeContinue();
    }
    from.resume();
  }

  /** Checks the body after it has passed. */
  private void watch(ContractCheck check, BodyCopy whole) {
    pass(
        new BoundedRequest(
            request.request(),
            0,
            () -> {},
            piece -> {
              if (whole.isWhole() && !whole.add(piece)) {
                check.tooLarge();
              }
            },
            () -> {
              if (whole.isWhole() && copy == whole) {
                copy = null;
                check.body(whole.octets().copy()).onComplete(any -> {});
              }
              whole.release();
            }));
  }

  private void admit() {
    pass(request.request());
  }

  private void pass(HttpServerRequest with) {
    long most = policies.bounds().bodyBytes();
    boolean known = request.header(HttpHeaders.CONTENT_LENGTH) != null;
    HttpServerRequest counted =
        most == 0 || known || !request.hasBody()
            ? with
            : new BoundedRequest(
                with, most, () -> deny(RequestSize.body(policies.bounds())), piece -> {}, () -> {});
    outcome.admitted(counted);
  }

  /* ---- ends ---- */

  private boolean isDenied(@Nullable Denial denial) {
    if (denial == null) {
      return false;
    }
    deny(denial);
    return true;
  }

  private void deny(Denial denial) {
    abandon();
    outcome.denied(denial);
  }

  /** Goes on with the result on the event loop of the request, unless it is over by then. */
  private <T> void then(Future<T> future, BiConsumer<@Nullable T, @Nullable Throwable> next) {
    if (future.isComplete()) {
      next.accept(future.result(), future.cause());
      return;
    }
    Context loop = Vertx.currentContext();
    future.onComplete(
        done -> {
          Consumer<Object> go =
              any -> {
                if (!over) {
                  next.accept(done.result(), done.cause());
                }
              };
          if (loop == null || loop == Vertx.currentContext()) {
            go.accept(this);
          } else {
            loop.runOnContext(go::accept);
          }
        });
  }
}
