package io.wasmrunner.wasi;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The guest's functions in a Java stack trace: compiled code leaves them there, as methods. */
final class Backtrace {
  static final int MAX_FRAMES = 32;
  private static final String CLASS = "FuncGroup_";
  private static final Pattern METHOD = Pattern.compile("func_(\\d+)");

  private Backtrace() {}

  /** A function, as compiled code shows it. */
  static StackTraceElement frame(int function) {
    return new StackTraceElement(CLASS, "func_" + function, null, -1);
  }

  /** Innermost first. */
  static List<String> of(Throwable thrown, FunctionNames names) {
    List<String> frames = new ArrayList<>();
    for (StackTraceElement element : thrown.getStackTrace()) {
      Matcher method = METHOD.matcher(element.getMethodName());
      if (frames.size() < MAX_FRAMES
          && element.getClassName().contains(CLASS)
          && method.matches()) {
        frames.add(names.name(Integer.parseInt(method.group(1))));
      }
    }
    return frames;
  }
}
