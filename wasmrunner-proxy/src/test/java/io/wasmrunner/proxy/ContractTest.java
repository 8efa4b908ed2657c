package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.wasmrunner.model.ContractPolicy;
import io.wasmrunner.model.ContractPolicy.Mode;
import io.wasmrunner.model.ContractReport;
import io.wasmrunner.model.ContractReport.Finding;
import io.wasmrunner.model.ContractReport.Kind;
import io.wasmrunner.model.Policies;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ContractTest {
  static final String OPENAPI =
      """
      {"openapi": "%s", "info": {"title": "shop", "version": "1"},
       "paths": {
         "/orders": {
           "get": {
             "parameters": [
               {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 50}},
               {"name": "tag", "in": "query", "schema": {"type": "array", "items": {"type": "string", "pattern": "^[a-z]+$"}}},
               {"name": "ids", "in": "query", "explode": false, "schema": {"type": "array", "items": {"type": "integer"}}},
               {"name": "filter", "in": "query", "style": "deepObject", "explode": true, "schema": {"type": "object",
                 "properties": {"open": {"type": "boolean"}}, "additionalProperties": false}},
               {"name": "X-Trace", "in": "header", "schema": {"type": "string", "format": "uuid"}},
               {"name": "session", "in": "cookie", "schema": {"type": "integer"}}
             ],
             "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"type": "array"}}}}}
           },
           "post": {
             "requestBody": {"required": true, "content": {
               "application/json": {"schema": {"$ref": "#/components/schemas/Order"}},
               "application/x-www-form-urlencoded": {"schema": {"$ref": "#/components/schemas/Order"}},
               "application/octet-stream": {}}},
             "responses": {
               "201": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}},
               "4XX": {"description": ""}}
           }
         },
         "/orders/{id}": {
           "parameters": [{"$ref": "#/components/parameters/Id"}],
           "get": {"responses": {"default": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}}}}
         },
         "/orders/latest": {"get": {"responses": {"200": {"description": ""}}}},
         "/files/{name}.json": {"get": {"responses": {"200": {"description": ""}}}}
       },
       "components": {
         "parameters": {"Id": {"name": "id", "in": "path", "required": true, "schema": {"type": "integer"}}},
         "schemas": {"Order": {"type": "object", "required": ["item", "count"], "properties": {
           "item": {"type": "string", "maxLength": 10},
           "count": {"type": "integer", "minimum": 0%s},
           "note": {%s},
           "parts": {"type": "array", "items": {"$ref": "#/components/schemas/Order"}}}}}}}
      """;

  static final String V30 =
      OPENAPI.formatted(
          "3.0.3", ", \"exclusiveMinimum\": true", "\"type\": \"string\", \"nullable\": true");
  static final String V31 =
      OPENAPI.formatted("3.1.0", ", \"exclusiveMinimum\": 0", "\"type\": [\"string\", \"null\"]");

  private static TestingProxy proxy;
  private static final AtomicReference<String> ANSWER = new AtomicReference<>("");
  private static volatile int status = 200;
  private static volatile String type = "application/json";

  @BeforeAll
  static void start() {
    proxy = TestingProxy.start();
  }

  @AfterAll
  static void stop() {
    proxy.close();
  }

  private static ContractPolicy policy(String document, Mode requests, Mode responses) {
    return new ContractPolicy(
        requests, responses, true, false, 64, true, new ContractPolicy.Document(document));
  }

  private static void serve(String service, ContractPolicy policy) {
    serve(service, Policies.DEFAULT.withContract(policy));
  }

  private static void serve(String service, Policies policies) {
    proxy.runner(service, policies, ContractTest::answer);
    Awaitility.await().until(() -> proxy.runtime().contract(service).ready());
  }

  private static void answer(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body ->
                request
                    .response()
                    .setStatusCode(status)
                    .putHeader("Content-Type", type)
                    .putHeader("X-Method", request.method().name())
                    .end(ANSWER.get().isEmpty() ? body.toString() : ANSWER.get()));
  }

  private static void answers(int with, String contentType, String body) {
    status = with;
    type = contentType;
    ANSWER.set(body);
  }

  private static HttpResponse<String> post(String path, String contentType, String body) {
    return proxy.send(
        HttpRequest.newBuilder(proxy.uri(path))
            .header("Content-Type", contentType)
            .POST(HttpRequest.BodyPublishers.ofString(body)));
  }

  private static List<Finding> findings(String service, Kind kind) {
    return proxy.runtime().contract(service).findings().stream()
        .filter(finding -> finding.kind() == kind)
        .toList();
  }

  /* ---- requests ---- */

  @ParameterizedTest
  @ValueSource(strings = {"v30", "v31"})
  void aBodyThatFitsPassesAndOneThatDoesNotIsRefusedWithItsFaults(String service) {
    serve(service, policy(service.equals("v30") ? V30 : V31, Mode.ENFORCE, Mode.REPORT));
    answers(201, "application/json", "");
    String good = "{\"item\": \"pen\", \"count\": 1, \"note\": null}";

    HttpResponse<String> fine = post("/" + service + "/orders", "application/json", good);
    assertThat(fine.statusCode()).isEqualTo(201);
    assertThat(fine.body()).isEqualTo(good);

    HttpResponse<String> bad =
        post(
            "/" + service + "/orders",
            "application/json; charset=utf-8",
            "{\"item\": \"pen\", \"count\": 0, \"parts\": [{\"count\": \"2\"}]}");
    assertThat(bad.statusCode()).isEqualTo(400);
    assertThat(bad.headers().firstValue("Content-Type")).contains("application/problem+json");
    JsonObject problem = new JsonObject(bad.body());
    assertThat(problem.getString("code")).isEqualTo("WR-3510");
    assertThat(problem.getJsonArray("violations").stream().map(v -> (JsonObject) v))
        .anySatisfy(
            violation -> {
              assertThat(violation.getString("pointer")).isEqualTo("/count");
              assertThat(violation.getString("got")).isEqualTo("0");
            })
        .anySatisfy(
            violation -> {
              assertThat(violation.getString("pointer")).isEqualTo("/parts/0");
              assertThat(violation.getString("rule")).isEqualTo("required");
            })
        .anySatisfy(
            violation -> {
              assertThat(violation.getString("pointer")).isEqualTo("/parts/0/count");
              assertThat(violation.getString("rule")).isEqualTo("type");
            });
    assertThat(findings(service, Kind.REQUEST))
        .anySatisfy(
            finding -> {
              assertThat(finding.path()).isEqualTo("/orders");
              assertThat(finding.place()).isEqualTo("body/parts/*/count");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/orders?limit=10|200",
        "/orders?limit=0|400",
        "/orders?limit=x|400",
        "/orders?limit=|400",
        "/orders?tag=a&tag=b|200",
        "/orders?tag=a&tag=B|400",
        "/orders?ids=1,2,3|200",
        "/orders?ids=1,x|400",
        "/orders?filter%5Bopen%5D=true|200",
        "/orders?filter[open]=maybe|400",
        "/orders?filter%5Bother%5D=1|400",
        "/orders?unknown=1|200",
        "/orders/12|200",
        "/orders/twelve|400",
        "/orders/latest|200",
        "/orders/l%61test|200",
        "/files/a.json|200"
      })
  void parametersAreReadByStyleAndType(String path, int expected) {
    serve("params", policy(V31, Mode.ENFORCE, Mode.OFF));
    answers(200, "application/json", "[]");

    assertThat(
            proxy.connect().get("/params" + path.replace("[", "%5B").replace("]", "%5D")).status())
        .isEqualTo(expected);
  }

  @Test
  void headersAndCookiesAreParametersToo() {
    serve("params", policy(V30, Mode.ENFORCE, Mode.OFF));
    answers(200, "application/json", "[]");

    assertThat(proxy.connect().get("/params/orders", "X-Trace: no uuid").status()).isEqualTo(400);
    assertThat(
            proxy
                .connect()
                .get("/params/orders", "X-Trace: 6f1ed002-ab5e-4f0f-9c8e-1d2b3c4d5e6f")
                .status())
        .isEqualTo(200);
    assertThat(proxy.connect().get("/params/orders", "Cookie: a=b; session=x").status())
        .isEqualTo(400);
    assertThat(proxy.connect().get("/params/orders", "Cookie: a=b; session=5").status())
        .isEqualTo(200);
  }

  @Test
  void whatTheServiceDoesNotGetIsNotAParameter() {
    serve("params", policy(V30, Mode.ENFORCE, Mode.OFF));
    answers(200, "application/json", "[]");

    assertThat(
            proxy
                .connect()
                .get("/params/orders", "X-Trace: no uuid", "Connection: x-trace")
                .status())
        .isEqualTo(200);
  }

  @Test
  void kindsOfBodiesAreTheContracts() {
    serve("types", policy(V31, Mode.ENFORCE, Mode.OFF));
    answers(201, "application/json", "{}");

    assertThat(post("/types/orders", "application/octet-stream", "x").statusCode()).isEqualTo(201);
    assertThat(post("/types/orders", "application/x-www-form-urlencoded", "item=pen&count=3"))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(201);
    assertThat(post("/types/orders", "application/x-www-form-urlencoded", "item=pen&count=x"))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(400);
    HttpResponse<String> xml = post("/types/orders", "application/xml", "<x/>");
    assertThat(xml.statusCode()).isEqualTo(415);
    assertThat(xml.body()).contains("WR-3511").contains("application/json");
    assertThat(
            proxy
                .send(
                    HttpRequest.newBuilder(proxy.uri("/types/orders"))
                        .header("Content-Type", "application/json")
                        .header("Content-Encoding", "gzip")
                        .POST(HttpRequest.BodyPublishers.ofString("x")))
                .statusCode())
        .isEqualTo(415);
    assertThat(
            proxy
                .send(
                    HttpRequest.newBuilder(proxy.uri("/types/orders"))
                        .POST(HttpRequest.BodyPublishers.noBody()))
                .statusCode())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "",
        "{} {}",
        "{\"item\": 1, \"item\": 2}",
        "{\"item\": \"a\", \"count\": 1e400}",
        "[[[[[[[[[["
      })
  void whatIsNoJsonIsRefused(String body) {
    serve("json", policy(V31, Mode.ENFORCE, Mode.OFF));
    answers(201, "application/json", "{}");

    assertThat(post("/json/orders", "application/json", body).statusCode()).isEqualTo(400);
  }

  @Test
  void bodiesInChunksAndWithLeaveAreChecked() throws Exception {
    serve("chunks", policy(V31, Mode.ENFORCE, Mode.OFF));
    answers(201, "application/json", "");
    RawClient client = proxy.connect();

    client.sendHead(
        "POST /chunks/orders HTTP/1.1",
        "Host: a",
        "Content-Type: application/json",
        "Expect: 100-continue",
        "Transfer-Encoding: chunked");
    assertThat(client.readHead().status()).isEqualTo(100);
    client.send("d\r\n{\"item\":\"pen\"\r\n");
    client.send("b\r\n,\"count\":1}\r\n0\r\n\r\n");

    RawConnection.Message answer = client.read();
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.text()).isEqualTo("{\"item\":\"pen\",\"count\":1}");
    assertThat(client.get("/chunks/orders/latest").status()).isEqualTo(201);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bodiesTooLargeToBeCheckedAreRefusedOrPassAsConfigured(boolean refuse) {
    serve(
        "large",
        new ContractPolicy(
            Mode.ENFORCE, Mode.OFF, true, false, 1, refuse, new ContractPolicy.Document(V31)));
    answers(201, "application/json", "");
    String body = "\"" + "x".repeat(300_000) + "\"";

    HttpResponse<String> known = post("/large/orders", "application/json", body);
    HttpResponse<String> chunked =
        proxy.send(
            HttpRequest.newBuilder(proxy.uri("/large/orders"))
                .header("Content-Type", "application/json")
                .POST(
                    HttpRequest.BodyPublishers.fromPublisher(
                        HttpRequest.BodyPublishers.ofString(body))));

    for (HttpResponse<String> answer : List.of(known, chunked)) {
      assertThat(answer.statusCode()).isEqualTo(refuse ? 413 : 201);
      assertThat(answer.body()).satisfies(b -> assertThat(b.equals(body)).isEqualTo(!refuse));
    }
  }

  @Test
  void reportedRequestsPass() {
    serve("report", policy(V31, Mode.REPORT, Mode.REPORT));
    answers(201, "application/json", "{}");

    assertThat(post("/report/orders?x=1", "application/json", "{\"item\": 5}").statusCode())
        .isEqualTo(201);

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(findings("report", Kind.REQUEST))
                    .extracting(Finding::place)
                    .contains("body/item", "body"));
  }

  @Test
  void deliveriesAreReportedOnly() {
    serve("inner", policy(V31, Mode.ENFORCE, Mode.ENFORCE));
    answers(201, "application/json", "{}");

    HttpResponse<String> answer =
        proxy.send(
            HttpRequest.newBuilder(proxy.proxy().innerBase().resolve("/inner/orders"))
                .header("WR-Inner-Token", proxy.proxy().innerToken())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"item\": 5}")));

    assertThat(answer.statusCode()).isEqualTo(201);
    Awaitility.await()
        .untilAsserted(() -> assertThat(findings("inner", Kind.REQUEST)).isNotEmpty());
  }

  /* ---- drift ---- */

  @Test
  void whatIsNotDocumentedPassesAndIsReported() {
    serve("drift", policy(V31, Mode.ENFORCE, Mode.REPORT));
    answers(202, "application/json", "[]");

    assertThat(proxy.get("/drift/nowhere/17").statusCode()).isEqualTo(202);
    assertThat(proxy.get("/drift/nowhere/18").statusCode()).isEqualTo(202);
    assertThat(proxy.send(HttpRequest.newBuilder(proxy.uri("/drift/orders")).DELETE()).statusCode())
        .isEqualTo(202);
    proxy.get("/drift/orders");

    assertThat(findings("drift", Kind.PATH))
        .singleElement()
        .satisfies(
            finding -> {
              assertThat(finding.path()).isEqualTo("/nowhere/{id}");
              assertThat(finding.count()).isEqualTo(2);
            });
    assertThat(findings("drift", Kind.METHOD))
        .extracting(Finding::method)
        .containsExactly("DELETE");
    assertThat(findings("drift", Kind.STATUS)).extracting(Finding::status).containsExactly(202);
  }

  @Test
  void undocumentedPathsAndMethodsCanBeDenied() {
    serve(
        "deny",
        new ContractPolicy(
            Mode.ENFORCE, Mode.REPORT, true, true, 64, true, new ContractPolicy.Document(V31)));
    answers(200, "application/json", "[]");

    assertThat(proxy.get("/deny/nowhere").statusCode()).isEqualTo(404);
    HttpResponse<String> method =
        proxy.send(HttpRequest.newBuilder(proxy.uri("/deny/orders")).DELETE());
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(method.headers().firstValue("Allow")).contains("GET, POST");
    assertThat(proxy.get("/deny/orders").statusCode()).isEqualTo(200);
  }

  @Test
  void theReportHasABound() {
    serve("bound", policy(V31, Mode.REPORT, Mode.REPORT));
    answers(200, "application/json", "[]");

    RawClient client = proxy.connect();
    for (int i = 0; i < 130; i++) {
      client.get("/bound/p" + "abcdefghijklmnopqrstuvwxyz".substring(i % 26) + "/q" + i + "x");
    }

    ContractReport report = proxy.runtime().contract("bound");
    assertThat(report.findings()).hasSizeLessThanOrEqualTo(100);
    assertThat(report.findings().stream().mapToLong(Finding::count).sum() + report.omitted())
        .isEqualTo(130);
  }

  /* ---- answers ---- */

  @Test
  void answersThatDoNotFitAreReported() {
    serve("answers", policy(V31, Mode.ENFORCE, Mode.REPORT));
    answers(201, "application/json", "{\"item\": \"secret value that is too long\", \"count\": 1}");

    assertThat(post("/answers/orders", "application/json", "{\"item\":\"a\",\"count\":1}").body())
        .contains("secret value");

    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(findings("answers", Kind.RESPONSE))
                    .extracting(Finding::place)
                    .containsExactly("body/item"));
    assertThat(proxy.runtime().contract("answers").toString()).doesNotContain("secret value");
  }

  @Test
  void answersThatDoNotFitAreWithheldWhereEnforced() {
    serve("held", policy(V31, Mode.ENFORCE, Mode.ENFORCE));
    String order = "{\"item\":\"a\",\"count\":1}";

    answers(201, "application/json", "{\"item\":\"secret\"}");
    HttpResponse<String> withheld = post("/held/orders", "application/json", order);
    assertThat(withheld.statusCode()).isEqualTo(502);
    assertThat(withheld.body()).contains("WR-3514").doesNotContain("secret");

    answers(201, "text/html", "<p>secret</p>");
    assertThat(post("/held/orders", "application/json", order).statusCode()).isEqualTo(502);

    answers(201, "application/json", order);
    assertThat(post("/held/orders", "application/json", order).body()).isEqualTo(order);
    answers(422, "text/plain", "whatever");
    assertThat(post("/held/orders", "application/json", order).body()).isEqualTo("whatever");

    answers(201, "application/json", "\"" + "x".repeat(200_000) + "\"");
    assertThat(post("/held/orders", "application/json", order).statusCode()).isEqualTo(502);
  }

  /* ---- what is not sound ---- */

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"openapi\": \"3.1.0\", \"paths\": {\"/x\": {\"$ref\": \"#/paths/~1x\"}}}",
        "{\"openapi\": \"3.1.0\", \"paths\": {\"/x\": 5, \"/y\": {\"get\": []}}}",
        "{\"openapi\": \"3.1.0\", \"paths\": {\"/x\": {\"get\": {\"parameters\": [{\"name\": \"q\","
            + " \"in\": \"query\", \"schema\": {\"pattern\": 5, \"items\": 7}}]}}}}",
        "{\"openapi\": \"3.1.0\", \"paths\": {\"/x\": {\"get\": {\"parameters\": [{\"name\": \"q\","
            + " \"in\": \"query\", \"schema\": {\"$ref\": \"file:///etc/passwd\"}}]}}}}",
        "{\"openapi\": \"3.1.0\", \"paths\": {\"/x\": {\"get\": {\"parameters\": [{\"name\": \"q\","
            + " \"in\": \"query\", \"schema\": {\"pattern\": \"((a{1000}){1000}){1000}\"}}]}}}}",
        "{\"openapi\": \"3.1.0\", \"paths\": {\"/x\": {\"get\": {\"parameters\": [{\"name\": \"q\","
            + " \"in\": \"query\", \"schema\": {\"pattern\": \"(?<=a)b\"}}]}}}}"
      })
  void aPartThatCannotBeUsedStopsNothing(String document) {
    serve("broken", policy(document, Mode.ENFORCE, Mode.REPORT));
    answers(200, "application/json", "[]");

    assertThat(proxy.get("/broken/x?q=b").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"openapi\": \"2.0\", \"paths\": {}}", "{\"openapi\": \"3.1.0\"", "nothing", ""})
  void aContractThatCannotBeUsedRefusesEverythingWhereItIsEnforced(String document) {
    answers(200, "application/json", "[]");
    serve("useless", policy(document, Mode.ENFORCE, Mode.REPORT));

    HttpResponse<String> refused = proxy.get("/useless/orders");
    assertThat(refused.statusCode()).isEqualTo(503);
    assertThat(new JsonObject(refused.body()).getString("code")).isEqualTo("WR-3516");
    assertThat(post("/useless/anything", "text/plain", "x").statusCode()).isEqualTo(503);
    assertThat(proxy.runtime().contract("useless").problem()).isPresent();
    assertThat(delivered("/useless/orders")).isEqualTo(200);
    Awaitility.await()
        .untilAsserted(
            () ->
                assertThat(proxy.runtime().events())
                    .anySatisfy(
                        event -> {
                          assertThat(event.kind()).isEqualTo("contract.unusable");
                          assertThat(event.message()).contains("WR-3520", "useless", "refused");
                        }));

    serve("useless", policy(V31, Mode.ENFORCE, Mode.REPORT));
    assertThat(proxy.get("/useless/orders").statusCode()).isEqualTo(200);
    assertThat(proxy.get("/useless/orders?limit=0").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({"OFF, ENFORCE, 503", "REPORT, ENFORCE, 503", "REPORT, REPORT, 200"})
  void aContractThatCannotBeUsedStopsNothingWhereItIsReported(
      Mode requests, Mode responses, int expected) {
    answers(200, "application/json", "[]");
    serve("useless", policy("nothing", requests, responses));

    assertThat(proxy.get("/useless/orders").statusCode()).isEqualTo(expected);
  }

  private static int delivered(String path) {
    return proxy
        .send(
            HttpRequest.newBuilder(proxy.proxy().innerBase().resolve(path))
                .header("WR-Inner-Token", proxy.proxy().innerToken()))
        .statusCode();
  }

  @Test
  void patternsCannotKeepAnEventLoopBusy() {
    serve(
        "slow",
        policy(
            "{\"openapi\": \"3.1.0\", \"paths\": {\"/x\": {\"get\": {\"parameters\": [{\"name\":"
                + " \"q\", \"in\": \"query\", \"schema\": {\"type\": \"string\", \"pattern\":"
                + " \"^(a+)+$\"}}]}}}}",
            Mode.ENFORCE,
            Mode.OFF));
    answers(200, "application/json", "[]");

    assertThat(proxy.get("/slow/x?q=" + "a".repeat(4_000)).statusCode()).isEqualTo(200);
    assertThat(proxy.get("/slow/x?q=" + "a".repeat(4_000) + "b").statusCode()).isEqualTo(400);
  }

  @Test
  void valuesMadeToTakeForeverAreRefused() {
    String tree =
        "{\"openapi\": \"3.1.0\", \"paths\": {\"/x\": {\"post\": {\"requestBody\": {\"content\":"
            + " {\"application/json\": {\"schema\": {\"$ref\": \"#/components/schemas/T\"}}}}}}},"
            + " \"components\": {\"schemas\": {\"T\": {\"anyOf\": [{\"type\": \"integer\"},"
            + " {\"type\": \"object\", \"required\": [\"y\"], \"properties\": {\"c\": {\"$ref\":"
            + " \"#/components/schemas/T\"}}}, {\"type\": \"object\", \"required\": [\"z\"],"
            + " \"properties\": {\"c\": {\"$ref\": \"#/components/schemas/T\"}}}]}}}}";
    serve("tree", policy(tree, Mode.ENFORCE, Mode.OFF));
    answers(200, "application/json", "[]");

    HttpResponse<String> answer =
        post("/tree/x", "application/json", "{\"c\":".repeat(60) + "\"s\"" + "}".repeat(60));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(post("/tree/x", "application/json", "5").statusCode()).isEqualTo(200);
  }
}
