package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AddressScopeTest {
  @ParameterizedTest
  @CsvSource({
    "169.254.169.254, METADATA",
    "::ffff:169.254.169.254, METADATA",
    "::169.254.169.254, METADATA",
    "64:ff9b::169.254.169.254, METADATA",
    "64:ff9b:1::a9fe:a9fe, METADATA",
    "2002:a9fe:a9fe::1, METADATA",
    "fe80::a9fe:a9fe, METADATA",
    "fe80::a9fe:a9fe%1, METADATA",
    "fd00:ec2::254, METADATA",
    "100.100.100.200, METADATA",
    "168.63.129.16, METADATA",
    "127.0.0.1, LOOPBACK",
    "127.9.9.9, LOOPBACK",
    "::1, LOOPBACK",
    "0.0.0.0, LOOPBACK",
    "::, LOOPBACK",
    "::ffff:127.0.0.1, LOOPBACK",
    "64:ff9b::7f00:1, LOOPBACK",
    "2002:7f00:1::, LOOPBACK",
    "169.254.1.1, LINK_LOCAL",
    "fe80::1, LINK_LOCAL",
    "10.1.2.3, PRIVATE",
    "172.16.0.1, PRIVATE",
    "192.168.1.1, PRIVATE",
    "100.64.0.1, PRIVATE",
    "198.18.0.1, PRIVATE",
    "192.0.0.1, PRIVATE",
    "0.1.2.3, PRIVATE",
    "224.0.0.1, PRIVATE",
    "255.255.255.255, PRIVATE",
    "fd12::1, PRIVATE",
    "ff02::1, PRIVATE",
    "64:ff9b::10.0.0.1, PRIVATE",
    "172.32.0.1, PUBLIC",
    "100.128.0.1, PUBLIC",
    "192.0.2.1, PUBLIC",
    "9.9.9.9, PUBLIC",
    "2001:db8::1, PUBLIC",
    "64:ff9b::9.9.9.9, PUBLIC"
  })
  void knowsWhereAnAddressLeads(String address, AddressScope expected) throws UnknownHostException {
    assertThat(AddressScope.of(InetAddress.getByName(address))).isEqualTo(expected);
  }
}
