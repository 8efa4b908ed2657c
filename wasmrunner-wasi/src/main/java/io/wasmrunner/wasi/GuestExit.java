package io.wasmrunner.wasi;

import java.util.List;

/** Why a guest ended. */
public sealed interface GuestExit {
  /**
   * Stable name: exited, trapped, memory_limit, descriptor_limit, stack_overflow, stopped or
   * failed.
   */
  String kind();

  /** One line for people. */
  String describe();

  /** The guest returned from its start function, or called {@code proc_exit}. */
  record Exited(int code) implements GuestExit {
    @Override
    public String kind() {
      return "exited";
    }

    @Override
    public String describe() {
      return "exited with code " + code;
    }
  }

  /**
   * The guest trapped: unreachable code (a Rust panic, a C abort), a bad memory access, a division
   * by zero.
   *
   * @param backtrace functions of the guest, innermost first
   */
  record Trapped(String message, List<String> backtrace) implements GuestExit {
    /** Copies the list. */
    public Trapped {
      backtrace = List.copyOf(backtrace);
    }

    @Override
    public String kind() {
      return "trapped";
    }

    @Override
    public String describe() {
      return "trapped: " + message + (backtrace.isEmpty() ? "" : " in " + backtrace.get(0));
    }
  }

  /**
   * The guest ended soon after its memory could not grow, or of that.
   *
   * @param detail what was refused, and how the guest ended
   * @param limitBytes the guest's limit
   */
  record MemoryLimit(String detail, long limitBytes) implements GuestExit {
    @Override
    public String kind() {
      return "memory_limit";
    }

    @Override
    public String describe() {
      return "ran out of memory: " + detail;
    }
  }

  /**
   * The guest ended soon after it could not open another file or socket.
   *
   * @param detail what was refused, and how the guest ended
   * @param limit descriptors that it may have open
   * @param then how it ended: by a trap, or with an exit code of its own
   */
  record DescriptorLimit(String detail, int limit, GuestExit then) implements GuestExit {
    @Override
    public String kind() {
      return "descriptor_limit";
    }

    @Override
    public String describe() {
      return "ran out of descriptors: " + detail;
    }
  }

  /** Calls of the guest nested deeper than its stack. */
  record StackOverflow(long stackBytes, List<String> backtrace) implements GuestExit {
    /** Copies the list. */
    public StackOverflow {
      backtrace = List.copyOf(backtrace);
    }

    @Override
    public String kind() {
      return "stack_overflow";
    }

    @Override
    public String describe() {
      return "exhausted its stack of "
          + (stackBytes >> 10)
          + " KiB"
          + (backtrace.isEmpty() ? "" : " in " + backtrace.get(0));
    }
  }

  /** {@link Guest#stop} ended it. */
  record Stopped() implements GuestExit {
    @Override
    public String kind() {
      return "stopped";
    }

    @Override
    public String describe() {
      return "stopped";
    }
  }

  /** Something failed that the guest is not to blame for. */
  record Failed(String message, Throwable cause) implements GuestExit {
    @Override
    public String kind() {
      return "failed";
    }

    @Override
    public String describe() {
      return "failed: " + message;
    }
  }
}
