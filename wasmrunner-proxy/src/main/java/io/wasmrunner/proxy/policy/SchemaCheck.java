package io.wasmrunner.proxy.policy;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.ValidationLimitExceededException;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A schema of the contract, ready to check values. Thread-safe. */
final class SchemaCheck {
  /**
   * So many steps may be made on an event loop: some milliseconds, for a step takes up to 10 µs.
   */
  static final long FEW_STEPS = 5_000;

  /** So many at all. A value that needs more is refused: somebody made it to keep us busy. */
  static final long MANY_STEPS = 200_000;

  private static final int DEEPEST = 512;
  private static final int MOST_VIOLATIONS = 20;
  private static final int LONGEST_GOT = 80;

  private static final ExecutionConfig FEW = execution(FEW_STEPS);
  private static final ExecutionConfig MANY = execution(MANY_STEPS);

  private final Schema schema;
  private final @Nullable QuickSchema quick;

  /**
   * Makes one.
   *
   * @param schema judges values
   * @param quick accepts most that fit before they are judged
   */
  SchemaCheck(Schema schema, Optional<QuickSchema> quick) {
    this.schema = schema;
    this.quick = quick.orElse(null);
  }

  private static ExecutionConfig execution(long steps) {
    return ExecutionConfig.builder()
        .locale(Locale.ENGLISH)
        .formatAssertionsEnabled(true)
        .maxEvaluationSteps(steps)
        .maxEvaluationDepth(DEEPEST)
        .build();
  }

  /** It takes more steps than allowed. */
  static final class TooLongException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooLongException() {
      super("too many steps", null, false, false);
    }
  }

  /**
   * Whether a JSON text surely is one value that fits, found without reading it into a tree. When
   * not, that says nothing: it is to be read, and {@link #check checked}.
   */
  boolean surelyFits(Buffer json) {
    return quick != null && JsonText.surelyFits(json, quick, MANY_STEPS);
  }

  /**
   * What is wrong with a value; nothing when it is fine, or when the schema cannot be used.
   *
   * @param steps {@link #FEW_STEPS} or {@link #MANY_STEPS}
   * @throws TooLongException when few steps are not enough
   */
  List<Violation> check(JsonNode value, String in, String name, long steps) {
    return quick != null && quick.acceptsScalar(value) ? List.of() : judge(value, in, name, steps);
  }

  /** The same by the validator alone. */
  List<Violation> judge(JsonNode value, String in, String name, long steps) {
    List<Error> errors;
    try {
      ExecutionConfig execution = steps == FEW_STEPS ? FEW : MANY;
      errors = schema.validate(value, context -> context.setExecutionConfig(execution));
    } catch (ValidationLimitExceededException e) {
      if (e.getLimitKind() == ValidationLimitExceededException.LimitKind.EVALUATION_STEPS
          && steps < MANY_STEPS) {
        throw new TooLongException();
      }
      return List.of(
          new Violation(in, name, "effort", "something that can be checked", "too much of it"));
    } catch (SchemaException unusable) {
      return List.of();
    } catch (RuntimeException | StackOverflowError e) {
      return List.of(new Violation(in, name, "value", "a value that can be checked", shown(value)));
    }
    if (errors.isEmpty()) {
      return List.of();
    }
    List<Violation> violations = new ArrayList<>(Math.min(errors.size(), MOST_VIOLATIONS));
    for (Error error : errors.subList(0, Math.min(errors.size(), MOST_VIOLATIONS))) {
      String place = error.getInstanceLocation().toString();
      violations.add(
          new Violation(
              in,
              in.equals("body") ? place : name + place,
              String.valueOf(error.getKeyword()),
              String.valueOf(error.getMessage()),
              shown(error.getInstanceNode())));
    }
    return violations;
  }

  private static String shown(@Nullable JsonNode value) {
    if (value == null) {
      return "";
    }
    if (value.isContainer()) {
      return (value.isArray() ? "an array of " : "an object of ") + value.size();
    }
    String text = value.toString();
    return text.length() <= LONGEST_GOT ? text : text.substring(0, LONGEST_GOT) + "…";
  }
}
