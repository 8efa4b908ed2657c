package io.wasmrunner.proxy.policy;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/**
 * What the policies do to one answer: whether it is withheld, held until it has been checked, and
 * changed on its way. Confined to its event loop.
 */
public final class AnswerPolicy {
  private final @Nullable ContractCheck check;
  private final @Nullable BodyCopy copy;
  private final @Nullable Denial denial;
  private final @Nullable BodyStage compressor;
  private final boolean held;
  private boolean tooLargeTold;

  private AnswerPolicy(
      @Nullable ContractCheck check,
      @Nullable BodyCopy copy,
      @Nullable Denial denial,
      @Nullable BodyStage compressor,
      boolean held) {
    this.check = check;
    this.copy = copy;
    this.denial = denial;
    this.compressor = compressor;
    this.held = held;
  }

  static AnswerPolicy of(
      RoutePolicies policies,
      PolicyRequest request,
      @Nullable ContractCheck contract,
      HeldBytes account,
      Admission admission,
      int status,
      MultiMap headers,
      boolean bodiless) {
    Denial denial = contract == null ? null : contract.answer(status, headers, bodiless);
    LiveContract live = policies.contract();
    BodyCopy copy = null;
    if (denial == null && contract != null && live != null && contract.wantsAnswer()) {
      long most = live.policy().maxBodyKb() * 1024L;
      String length = headers.get(HttpHeaders.CONTENT_LENGTH);
      if (length != null && (length.length() > 18 || Long.parseLong(length) > most)) {
        denial = contract.answerTooLarge();
      } else {
        copy = new BodyCopy(most, account);
      }
    }
    admission.addTo(headers);
    Compression compression = policies.compression();
    BodyStage compressor =
        compression == null || bodiless || denial != null
            ? null
            : compression.stage(request, status, headers);
    boolean held = copy != null && contract != null && contract.enforcesAnswer();
    return new AnswerPolicy(contract, copy, denial, compressor, held);
  }

  /** Why the answer is withheld; null when it is not, or not yet. */
  public @Nullable Denial denial() {
    return denial;
  }

  /** Why an answer is withheld that does not fit. */
  public static Denial withheld() {
    return ContractCheck.withheld();
  }

  /** Whether nothing of the body may pass before {@link #verdict()}. */
  public boolean isHeld() {
    return held;
  }

  /** Whether the body has another length than the service said. */
  public boolean changesLength() {
    return compressor != null;
  }

  /** Whether pieces have to be shown to {@link #piece} at all. */
  public boolean isIdle() {
    return copy == null && compressor == null;
  }

  /** Looks at a piece of a body that is not held, and says what becomes of it. */
  public Buffer piece(Buffer piece) {
    see(piece);
    return compressor == null ? piece : compressor.piece(piece);
  }

  /** Keeps a piece of a body that is held; null when it is to be kept, else the denial or none. */
  public Held hold(Buffer piece) {
    if (copy == null || copy.add(piece)) {
      return Held.KEPT;
    }
    return check != null && check.answerTooLarge() != null ? Held.DENIED : Held.RELEASED;
  }

  /** What became of a piece of a body that is held. */
  public enum Held {
    /** It is kept. */
    KEPT,
    /** It is too much, and the answer is refused. */
    DENIED,
    /** It is too much, and everything goes on unchecked. */
    RELEASED
  }

  /** The body that is held, as the client gets it. */
  public Buffer release() {
    Buffer octets = copy == null ? Buffer.buffer() : copy.octets();
    return compressor == null || octets.length() == 0 ? octets : compressor.piece(octets);
  }

  /** Whether the whole body that was held may pass. Never fails. */
  public Future<@Nullable Denial> verdict() {
    return check == null || copy == null
        ? Future.succeededFuture(null)
        : check.answerBody(copy.octets());
  }

  /** What follows after the last piece. */
  public Buffer end() {
    if (!held && copy != null && copy.isWhole() && check != null) {
      check.answerBody(copy.octets().copy()).onComplete(any -> {});
    }
    return compressor == null ? Buffer.buffer() : compressor.end();
  }

  /** The answer is over. */
  public void close() {
    if (copy != null) {
      copy.release();
    }
    if (compressor != null) {
      compressor.close();
    }
  }

  private void see(Buffer piece) {
    if (copy != null && !held && !copy.add(piece) && !tooLargeTold && check != null) {
      tooLargeTold = true;
      check.answerTooLarge();
    }
  }
}
