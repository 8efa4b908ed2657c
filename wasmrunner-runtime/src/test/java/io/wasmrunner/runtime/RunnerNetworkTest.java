package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wasmrunner.model.Capabilities;
import io.wasmrunner.spi.Access;
import io.wasmrunner.wasi.NetworkDeniedException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a runner may do on the network, and what is told of it. */
final class RunnerNetworkTest {
  private final int port = TestingServices.freePorts(3);
  private final TestingClock clock = new TestingClock();
  private final KeptListeners kept = new KeptListeners(InetAddress.getLoopbackAddress());
  private final List<Access> accesses = new ArrayList<>();
  private final TestingNetwork host =
      new TestingNetwork()
          .name("api.test", "192.0.2.1", "2001:db8::1")
          .name("evil.test", "127.0.0.1");

  private RunnerNetwork unrestricted() {
    return network(Optional.empty());
  }

  private RunnerNetwork restrictedTo(String... outbound) {
    return network(
        Optional.of(
            new Capabilities(List.of(outbound), List.of(port + 2), List.of(), Optional.empty())));
  }

  private RunnerNetwork network(Optional<Capabilities> capabilities) {
    kept.assign(port);
    return new RunnerNetwork(
        port,
        kept,
        host,
        NetworkRules.of(port, capabilities, "http://127.0.0.1:14000"),
        clock,
        accesses::add);
  }

  private static InetSocketAddress address(String address, int port) {
    return new InetSocketAddress(AddressRange.literal(address).orElseThrow(), port);
  }

  private void assertDenied(RunnerNetwork network, String address, int toPort) {
    assertThatThrownBy(() -> network.connectTarget(address(address, toPort)))
        .isInstanceOf(NetworkDeniedException.class);
  }

  private Access last() {
    return accesses.get(accesses.size() - 1);
  }

  /* ---- Without a block ---- */

  @Test
  void withoutABlockEverythingGoesAndIsTold() throws IOException {
    RunnerNetwork network = unrestricted();
    network.resolve("API.test.");
    network.connectTarget(address("192.0.2.1", 443));
    network.connectTarget(address("192.0.2.9", 80));
    network.listen(address("0.0.0.0", port + 1)).close();
    assertThat(accesses)
        .extracting(access -> access.operation() + " " + access.entries())
        .containsExactly(
            "RESOLVE [api.test]",
            "CONNECT [api.test:443]",
            "CONNECT [192.0.2.9:80]",
            "BIND [" + (port + 1) + "]");
    assertThat(accesses).allMatch(access -> access.denied().isEmpty());
  }

  @Test
  void whatNeedsNoEntryIsNotTold() throws IOException {
    RunnerNetwork network = unrestricted();
    network.listen(address("0.0.0.0", port)).close();
    network.connectTarget(address("127.0.0.1", 14000));
    network.resolve("api.test");
    network.resolve("api.test");
    assertThat(accesses).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"169.254.169.254", "::ffff:169.254.169.254", "fd00:ec2::254"})
  void metadataIsRefusedEvenWithoutABlock(String metadata) {
    assertDenied(unrestricted(), metadata, 80);
    assertThat(last().denied()).hasValueSatisfying(r -> assertThat(r).contains("metadata"));
    assertThat(last().entries()).isEmpty();
  }

  @Test
  void thePortOfAnotherRunnerIsRefusedEvenWithoutABlock() {
    kept.assign(port + 1);
    RunnerNetwork network = unrestricted();
    assertThatThrownBy(() -> network.listen(address("0.0.0.0", port + 1)))
        .isInstanceOf(NetworkDeniedException.class);
    assertThatThrownBy(() -> network.openDatagram(address("0.0.0.0", port + 1)))
        .isInstanceOf(NetworkDeniedException.class);
    assertThat(last().denied()).contains("the port is another runner's");
  }

  @Test
  void anEntryPointWithPort0IsNone() {
    NetworkRules rules = NetworkRules.of(port, Optional.empty(), "http://127.0.0.1:0");

    assertThat(rules.isEntryPoint(address("127.0.0.1", 0), Set.of())).isFalse();
  }

  /* ---- With a block ---- */

  @Test
  void withABlockOnlyWhatItListsGoes() throws IOException {
    RunnerNetwork network = restrictedTo("api.test:443", "192.0.2.64/26");
    network.connectTarget(address("127.0.0.1", 14000));
    network.connectTarget(address("192.0.2.65", 25));
    network.resolve("api.test");
    network.connectTarget(address("192.0.2.1", 443));
    network.connectTarget(address("2001:db8::1", 443));
    assertDenied(network, "192.0.2.1", 80);
    assertThat(last().entries()).containsExactly("api.test:80");
    assertDenied(network, "192.0.2.2", 443);
    assertThat(last().entries()).containsExactly("192.0.2.2:443");
    assertDenied(network, "127.0.0.1", 14001);
    assertDenied(network, "0.0.0.0", 14001);
    assertThat(last().target()).isEqualTo("127.0.0.1:14001");
  }

  @Test
  void anAddressCountsOnlyWhileItIsPinned() throws IOException {
    RunnerNetwork network = restrictedTo("api.test");
    assertDenied(network, "192.0.2.1", 443);
    network.resolve("api.test");
    clock.advance(PinnedNames.KEPT.minusSeconds(1));
    network.connectTarget(address("192.0.2.1", 443));
    clock.advance(Duration.ofSeconds(1));
    assertDenied(network, "192.0.2.1", 443);
    network.resolve("api.test");
    network.connectTarget(address("192.0.2.1", 443));
  }

  @Test
  void anAddressThatTheHostDidNotFindIsNotTheNames() throws IOException {
    RunnerNetwork network = restrictedTo("api.test");
    network.resolve("api.test");
    host.name("api.test", "192.0.2.7");
    assertDenied(network, "192.0.2.7", 443);
    network.resolve("api.test");
    network.connectTarget(address("192.0.2.7", 443));
  }

  @Test
  void aNameThatIsNotListedIsNotLookedUp() {
    RunnerNetwork network = restrictedTo("api.test");
    assertThatThrownBy(() -> network.resolve("Other.test"))
        .isInstanceOf(NetworkDeniedException.class);
    assertThat(host.lookups).isEmpty();
    assertThat(last().entries()).containsExactly("other.test");
    assertThatThrownBy(() -> network.resolve("2130706433"))
        .isInstanceOf(NetworkDeniedException.class);
    assertThat(host.lookups).isEmpty();
  }

  @Test
  void aNameThatLeadsToThisMachineDoesNotStandForIt() throws IOException {
    RunnerNetwork network = restrictedTo("evil.test");
    network.resolve("evil.test");
    assertDenied(network, "127.0.0.1", 5432);
    assertThat(last().entries()).containsExactly("127.0.0.1:5432", "evil.test:5432");
    RunnerNetwork listed = restrictedTo("evil.test", "127.0.0.1:5432");
    listed.resolve("evil.test");
    listed.connectTarget(address("127.0.0.1", 5432));
  }

  @Test
  void aNameThatLeadsToMetadataIsRefusedWhateverIsListed() throws IOException {
    host.name("api.test", "169.254.169.254");
    RunnerNetwork network = restrictedTo("api.test", "*", "169.254.0.0/16");
    network.resolve("api.test");
    assertDenied(network, "169.254.169.254", 80);
  }

  @Test
  void onlyTheAssignedPortAndListedOnesCanBeBound() throws IOException {
    RunnerNetwork network = restrictedTo();
    network.listen(address("0.0.0.0", port)).close();
    network.listen(address("0.0.0.0", port + 2)).close();
    network.openDatagram(address("0.0.0.0", 0)).close();
    assertThatThrownBy(() -> network.listen(address("0.0.0.0", port + 1)))
        .isInstanceOf(NetworkDeniedException.class)
        .hasMessageContaining("its own port is " + port);
    assertThat(last().entries()).containsExactly(Integer.toString(port + 1));
    assertThatThrownBy(() -> network.listen(address("0.0.0.0", 0)))
        .isInstanceOf(NetworkDeniedException.class);
    assertThatThrownBy(() -> network.openDatagram(address("0.0.0.0", port + 1)))
        .isInstanceOf(NetworkDeniedException.class);
  }

  /* ---- Bounds ---- */

  @Test
  void pinsAreBoundedAndTheOldestGoFirst() {
    PinnedNames pins = new PinnedNames(clock);
    InetAddress first = AddressRange.literal("10.9.9.9").orElseThrow();
    pins.pin("first.test", new InetAddress[] {first});
    for (int i = 0; i < PinnedNames.MOST_ADDRESSES; i++) {
      InetAddress address = AddressRange.literal("10.0." + i / 256 + "." + i % 256).orElseThrow();
      pins.pin("many.test", new InetAddress[] {address});
    }
    assertThat(pins.namesOf(first)).isEmpty();
    InetAddress last = AddressRange.literal("10.0.3.255").orElseThrow();
    for (int i = 0; i < PinnedNames.MOST_NAMES; i++) {
      pins.pin("n" + i + ".test", new InetAddress[] {last});
    }
    assertThat(pins.namesOf(last)).hasSize(PinnedNames.MOST_NAMES).doesNotContain("many.test");
  }
}
