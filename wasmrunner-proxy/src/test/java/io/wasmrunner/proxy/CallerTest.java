package io.wasmrunner.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wasmrunner.proxy.RawConnection.Message;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is believed of earlier hops, request ids and traces, and from whom. */
final class CallerTest {
  private static final BlockingQueue<Message> RECEIVED = new LinkedBlockingQueue<>();
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static TestingProxy behindProxies;
  private static TestingProxy open;

  @BeforeAll
  static void start() {
    behindProxies =
        TestingProxy.start(
            options ->
                options.withEdge(
                    EdgeOptions.DEFAULT.withTrustedProxies(
                        new TrustedProxies(
                            List.of("127.0.0.0/8", "10.0.0.0/8", "2001:db8:ffff::/48")))));
    open = TestingProxy.start();
    for (TestingProxy proxy : List.of(behindProxies, open)) {
      proxy.rawRunner(
          "raw",
          (connection, number) -> {
            while (true) {
              RECEIVED.add(connection.read());
              connection
                  .sendHead("HTTP/1.1 200 OK", "X-Request-Id: mine", "Content-Length: 2")
                  .send("ok");
            }
          });
    }
  }

  @AfterAll
  static void stop() {
    behindProxies.close();
    open.close();
  }

  @BeforeEach
  void forget() {
    RECEIVED.clear();
  }

  private static Message received(TestingProxy proxy, String... headers) throws Exception {
    proxy.connect().get("/raw/x", headers);
    return RECEIVED.poll(60, TimeUnit.SECONDS);
  }

  /* ---- hops ---- */

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-Forwarded-For: 203.0.113.9, 198.51.100.7, 10.1.2.3 | 198.51.100.7",
        "X-Forwarded-For: 203.0.113.9                         | 203.0.113.9",
        "X-Forwarded-For: 198.51.100.7:8080, 10.0.0.1         | 198.51.100.7",
        "X-Forwarded-For: unknown, 10.0.0.1                   | 10.0.0.1",
        "X-Forwarded-For: nonsense                            | 127.0.0.1",
        "X-Forwarded-For: 10.0.0.1, 10.0.0.2                  | 10.0.0.1",
        "X-Forwarded-For: 2001:db8::7, 2001:db8:ffff::1       | 2001:db8::7",
        "X-Forwarded-For: [2001:db8::7]:443                   | 2001:db8::7",
        "X-Forwarded-For: ::ffff:203.0.113.9                  | 203.0.113.9",
        "Forwarded: for=203.0.113.9;proto=https, for=10.0.0.3 | 203.0.113.9",
        "Forwarded: for=\"[2001:db8::7]:1\"                   | 2001:db8::7",
        "X-Real-IP: 203.0.113.5                               | 203.0.113.5",
        "X-Other: 1                                           | 127.0.0.1"
      })
  void theClientIsFoundFromRightToLeft(String header, String client) throws Exception {
    assertThat(received(behindProxies, header).all("X-Real-IP")).containsExactly(client);
  }

  @Test
  void aTrustedProxyIsBelieved() throws Exception {
    Message request =
        received(
            behindProxies,
            "X-Forwarded-For: 203.0.113.9, 198.51.100.7",
            "x-forwarded-for: 192.0.2.1",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: shop.example",
            "X-Forwarded-Port: 444",
            "Forwarded: for=203.0.113.9",
            "Via: 1.1 edge");

    assertThat(request.all("X-Forwarded-For"))
        .containsExactly("203.0.113.9, 198.51.100.7, 192.0.2.1, 127.0.0.1");
    assertThat(request.all("X-Forwarded-Proto")).containsExactly("https");
    assertThat(request.all("X-Forwarded-Host")).containsExactly("shop.example");
    assertThat(request.all("X-Forwarded-Port")).containsExactly("444");
    assertThat(request.all("Forwarded"))
        .containsExactly("for=203.0.113.9, for=127.0.0.1;host=\"test.local\";proto=http");
    assertThat(request.all("Via")).containsExactly("1.1 edge, 1.1 wasmrunner");
  }

  @Test
  void nobodyElseIs() throws Exception {
    Message request =
        received(
            open,
            "X-Forwarded-For: 203.0.113.9",
            "X_Forwarded_For: 203.0.113.9",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Host: shop.example",
            "X-Forwarded-Port: 444",
            "X-Real-IP: 203.0.113.9",
            "WR-Client-Subject: CN=boss",
            "wr_client_subject: CN=boss",
            "Forwarded: for=203.0.113.9");

    assertThat(request.all("X-Forwarded-For")).containsExactly("127.0.0.1");
    assertThat(request.all("X-Forwarded-Proto")).containsExactly("http");
    assertThat(request.all("X-Forwarded-Host")).containsExactly("test.local");
    assertThat(request.all("X-Real-IP")).containsExactly("127.0.0.1");
    assertThat(request.all("Forwarded"))
        .containsExactly("for=127.0.0.1;host=\"test.local\";proto=http");
    assertThat(request.headers())
        .noneMatch(h -> h.contains("444") || h.contains("boss") || h.contains("203.0.113.9"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "10.0.0/8", "example.com", "::1/129", "10.0.0.0/", ""})
  void whatIsNoRangeIsRefused(String range) {
    assertThatThrownBy(() -> new TrustedProxies(List.of(range)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + range + "\"");
  }

  /* ---- request ids ---- */

  @Test
  void eachRequestHasAnIdThatTheClientLearns() {
    Message first = open.connect().get("/raw/x", "X-Request-Id: theirs");
    Message second = open.connect().get("/raw/x");

    assertThat(first.all("X-Request-Id")).hasSize(1).allMatch(id -> id.matches("[0-9a-f]{32}"));
    assertThat(second.all("X-Request-Id")).isNotEqualTo(first.all("X-Request-Id"));
    assertThat(RECEIVED.stream().map(r -> r.all("X-Request-Id")).toList())
        .containsExactly(first.all("X-Request-Id"), second.all("X-Request-Id"));
  }

  @ParameterizedTest
  @CsvSource({"a-1_b.c, true", "'has space', false", "'a\"b', false", "'', false"})
  void aTrustedProxysIdIsKeptIfItIsOne(String id, boolean kept) throws Exception {
    List<String> ids = received(behindProxies, "X-Request-Id: " + id).all("X-Request-Id");

    assertThat(ids).hasSize(1);
    assertThat(ids.get(0).equals(id)).isEqualTo(kept);
    assertThat(received(behindProxies, "X-Request-Id: " + "x".repeat(129)).all("X-Request-Id"))
        .allMatch(other -> other.length() == 32);
  }

  @Test
  void problemsAndManagementNameTheIdToo() {
    Message problem = open.connect().get("/nothing");

    assertThat(problem.text())
        .contains("\"request_id\":\"" + problem.header("X-Request-Id").orElseThrow() + "\"");
    assertThat(open.connect().get("/health").header("X-Request-Id")).isPresent();
    assertThat(open.connect().call("GET /raw HTTP/1.1\r\nHost: a\r\nBad").headers())
        .anyMatch(h -> h.toLowerCase(java.util.Locale.ROOT).startsWith("x-request-id: "));
  }

  /* ---- traces ---- */

  @Test
  void aTraceGoesOnWithASpanOfItsOwn() throws Exception {
    Message request =
        received(
            behindProxies,
            "traceparent: 00-" + TRACE + "-b7ad6b7169203331-01",
            "tracestate: a=1",
            "tracestate: b@c=2");

    assertThat(request.all("traceparent"))
        .hasSize(1)
        .allMatch(p -> p.matches("00-" + TRACE + "-[0-9a-f]{16}-01"))
        .noneMatch(p -> p.contains("b7ad6b7169203331"));
    assertThat(request.all("tracestate")).containsExactly("a=1,b@c=2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00-" + TRACE + "-b7ad6b7169203331",
        "00-" + TRACE + "-b7ad6b7169203331-01-x",
        "ff-" + TRACE + "-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-" + TRACE + "-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "nonsense"
      })
  void whatIsNoTraceBeginsANewOne(String parent) throws Exception {
    Message request = received(behindProxies, "traceparent: " + parent, "tracestate: a=1");

    assertThat(request.all("traceparent"))
        .hasSize(1)
        .allMatch(p -> p.matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00"))
        .noneMatch(p -> p.contains(TRACE));
    assertThat(request.all("tracestate")).isEmpty();
  }

  @Test
  void aLaterVersionIsReadAsFarAsItIsKnown() throws Exception {
    assertThat(
            received(behindProxies, "traceparent: cc-" + TRACE + "-b7ad6b7169203331-01-more")
                .all("traceparent"))
        .allMatch(p -> p.startsWith("00-" + TRACE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"A=1", "a", "a=", "a=b=c"})
  void aStateThatIsNoneStaysHere(String state) throws Exception {
    assertThat(
            received(
                    behindProxies,
                    "traceparent: 00-" + TRACE + "-b7ad6b7169203331-01",
                    "tracestate: " + state)
                .all("tracestate"))
        .isEmpty();
  }

  @Test
  void aStrangersTraceIsReplaced() throws Exception {
    assertThat(
            received(open, "traceparent: 00-" + TRACE + "-b7ad6b7169203331-01").all("traceparent"))
        .hasSize(1)
        .noneMatch(p -> p.contains(TRACE));
  }

  @Test
  void idsComeFromTheGivenChance() throws Exception {
    try (TestingProxy proxy =
        TestingProxy.start(
            options -> options.withEdge(EdgeOptions.DEFAULT.withRandom(() -> 0xabcdL)))) {
      assertThat(proxy.connect().get("/nothing").all("X-Request-Id"))
          .containsExactly("000000000000abcd000000000000abcd");
    }
  }
}
