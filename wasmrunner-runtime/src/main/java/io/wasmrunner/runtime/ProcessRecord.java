package io.wasmrunner.runtime;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A child process as it is remembered, for the case that wasmrunner is killed before it.
 *
 * @param pid its id
 * @param started when it was started, as the system tells
 * @param name what it is, such as the runner
 * @param program file of the program
 * @param words number of words of its command line
 * @param digest of its command line
 * @param ownerPid the wasmrunner that started it
 * @param ownerStarted when that was started
 */
record ProcessRecord(
    long pid,
    Instant started,
    String name,
    String program,
    int words,
    String digest,
    long ownerPid,
    Instant ownerStarted) {
  /** The system derives start times from the clock, which may have been set since. */
  private static final Duration CLOCK_TOLERANCE = Duration.ofSeconds(2);

  static ProcessRecord of(ProcessHandle process, String name, List<String> command) {
    ProcessHandle own = ProcessHandle.current();
    return new ProcessRecord(
        process.pid(),
        startOf(process),
        name,
        command.get(0),
        command.size(),
        ProcessCommandLine.digest(command),
        own.pid(),
        startOf(own));
  }

  /** The process, if it still is the one that was recorded, whatever it runs now. */
  Optional<ProcessHandle> alive() {
    return ProcessHandle.of(pid).filter(process -> is(process, started));
  }

  boolean ownerAlive() {
    return ProcessHandle.of(ownerPid).filter(owner -> is(owner, ownerStarted)).isPresent();
  }

  /** Whether the process still runs the command that was recorded. */
  boolean runsSameCommand(ProcessHandle process) {
    return ProcessCommandLine.matches(process, words, digest);
  }

  private static boolean is(ProcessHandle process, Instant start) {
    Duration apart = Duration.between(startOf(process), start).abs();
    return process.isAlive() && apart.compareTo(CLOCK_TOLERANCE) <= 0;
  }

  private static Instant startOf(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }
}
