package io.wasmrunner.wasi;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * A real guest that does what the test says: it imports every host function in every form, and
 * calls one, or reads or writes its memory, as it is told through standard input.
 */
@SuppressWarnings({"EnumOrdinal", "ByteBufferBackingArray"})
final class Puppet implements AutoCloseable {
  /** Memory from here on is free for the test. */
  static final int FREE = 1024;

  private static final int COMMAND_BYTES = 80;
  private static final int READ = 1000;
  private static final int WRITE = 1001;
  private static final int GROW = 1002;
  private static final byte[] EXIT = {};

  private static final List<WasiFunction> FUNCTIONS = WasiFunctions.all();

  private final Guest guest;
  private final Commands commands = new Commands();
  private final BlockingQueue<byte[]> answers = new LinkedBlockingQueue<>();

  private Puppet(Module module, UnaryOperator<GuestConfig.Builder> settings) {
    GuestConfig config =
        settings.apply(GuestConfig.builder("puppet").stdin(commands).stdout(answers::add)).build();
    guest = Guest.start(module, config);
    guest.exit().thenRun(() -> answers.add(EXIT));
  }

  static Path module(Path folder) {
    return TestingModules.wat(folder, text());
  }

  static Puppet start(Module module) {
    return start(module, builder -> builder);
  }

  static Puppet start(Module module, UnaryOperator<GuestConfig.Builder> settings) {
    return new Puppet(module, settings);
  }

  Guest guest() {
    return guest;
  }

  /** Calls the function of this name that takes this many arguments; the error number. */
  Errno call(String name, long... args) {
    begin(name, args);
    return result();
  }

  /** As {@link #call}, for a function whose result is no error number. */
  int number(String name, long... args) {
    begin(name, args);
    return (int) number();
  }

  /** Starts a call whose {@link #result} is asked for later. */
  void begin(String name, long... args) {
    for (int i = 0; i < FUNCTIONS.size(); i++) {
      WasiFunction function = FUNCTIONS.get(i);
      if (function.name().equals(name) && function.signature().indexOf(':') == args.length) {
        command(i, args);
        return;
      }
    }
    throw new AssertionError("No " + name + " with " + args.length + " arguments");
  }

  Errno result() {
    return errno((int) number());
  }

  static Errno errno(int code) {
    return Errno.values()[code];
  }

  /** Whether a call that was begun has not returned within some time. */
  boolean waits(long millis) {
    try {
      byte[] answer = answers.poll(millis, TimeUnit.MILLISECONDS);
      if (answer != null) {
        answers.add(answer);
      }
      return answer == null;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  int grow(int pages) {
    command(GROW, pages);
    return (int) number();
  }

  byte[] read(int address, int length) {
    command(READ, address, length);
    ByteBuffer bytes = ByteBuffer.allocate(length);
    while (bytes.hasRemaining()) {
      bytes.put(answer());
    }
    return bytes.array();
  }

  void write(int address, byte... bytes) {
    command(WRITE, address, bytes.length);
    commands.add(bytes);
  }

  void write(int address, String text) {
    write(address, text.getBytes(StandardCharsets.UTF_8));
  }

  void ints(int address, int... values) {
    ByteBuffer bytes = little(values.length * 4);
    for (int value : values) {
      bytes.putInt(value);
    }
    write(address, bytes.array());
  }

  void longs(int address, long... values) {
    ByteBuffer bytes = little(values.length * 8);
    for (long value : values) {
      bytes.putLong(value);
    }
    write(address, bytes.array());
  }

  int i32(int address) {
    return ByteBuffer.wrap(read(address, 4)).order(ByteOrder.LITTLE_ENDIAN).getInt();
  }

  long i64(int address) {
    return ByteBuffer.wrap(read(address, 8)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  String text(int address, int length) {
    return new String(read(address, length), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    guest.stop();
    TestingGuests.exit(guest);
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private void command(int operation, long... args) {
    ByteBuffer command = little(COMMAND_BYTES).putLong(operation);
    for (long arg : args) {
      command.putLong(arg);
    }
    commands.add(command.array());
  }

  private long number() {
    return ByteBuffer.wrap(answer()).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private byte[] answer() {
    try {
      byte[] answer = answers.poll(TestingGuests.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (answer == null || answer.length == 0) {
        throw new AssertionError(
            "No answer: " + (answer == null ? "too late" : TestingGuests.exit(guest)));
      }
      return answer;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Standard input that gives what was added, and waits for more. */
  private static final class Commands extends InputStream {
    private final BlockingQueue<Integer> bytes = new LinkedBlockingQueue<>();

    void add(byte[] added) {
      for (byte b : added) {
        bytes.add(b & 0xff);
      }
    }

    @Override
    public int read() {
      try {
        return bytes.take();
      } catch (InterruptedException e) {
        return -1;
      }
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      int first = read();
      if (first < 0) {
        return -1;
      }
      target[offset] = (byte) first;
      return 1;
    }

    @Override
    public int available() {
      return bytes.size();
    }
  }

  private static String text() {
    StringBuilder imports = new StringBuilder();
    StringBuilder calls = new StringBuilder();
    for (int i = 0; i < FUNCTIONS.size(); i++) {
      WasiFunction function = FUNCTIONS.get(i);
      List<String> parameters = new ArrayList<>();
      StringBuilder arguments = new StringBuilder();
      String signature = function.signature();
      for (int p = 0; signature.charAt(p) != ':'; p++) {
        boolean isInt = signature.charAt(p) == 'i';
        parameters.add(isInt ? "i32" : "i64");
        arguments.append(isInt ? "(i32.load" : "(i64.load");
        arguments.append(" (i32.const ").append(8 + 8 * p).append("))");
      }
      imports.append(
          "(import \"%s\" \"%s\" (func $f%d (param %s) %s))"
              .formatted(
                  function.module(),
                  function.name(),
                  i,
                  String.join(" ", parameters),
                  function.hasResult() ? "(result i32)" : ""));
      String call = "(call $f" + i + arguments + ")";
      calls.append(
          "(if (i32.eq (local.get $op) (i32.const %d)) (then %s))"
              .formatted(
                  i,
                  function.hasResult()
                      ? "(i64.store (i32.const 80) (i64.extend_i32_u " + call + "))"
                      : call));
    }
    return SCRIPT
        .replace("IMPORTS", imports)
        .replace("CALLS", calls)
        .replace("FD_READ", "$f" + index("fd_read"))
        .replace("FD_WRITE", "$f" + index("fd_write"));
  }

  private static int index(String name) {
    return FUNCTIONS.indexOf(WasiFunctions.find(WasiFunctions.MODULE, name, "iiii:i"));
  }

  private static final String SCRIPT =
      """
      (module
        IMPORTS
        (memory (export "memory") 2)
        (func $read (param $at i32) (param $left i32) (result i32)
          (block $done
            (loop $more
              (br_if $done (i32.eqz (local.get $left)))
              (i32.store (i32.const 96) (local.get $at))
              (i32.store (i32.const 100) (local.get $left))
              (drop (call FD_READ (i32.const 0) (i32.const 96) (i32.const 1) (i32.const 104)))
              (if (i32.eqz (i32.load (i32.const 104))) (then (return (i32.const 0))))
              (local.set $at (i32.add (local.get $at) (i32.load (i32.const 104))))
              (local.set $left (i32.sub (local.get $left) (i32.load (i32.const 104))))
              (br $more)))
          (i32.const 1))
        (func $write (param $at i32) (param $left i32)
          (block $done
            (loop $more
              (br_if $done (i32.eqz (local.get $left)))
              (i32.store (i32.const 96) (local.get $at))
              (i32.store (i32.const 100) (local.get $left))
              (drop (call FD_WRITE (i32.const 1) (i32.const 96) (i32.const 1) (i32.const 104)))
              (local.set $at (i32.add (local.get $at) (i32.load (i32.const 104))))
              (local.set $left (i32.sub (local.get $left) (i32.load (i32.const 104))))
              (br $more))))
        (func $do (param $op i32)
          CALLS
          (if (i32.eq (local.get $op) (i32.const 1002))
            (then (i64.store (i32.const 80)
              (i64.extend_i32_u (memory.grow (i32.load (i32.const 8)))))))
          (call $write (i32.const 80) (i32.const 8)))
        (func (export "_start") (local $op i32)
          (loop $next
            (if (i32.eqz (call $read (i32.const 0) (i32.const 80))) (then (return)))
            (local.set $op (i32.load (i32.const 0)))
            (if (i32.eq (local.get $op) (i32.const 1000))
              (then (call $write (i32.load (i32.const 8)) (i32.load (i32.const 16))))
              (else
                (if (i32.eq (local.get $op) (i32.const 1001))
                  (then
                    (drop (call $read (i32.load (i32.const 8)) (i32.load (i32.const 16)))))
                  (else (call $do (local.get $op))))))
            (br $next))))
      """;
}
