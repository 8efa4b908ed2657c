package io.wasmrunner.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class OutboundEntryTest {
  /** Entry, canonical name that the guest looked up, address that the host found, port. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "api.example.com, api.example.com, 192.0.2.1, 443",
        "api.example.com:443, api.example.com, 192.0.2.1, 443",
        "API.Example.COM.:443, api.example.com, 192.0.2.1, 443",
        "bücher.example, xn--bcher-kva.example, 192.0.2.1, 443",
        "BÜCHER.example, xn--bcher-kva.example, 192.0.2.1, 443",
        "db.internal:5432, db.internal, 10.0.0.7, 5432",
        "db_1.internal, db_1.internal, fd00::7, 5432",
        "localhost:8080, localhost, 127.0.0.1, 8080",
        "localhost, localhost, ::1, 80",
        "*.example.com, a.b.example.com, 192.0.2.1, 80",
        "*.EXAMPLE.com:443, a.example.com, 2001:db8::1, 443",
        "*, anything.test, 192.0.2.1, 80",
        "*:443, -, 192.0.2.1, 443",
        "192.0.2.1, -, 192.0.2.1, 80",
        "192.0.2.1:80, -, 192.0.2.1, 80",
        "127.0.0.1:5432, -, 127.0.0.1, 5432",
        "10.0.0.0/8, -, 10.255.0.1, 1",
        "10.1.2.3/8:443, -, 10.255.0.1, 443",
        "0.0.0.0/0, -, 10.0.0.1, 1",
        "2001:db8::1, -, 2001:db8::1, 1",
        "[2001:db8::1], -, 2001:db8::1, 1",
        "[2001:DB8::1]:443, -, 2001:db8::1, 443",
        "2001:db8::/33, -, 2001:db8:7fff::1, 443",
        "[2001:db8::/32]:443, -, 2001:db8:ffff::1, 443",
        "::ffff:192.0.2.1, -, 192.0.2.1, 80"
      })
  void allows(String entry, String name, String address, int port) throws UnknownHostException {
    assertThat(decide(entry, name, address, port)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "api.example.com, -, 192.0.2.1, 443",
        "api.example.com, other.example.com, 192.0.2.1, 443",
        "api.example.com:443, api.example.com, 192.0.2.1, 444",
        "api.example.com, api.example.com, 127.0.0.1, 443",
        "api.example.com, api.example.com, ::1, 443",
        "api.example.com, api.example.com, 64:ff9b::7f00:1, 443",
        "api.example.com, api.example.com, 169.254.1.1, 443",
        "api.example.com, api.example.com, 169.254.169.254, 443",
        "api.example.com, api.example.com.evil.test, 192.0.2.1, 443",
        "localhost, localhost, 169.254.1.1, 80",
        "localhost.evil.test, localhost.evil.test, 127.0.0.1, 80",
        "*.example.com, example.com, 192.0.2.1, 80",
        "*.example.com, badexample.com, 192.0.2.1, 80",
        "*.example.com, a.example.com, 10.0.0.1, 80",
        "*.example.com, a.example.com, 127.0.0.1, 80",
        "*.example.com, -, 192.0.2.1, 80",
        "*, a.test, 10.0.0.1, 80",
        "*, a.test, 127.0.0.1, 80",
        "*, a.test, fe80::1, 80",
        "*:443, a.test, 192.0.2.1, 80",
        "192.0.2.1:80, -, 192.0.2.1, 81",
        "10.0.0.0/8, -, 11.0.0.1, 1",
        "10.0.0.0/9, -, 10.128.0.0, 1",
        "0.0.0.0/0, -, 2001:db8::1, 1",
        "::/0, -, 192.0.2.1, 1",
        "2001:db8::/33, -, 2001:db8:8000::1, 443"
      })
  void refuses(String entry, String name, String address, int port) throws UnknownHostException {
    assertThat(decide(entry, name, address, port)).isFalse();
  }

  private static boolean decide(String entry, String name, String address, int port)
      throws UnknownHostException {
    return OutboundEntry.parse(entry)
        .allows(InetAddress.getByName(address), port, name == null ? Set.of() : Set.of(name));
  }

  @ParameterizedTest
  @CsvSource({
    "api.example.com:443, api.example.com, true",
    "api.example.com, www.example.com, false",
    "*.example.com, a.b.example.com, true",
    "*.example.com, example.com, false",
    "*, anything.test, true",
    "192.0.2.0/24, anything.test, false"
  })
  void knowsWhichNamesMayBeLookedUp(String entry, String name, boolean allowed) {
    assertThat(OutboundEntry.parse(entry).allowsLookup(name)).isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.example.com, not a URL",
    "a b, such as",
    "'', such as",
    "., such as",
    "a..b, such as",
    "-a.test, such as",
    "a.*.test, such as",
    "**.test, such as",
    "host:0, a port from 1 to 65535",
    "host:65536, a port from 1 to 65535",
    "host:, a port from 1 to 65535",
    "host:http, a port from 1 to 65535",
    "[a.test]:80, an IPv6 address in the brackets",
    "[::1, such as",
    "300.1.1.1, such as",
    "10.0.0.0/33, such as",
    "10.0.0.0/, such as",
    "::1/129, such as",
    "127.1, such as",
    "0x7f000001, such as",
    "2130706433, such as",
    "1.2.3.4.5, such as"
  })
  void saysWhatItExpects(String entry, String expected) {
    assertThatThrownBy(() -> OutboundEntry.parse(entry))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.1", "0177.0.0.1", "0x7f.1", "2130706433", "::1%lo/8", "1.2.3.256"})
  void takesOnlyTheUsualNotationForAnAddress(String text) {
    assertThat(AddressRange.literal(text)).isEmpty();
  }
}
