package io.wasmrunner.proxy.policy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the template that a path fits: at each segment a text goes before one with a parameter in
 * it, and that before a parameter alone.
 */
final class PathTree<T> {
  private final Node<T> root = new Node<>();

  private static final class Node<T> {
    private final Map<String, Node<T>> texts = new HashMap<>();
    private final List<Mixed<T>> mixed = new ArrayList<>();
    private @Nullable Node<T> any;
    private @Nullable T value;
    private List<String> names = List.of();
  }

  /** A segment such as {@code {name}.json}. */
  private record Mixed<T>(String before, String after, Node<T> node) {}

  /**
   * A path that fits.
   *
   * @param value what was put there
   * @param parameters values of the parameters, decoded
   */
  record Found<T>(T value, Map<String, String> parameters) {}

  /** Adds a template; the first of two that are alike stays. */
  void put(String template, T value) {
    Node<T> node = root;
    List<String> names = new ArrayList<>();
    for (String segment : segments(template)) {
      int open = segment.indexOf('{');
      int close = segment.lastIndexOf('}');
      if (open < 0 || close < open) {
        node = node.texts.computeIfAbsent(QueryText.decoded(plus(segment)), any -> new Node<>());
      } else {
        names.add(segment.substring(open + 1, close));
        node = parameter(node, segment.substring(0, open), segment.substring(close + 1));
      }
    }
    if (node.value == null) {
      node.value = value;
      node.names = List.copyOf(names);
    }
  }

  /** The best template for a path as it came. */
  @Nullable Found<T> find(String path) {
    String[] segments = segments(path);
    for (int i = 0; i < segments.length; i++) {
      segments[i] = QueryText.decoded(plus(segments[i]));
    }
    String[] values = new String[segments.length];
    Node<T> node = find(root, segments, 0, values, 0);
    if (node == null || node.value == null) {
      return null;
    }
    if (node.names.isEmpty()) {
      return new Found<>(node.value, Map.of());
    }
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < node.names.size(); i++) {
      parameters.put(node.names.get(i), values[i]);
    }
    return new Found<>(node.value, parameters);
  }

  private @Nullable Node<T> find(
      Node<T> node, String[] segments, int at, String[] values, int count) {
    if (at == segments.length) {
      return node.value == null ? null : node;
    }
    String segment = segments[at];
    Node<T> text = node.texts.get(segment);
    Node<T> found = text == null ? null : find(text, segments, at + 1, values, count);
    for (int i = 0; found == null && i < node.mixed.size(); i++) {
      Mixed<T> each = node.mixed.get(i);
      int length = segment.length() - each.before().length() - each.after().length();
      if (length > 0 && segment.startsWith(each.before()) && segment.endsWith(each.after())) {
        int from = each.before().length();
        values[count] = segment.substring(from, from + length);
        found = find(each.node(), segments, at + 1, values, count + 1);
      }
    }
    if (found == null && node.any != null && !segment.isEmpty()) {
      values[count] = segment;
      found = find(node.any, segments, at + 1, values, count + 1);
    }
    return found;
  }

  private static <T> Node<T> parameter(Node<T> node, String before, String after) {
    if (before.isEmpty() && after.isEmpty()) {
      Node<T> any = node.any == null ? new Node<>() : node.any;
      node.any = any;
      return any;
    }
    for (Mixed<T> each : node.mixed) {
      if (each.before().equals(before) && each.after().equals(after)) {
        return each.node();
      }
    }
    Node<T> next = new Node<>();
    node.mixed.add(new Mixed<>(before, after, next));
    return next;
  }

  private static String[] segments(String path) {
    int from = path.startsWith("/") ? 1 : 0;
    int count = 1;
    for (int i = from; i < path.length(); i++) {
      count += path.charAt(i) == '/' ? 1 : 0;
    }
    String[] segments = new String[count];
    for (int i = 0; i < count; i++) {
      int slash = path.indexOf('/', from);
      int end = slash < 0 ? path.length() : slash;
      segments[i] = path.substring(from, end);
      from = end + 1;
    }
    return segments;
  }

  /** In paths a plus sign is one. */
  private static String plus(String segment) {
    return segment.indexOf('+') < 0 ? segment : segment.replace("+", "%2B");
  }
}
