package io.wasmrunner.wasi;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every socket function, in every form, answers to a wrong descriptor or pointer. */
final class SocketErrorsTest {
  private static final int FD = 1024;
  private static final int ADDRESS = 1032;
  private static final int ADDRESS_BYTES = 1048;
  private static final int VECTOR = 1184;
  private static final int LENGTH = 1200;
  private static final int RESULT = 1208;
  private static final int HINTS = 1300;
  private static final int LIST = 1340;
  private static final int DATA = 8192;
  private static final int END = 2 << 16;

  /** What a call of a function looks like, and which of its parameters are pointers. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Form(String name, boolean ofDescriptor, List<Integer> pointers, long... args) {
    Errno call(long... changed) {
      return guest.call(name, changed);
    }

    long[] with(int parameter, long value) {
      long[] changed = args.clone();
      changed[parameter] = value;
      return changed;
    }

    @Override
    public String toString() {
      return name + "/" + args.length;
    }
  }

  @TempDir private static Path folder;
  private static Puppet guest;
  private static int socket;

  @BeforeAll
  static void connect() {
    guest = Puppet.start(TestingGuests.interpreter(folder).load(Puppet.module(folder)));
    assertThat(guest.call("sock_open", 1, 1, FD)).isEqualTo(Errno.SUCCESS);
    socket = guest.i32(FD);
    goodValues();
    // Datagrams to oneself: such a socket can do, or refuse, everything without waiting.
    assertThat(guest.call("sock_bind", socket, ADDRESS, 0)).isEqualTo(Errno.SUCCESS);
    assertThat(guest.call("sock_connect", socket, ADDRESS, 9)).isEqualTo(Errno.SUCCESS);
  }

  @AfterAll
  static void stop() {
    guest.close();
  }

  private static void goodValues() {
    guest.ints(ADDRESS, ADDRESS_BYTES, 4);
    guest.write(ADDRESS_BYTES, (byte) 127, (byte) 0, (byte) 0, (byte) 1);
    guest.ints(VECTOR, DATA, 8);
    guest.ints(LENGTH, 4);
  }

  private static Form form(String name, List<Integer> pointers, long... args) {
    return new Form(name, true, pointers, args);
  }

  private static Stream<Form> first() {
    return Stream.of(
        new Form("sock_open", false, List.of(2), 1, 2, RESULT),
        form("sock_bind", List.of(1), 0, ADDRESS, 0),
        form("sock_connect", List.of(1), 0, ADDRESS, 9),
        form("sock_listen", List.of(), 0, 5),
        form("sock_accept", List.of(1), 0, RESULT),
        form("sock_recv", List.of(1, 4, 5), 0, VECTOR, 1, 0, RESULT, RESULT + 4),
        form("sock_recv_from", List.of(1, 3, 5, 6), 0, VECTOR, 1, ADDRESS, 0, RESULT, RESULT + 4),
        form("sock_send", List.of(1, 4), 0, VECTOR, 1, 0, RESULT),
        form("sock_send_to", List.of(1, 3, 6), 0, VECTOR, 1, ADDRESS, 9, 0, RESULT),
        form("sock_shutdown", List.of(), 0, 3),
        form("sock_getlocaladdr", List.of(1, 2, 3), 0, ADDRESS, RESULT, RESULT + 4),
        form("sock_getpeeraddr", List.of(1, 2, 3), 0, ADDRESS, RESULT, RESULT + 4),
        form("sock_getsockopt", List.of(3, 4), 0, 0, 1, RESULT, LENGTH),
        form("sock_setsockopt", List.of(3), 0, 0, 0, RESULT, 4),
        new Form(
            "sock_getaddrinfo", false, List.of(4, 5, 7), DATA, 0, DATA, 0, HINTS, LIST, 1, RESULT));
  }

  private static Stream<Form> second() {
    return Stream.of(
        form("sock_accept", List.of(2), 0, 0, RESULT),
        form(
            "sock_recv_from",
            List.of(1, 3, 5, 6, 7),
            0,
            VECTOR,
            1,
            ADDRESS,
            0,
            RESULT,
            RESULT + 4,
            RESULT + 8),
        form("sock_getlocaladdr", List.of(1, 2), 0, ADDRESS, RESULT),
        form("sock_getpeeraddr", List.of(1, 2), 0, ADDRESS, RESULT));
  }

  private static Stream<Form> forms() {
    List<String> replaced = second().map(Form::name).toList();
    Stream<Form> renamed =
        Stream.concat(second(), first().filter(form -> !replaced.contains(form.name)))
            .filter(
                form ->
                    !WasiFunctions.signatures(WasiFunctions.MODULE, form.name + "_v2").isEmpty())
            .map(f -> new Form(f.name + "_v2", f.ofDescriptor, f.pointers, f.args));
    return Stream.of(first(), second(), renamed).flatMap(all -> all);
  }

  private static Stream<Form> ofDescriptors() {
    return forms().filter(Form::ofDescriptor);
  }

  @Test
  void everyFormIsHere() {
    assertThat(forms().map(Form::toString))
        .containsExactlyInAnyOrderElementsOf(
            WasiFunctions.all().stream()
                .filter(function -> function.name().startsWith("sock_"))
                .map(function -> function.name() + "/" + function.signature().indexOf(':'))
                .toList());
  }

  @ParameterizedTest
  @MethodSource("ofDescriptors")
  void aDescriptorThatIsNotOpenIsBadAndAStreamIsNoSocket(Form form) {
    assertThat(form.call(form.with(0, 77))).isEqualTo(Errno.BADF);
    assertThat(form.call(form.with(0, -1))).isEqualTo(Errno.BADF);
    assertThat(form.call(form.with(0, 1))).isEqualTo(Errno.NOTSOCK);
  }

  @ParameterizedTest
  @MethodSource("forms")
  void aPointerOutOfMemoryIsAFault(Form form) {
    for (int parameter : form.pointers) {
      for (long pointer : new long[] {END - 1, END, 0xffff_fff0L, 0x7fff_ffff, -1}) {
        goodValues();
        long[] args = form.with(parameter, pointer);
        if (form.ofDescriptor) {
          args[0] = socket;
        }
        assertThat(form.call(args))
            .as("parameter %d: %d", parameter, pointer)
            .isEqualTo(Errno.FAULT);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void aPointerInsideAStructureIsCheckedToo(Form form) {
    goodValues();
    long[] args = form.ofDescriptor ? form.with(0, socket) : form.args;
    for (int parameter : form.pointers) {
      if (args[parameter] == VECTOR) {
        guest.ints(VECTOR, END - 4, 8);
        assertThat(form.call(args)).isEqualTo(Errno.FAULT);
        guest.ints(VECTOR, DATA, -1);
        assertThat(form.call(args)).isEqualTo(Errno.FAULT);
        assertThat(form.call(withCount(args, parameter, 1025))).isEqualTo(Errno.INVAL);
        assertThat(form.call(withCount(args, parameter, -1))).isEqualTo(Errno.INVAL);
        goodValues();
      } else if (args[parameter] == ADDRESS) {
        guest.ints(ADDRESS, END - 2, 4);
        assertThat(form.call(args)).isEqualTo(Errno.FAULT);
        guest.ints(ADDRESS, -1, 16);
        assertThat(form.call(args)).isEqualTo(Errno.FAULT);
        goodValues();
      }
    }
  }

  private static long[] withCount(long[] args, int vector, int count) {
    long[] changed = args.clone();
    changed[vector + 1] = count;
    return changed;
  }

  @ParameterizedTest
  @MethodSource("ofDescriptors")
  void anAddressOfAnotherLengthIsInvalid(Form form) {
    if (form.pointers.stream().noneMatch(parameter -> form.args[parameter] == ADDRESS)) {
      return;
    }
    boolean fillsAnyBuffer = form.toString().equals("sock_recv_from/7");
    for (int length : new int[] {5, 127}) {
      goodValues();
      guest.ints(ADDRESS, ADDRESS_BYTES, length);
      if (!fillsAnyBuffer) {
        assertThat(form.call(form.with(0, socket))).isEqualTo(Errno.INVAL);
      }
    }
  }

  @Test
  void unknownFamiliesTypesFlagsAndDirectionsAreInvalid() {
    assertThat(guest.call("sock_open", 4, 2, RESULT)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("sock_open", 3, 2, RESULT)).isEqualTo(Errno.AFNOSUPPORT);
    assertThat(guest.call("sock_open", 1, 3, RESULT)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("sock_open_v2", -1, 2, RESULT)).isEqualTo(Errno.INVAL);
    for (String name : List.of("sock_recv", "sock_recv_v2")) {
      assertThat(guest.call(name, socket, VECTOR, 1, 4, RESULT, RESULT + 4)).isEqualTo(Errno.INVAL);
    }
    for (String name : List.of("sock_send", "sock_send_v2")) {
      assertThat(guest.call(name, socket, VECTOR, 1, 1, RESULT)).isEqualTo(Errno.INVAL);
    }
    assertThat(guest.call("sock_shutdown", socket, 0)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("sock_shutdown", socket, 4)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("sock_accept_v2", socket, 32, RESULT)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("sock_connect", socket, ADDRESS, 65_536)).isEqualTo(Errno.INVAL);
  }

  @Test
  void listeningIsForStreams() {
    assertThat(guest.call("sock_listen", socket, 5)).isEqualTo(Errno.NOTSUP);
    assertThat(guest.call("sock_listen_v2", socket, 5)).isEqualTo(Errno.NOTSUP);
    assertThat(guest.call("sock_accept", socket, RESULT)).isEqualTo(Errno.NOTSUP);
    assertThat(guest.call("sock_accept", socket, 0, RESULT)).isEqualTo(Errno.NOTSUP);
    assertThat(guest.call("sock_bind", socket, ADDRESS, 0)).isEqualTo(Errno.INVAL); // once only
  }

  @Test
  void aFreshStreamHasNobodyToTalkTo() {
    assertThat(guest.call("sock_open_v2", 1, 2, FD)).isEqualTo(Errno.SUCCESS);
    int fresh = guest.i32(FD);
    goodValues();
    assertThat(guest.call("sock_accept", fresh, RESULT)).isEqualTo(Errno.INVAL);
    assertThat(guest.call("sock_recv", fresh, VECTOR, 1, 0, RESULT, RESULT + 4))
        .isEqualTo(Errno.NOTCONN);
    assertThat(guest.call("sock_recv_from", fresh, VECTOR, 1, ADDRESS, 0, RESULT, RESULT + 4))
        .isEqualTo(Errno.NOTCONN);
    assertThat(guest.call("sock_send", fresh, VECTOR, 1, 0, RESULT)).isEqualTo(Errno.NOTCONN);
    assertThat(guest.call("sock_send_to", fresh, VECTOR, 1, ADDRESS, 9, 0, RESULT))
        .isEqualTo(Errno.NOTCONN);
    assertThat(guest.call("sock_getpeeraddr", fresh, ADDRESS, RESULT, RESULT + 4))
        .isEqualTo(Errno.NOTCONN);
    assertThat(guest.call("sock_getpeeraddr_v2", fresh, ADDRESS, RESULT)).isEqualTo(Errno.NOTCONN);
    assertThat(guest.call("sock_shutdown", fresh, 3)).isEqualTo(Errno.NOTCONN);
    assertThat(guest.call("fd_close", fresh)).isEqualTo(Errno.SUCCESS);
  }
}
