package io.wasmrunner.proxy.policy;

import java.util.ArrayDeque;
import java.util.Deque;

/** Estimates how large a regular expression becomes when its counted repeats are written out. */
final class PatternSize {
  private static final long MOST = 1L << 40;

  private PatternSize() {}

  /** About so many states; never too few by more than a small factor. */
  static long of(String regex) {
    Deque<Long> outer = new ArrayDeque<>();
    long sum = 0;
    long last = 0;
    for (int i = 0; i < regex.length(); i++) {
      char c = regex.charAt(i);
      switch (c) {
        case '\\' -> {
          i++;
          last = 1;
          sum += last;
        }
        case '[' -> {
          i = classEnd(regex, i);
          last = 1;
          sum += last;
        }
        case '(' -> {
          outer.push(sum);
          sum = 1;
          last = 0;
        }
        case ')' -> {
          last = sum;
          sum = (outer.isEmpty() ? 0 : outer.pop()) + last;
        }
        case '{' -> {
          int end = regex.indexOf('}', i);
          long times = end < 0 ? 1 : times(regex.substring(i + 1, end));
          if (end > 0 && times > 1) {
            sum += last * (times - 1);
            last *= times;
          }
          i = end < 0 ? i : end;
        }
        default -> {
          last = 1;
          sum += last;
        }
      }
      if (sum > MOST) {
        return MOST;
      }
    }
    while (!outer.isEmpty()) {
      sum += outer.pop();
    }
    return sum;
  }

  private static int classEnd(String regex, int from) {
    for (int i = from + 1; i < regex.length(); i++) {
      if (regex.charAt(i) == '\\') {
        i++;
      } else if (regex.charAt(i) == ']' && i > from + 1) {
        return i;
      }
    }
    return regex.length();
  }

  private static long times(String counts) {
    long most = 1;
    for (String count : counts.split(",", -1)) {
      if (count.isEmpty() || count.length() > 9 || !count.chars().allMatch(Character::isDigit)) {
        continue;
      }
      most = Math.max(most, Long.parseLong(count));
    }
    return most;
  }
}
