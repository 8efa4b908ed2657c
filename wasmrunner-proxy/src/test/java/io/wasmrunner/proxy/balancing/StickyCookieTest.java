package io.wasmrunner.proxy.balancing;

import static io.wasmrunner.proxy.balancing.TestingUpstream.chosen;
import static io.wasmrunner.proxy.balancing.TestingUpstream.several;
import static org.assertj.core.api.Assertions.assertThat;

import io.wasmrunner.spi.Upstream;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The strategy that goes by a cookie of its own. */
final class StickyCookieTest {
  private final StickyCookie strategy = new StickyCookie(Optional.empty(), Optional.empty());
  private final List<Upstream> upstreams = several(4);

  private static TestingRequest returning(TestingRequest answered) {
    String field = answered.answerHeaders.get(0);
    String pair = field.substring("Set-Cookie: ".length(), field.indexOf(';'));
    TestingRequest next = new TestingRequest();
    next.cookies.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
    return next;
  }

  @Test
  void whoHasACookieStaysWhereItWasAndGetsNoOther() {
    TestingRequest first = new TestingRequest();
    Upstream chosen = strategy.choose(upstreams, first);
    TestingRequest next = returning(first);

    assertThat(chosen(strategy, upstreams, next, 20)).containsOnlyKeys(chosen.id().index());
    assertThat(next.answerHeaders).isEmpty();
  }

  @Test
  void theCookieTellsNothingAndCannotBeReadByScripts() {
    TestingRequest request = new TestingRequest();
    strategy.choose(upstreams, request);

    assertThat(request.answerHeaders)
        .singleElement()
        .asString()
        .matches("Set-Cookie: wr_s=[0-9a-f]{16}; Path=/; HttpOnly; SameSite=Lax");
  }

  @Test
  void nameAgeAndSecurity() {
    TestingRequest request = new TestingRequest();
    request.secure = true;
    new StickyCookie(Optional.of("mine"), Optional.of(60)).choose(upstreams, request);

    assertThat(request.answerHeaders.get(0))
        .startsWith("Set-Cookie: mine=")
        .contains("; Max-Age=60; Secure; HttpOnly");
  }

  @Test
  void whenItsRunnerIsAwayTheClientMovesForGood() {
    TestingRequest first = new TestingRequest();
    Upstream gone = strategy.choose(upstreams, first);
    List<Upstream> left = upstreams.stream().filter(upstream -> upstream != gone).toList();
    TestingRequest second = returning(first);
    Upstream other = strategy.choose(left, second);

    assertThat(other).isNotSameAs(gone);
    assertThat(strategy.choose(upstreams, returning(second))).isSameAs(other);
  }

  @Test
  void aMadeUpCookieIsReplaced() {
    TestingRequest request = new TestingRequest();
    request.cookies.put("wr_s", "0000000000000000");
    strategy.choose(upstreams, request);

    assertThat(request.answerHeaders).hasSize(1);
  }

  @Test
  void itIsTheSameAfterARestart() {
    TestingRequest first = new TestingRequest();
    Upstream chosen = strategy.choose(upstreams, first);

    assertThat(
            new StickyCookie(Optional.empty(), Optional.empty())
                .choose(several(4), returning(first))
                .id())
        .isEqualTo(chosen.id());
  }
}
