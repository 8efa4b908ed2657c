package io.wasmrunner.proxy.policy;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.wasmrunner.model.ContractPolicy.Mode;
import io.wasmrunner.model.ContractReport.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One request and its answer, held against the contract. Confined to its event loop. */
final class ContractCheck {
  /** Larger bodies are checked elsewhere than on the event loop. */
  private static final int SMALL_BYTES = 16 * 1024;

  private final LiveContract live;
  private final PolicyRequest request;
  private final Mode requests;
  private final Mode responses;
  private final Contract.Match match;
  private final String path;
  private Content.@Nullable Entry requestBody;
  private Content.@Nullable Entry answerBody;
  private String requestType = "";
  private String answerType = "";
  private int status;

  ContractCheck(LiveContract live, Contract contract, PolicyRequest request) {
    this.live = live;
    this.request = request;
    // A delivery that is refused would come again and again.
    this.requests =
        request.delivery() ? gentle(live.policy().requests()) : live.policy().requests();
    this.responses =
        request.delivery() ? gentle(live.policy().responses()) : live.policy().responses();
    this.match = contract.match(request.method(), request.path());
    Contract.PathItem item = match.path();
    this.path = item == null ? live.endpoint(request.path()) : item.template();
  }

  private static Mode gentle(Mode mode) {
    return mode == Mode.ENFORCE ? Mode.REPORT : mode;
  }

  /* ---- the request ---- */

  /** Checks the head; a denial when it does not get through. */
  @Nullable Denial head() {
    Operation operation = match.operation();
    if (operation == null) {
      return undocumented();
    }
    if (requests == Mode.OFF) {
      return null;
    }
    List<Violation> violations = parameters(operation);
    Content body = operation.body();
    if (body.described() && live.policy().bodies()) {
      if (request.hasBody()) {
        requestType = MediaType.essence(request.header(HttpHeaders.CONTENT_TYPE));
        requestBody = body.entry(requestType);
        String coding = request.header(HttpHeaders.CONTENT_ENCODING);
        boolean coded = coding != null && !coding.equalsIgnoreCase("identity");
        if (requestBody == null || (coded && requestBody.schema() != null)) {
          return mediaType(body, coded ? "Content-Encoding " + coding : requestType);
        }
      } else if (body.required()) {
        violations.add(new Violation("body", "", "required", "a body", "none"));
      }
    }
    return judge(violations);
  }

  /** Whether the body has to be seen. */
  boolean wantsBody() {
    return requestBody != null && requestBody.schema() != null && isReadable(requestType);
  }

  /** Whether a body that does not fit is refused. */
  boolean enforcesBody() {
    return requests == Mode.ENFORCE;
  }

  /** Checks the whole body. Never fails; often done when this returns. */
  Future<@Nullable Denial> body(Buffer body) {
    Content.Entry entry = requestBody;
    return entry == null
        ? Future.succeededFuture(null)
        : check(body, requestType, entry, this::judge);
  }

  /** The body is larger than what is looked at; a denial when it does not get through. */
  @Nullable Denial tooLarge() {
    return unchecked(
        "a body of at most " + live.policy().maxBodyKb() + " KiB",
        Denial.of(
            Denial.Reason.BODY_UNCHECKED,
            "The body has more than "
                + live.policy().maxBodyKb()
                + " KiB, which is too much to be checked.",
            "Send less at once."));
  }

  /** Other bodies leave no room for this one; a denial when it does not get through. */
  @Nullable Denial crowdedOut() {
    return unchecked(
        "fewer bodies at once",
        Denial.of(
                Denial.Reason.CHECK_UNAVAILABLE,
                "Too many bodies are being checked at once.",
                "Try again in a second.")
            .withHeaders(Map.of("Retry-After", "1")));
  }

  private @Nullable Denial unchecked(String expected, Denial denial) {
    live.drift().note(Kind.UNCHECKED, request.method(), path, 0, "body", expected);
    return requests == Mode.ENFORCE && live.policy().refuseLarger() ? denial : null;
  }

  private List<Violation> parameters(Operation operation) {
    List<Violation> violations = new ArrayList<>(0);
    if (operation.parameters().isEmpty()) {
      return violations;
    }
    ParameterValues values =
        new ParameterValues(match.parameters(), request.query(), request.passed());
    for (Parameter parameter : operation.parameters()) {
      check(parameter, values, violations);
    }
    return violations;
  }

  private static void check(
      Parameter parameter, ParameterValues values, List<Violation> violations) {
    JsonNode value = values.value(parameter);
    if (value == null || value.isMissingNode()) {
      if (parameter.required()) {
        violations.add(
            new Violation(parameter.in(), parameter.name(), "required", "a value", "none"));
      }
    } else if (parameter.schema() != null) {
      try {
        violations.addAll(
            parameter
                .schema()
                .check(value, parameter.in(), parameter.name(), SchemaCheck.FEW_STEPS));
      } catch (SchemaCheck.TooLongException e) {
        violations.add(
            new Violation(
                parameter.in(), parameter.name(), "effort", "something simpler", "too much"));
      }
    }
  }

  private @Nullable Denial judge(List<Violation> violations) {
    if (violations.isEmpty()) {
      return null;
    }
    violations.forEach(
        each ->
            live.drift()
                .note(Kind.REQUEST, request.method(), path, 0, each.place(), each.expected()));
    return requests == Mode.ENFORCE
        ? Denial.of(
                Denial.Reason.CONTRACT_REQUEST,
                "The request does not fit the contract of the service: "
                    + words(violations.get(0))
                    + ".",
                "Correct what violations lists.")
            .with("violations", violations.stream().map(Violation::json).toList())
        : null;
  }

  private static String words(Violation violation) {
    String place = violation.pointer().isEmpty() ? "" : " " + violation.pointer();
    return violation.in() + place + ": " + violation.expected();
  }

  private @Nullable Denial undocumented() {
    Contract.PathItem item = match.path();
    if (item == null) {
      live.drift().note(Kind.PATH, request.method(), path, 0, "", "a path of the contract");
      return requests != Mode.OFF && denies()
          ? Denial.of(
              Denial.Reason.UNDOCUMENTED_PATH,
              "The contract of the service does not have this path.",
              "Call a path that it has.")
          : null;
    }
    if (request.method().equals("OPTIONS")) {
      return null;
    }
    String methods = String.join(", ", new TreeSet<>(item.operations().keySet()));
    live.drift().note(Kind.METHOD, request.method(), path, 0, "", "one of " + methods);
    return requests != Mode.OFF && denies()
        ? Denial.of(
                Denial.Reason.UNDOCUMENTED_METHOD,
                "The contract of the service does not have this method here.",
                "Use one of " + methods + ".")
            .withHeaders(Map.of("Allow", methods))
        : null;
  }

  private boolean denies() {
    return live.policy().denyUndocumented() && !request.delivery();
  }

  private @Nullable Denial mediaType(Content body, String got) {
    String known = String.join(", ", new TreeSet<>(body.types().keySet()));
    live.drift()
        .note(Kind.REQUEST, request.method(), path, 0, "header.Content-Type", "one of " + known);
    return requests == Mode.ENFORCE
        ? Denial.of(
                Denial.Reason.CONTRACT_MEDIA_TYPE,
                "The contract of the service does not have this kind of body: "
                    + (got.isEmpty()
                        ? "no Content-Type"
                        : got.substring(0, Math.min(100, got.length())))
                    + ".",
                "Send one of " + known + ".")
            .with("accepted", List.copyOf(new TreeSet<>(body.types().keySet())))
        : null;
  }

  /* ---- the answer ---- */

  /** Checks the head of the answer; a denial when it does not get through. */
  @Nullable Denial answer(int answerStatus, MultiMap headers, boolean bodiless) {
    Operation operation = match.operation();
    if (operation == null || responses == Mode.OFF || answerStatus < 200) {
      return null;
    }
    status = answerStatus;
    Operation.Response response = operation.response(status);
    if (response == null) {
      live.drift()
          .note(Kind.STATUS, request.method(), path, status, "", "a status of the contract");
      return null;
    }
    List<Violation> violations = new ArrayList<>(0);
    if (!response.headers().isEmpty()) {
      ParameterValues values = new ParameterValues(Map.of(), null, headers);
      response.headers().forEach(header -> check(header, values, violations));
    }
    if (response.content().described() && !bodiless && live.policy().bodies()) {
      answerType = MediaType.essence(headers.get(HttpHeaders.CONTENT_TYPE));
      answerBody = response.content().entry(answerType);
      String known = String.join(", ", new TreeSet<>(response.content().types().keySet()));
      if (answerBody == null && !"0".equals(headers.get(HttpHeaders.CONTENT_LENGTH))) {
        violations.add(
            new Violation("header", "Content-Type", "content", "one of " + known, answerType));
      }
      if (headers.contains(HttpHeaders.CONTENT_ENCODING)) {
        answerBody = null; // Only the client can read it.
      }
    }
    return judgeAnswer(violations);
  }

  /** Whether the body of the answer has to be seen. */
  boolean wantsAnswer() {
    return answerBody != null && answerBody.schema() != null && isReadable(answerType);
  }

  /** Whether an answer that does not fit is withheld. */
  boolean enforcesAnswer() {
    return responses == Mode.ENFORCE;
  }

  /** Checks the whole body of the answer. Never fails. */
  Future<@Nullable Denial> answerBody(Buffer body) {
    Content.Entry entry = answerBody;
    return entry == null
        ? Future.succeededFuture(null)
        : check(body, answerType, entry, this::judgeAnswer);
  }

  /** The answer is larger than what is looked at; a denial when it is withheld. */
  @Nullable Denial answerTooLarge() {
    String expected = "an answer of at most " + live.policy().maxBodyKb() + " KiB";
    live.drift().note(Kind.UNCHECKED, request.method(), path, status, "body", expected);
    return enforcesAnswer() && live.policy().refuseLarger() ? withheld() : null;
  }

  private @Nullable Denial judgeAnswer(List<Violation> violations) {
    if (violations.isEmpty()) {
      return null;
    }
    violations.forEach(
        each ->
            live.drift()
                .note(
                    Kind.RESPONSE, request.method(), path, status, each.place(), each.expected()));
    return enforcesAnswer() ? withheld() : null;
  }

  /** Says nothing about the answer: it may hold what is not for the client. */
  static Denial withheld() {
    return Denial.of(
        Denial.Reason.CONTRACT_RESPONSE,
        "The answer of the service does not fit its contract.",
        "Whoever runs the service finds the difference on the dashboard.");
  }

  /* ---- bodies ---- */

  private static boolean isReadable(String type) {
    return MediaType.isJson(type)
        || type.equals("application/x-www-form-urlencoded")
        || type.equals("text/plain");
  }

  private Future<@Nullable Denial> check(
      Buffer body,
      String type,
      Content.Entry entry,
      Function<List<Violation>, @Nullable Denial> judge) {
    if (body.length() <= SMALL_BYTES) {
      try {
        return Future.succeededFuture(
            judge.apply(violations(body, type, entry, SchemaCheck.FEW_STEPS)));
      } catch (SchemaCheck.TooLongException e) {
        // It goes the long way.
      }
    }
    return live.workers()
        .run(() -> violations(body, type, entry, SchemaCheck.MANY_STEPS))
        .otherwise(
            busy ->
                List.of(new Violation("body", "", "effort", "time to check it", "too much to do")))
        .map(judge);
  }

  private static List<Violation> violations(
      Buffer body, String type, Content.Entry entry, long steps) {
    SchemaCheck schema = entry.schema();
    if (schema == null) {
      return List.of();
    }
    JsonNode value;
    if (MediaType.isJson(type)) {
      if (schema.surelyFits(body)) {
        return List.of();
      }
      try {
        value = JsonText.body(body);
      } catch (JsonText.NoJsonException e) {
        return List.of(
            new Violation("body", "", "json", "valid JSON", String.valueOf(e.getMessage())));
      }
    } else if (type.equals("text/plain")) {
      value = Shape.value(body.toString(StandardCharsets.UTF_8), entry.shape().types());
    } else {
      value = FormText.body(body, entry.shape());
    }
    return schema.check(value, "body", "", steps);
  }
}
