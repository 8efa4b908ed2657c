package io.wasmrunner.proxy.policy;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;

/**
 * A part of a document.
 *
 * @param root the document
 * @param pointer JSON pointer to the part
 * @param node the part; missing when there is none
 */
record Located(JsonNode root, String pointer, JsonNode node) {
  private static final int MOST_HOPS = 20;

  static Located root(JsonNode document) {
    return new Located(document, "", document);
  }

  /** A member, behind all references. */
  Located member(String name) {
    return child(name).resolved();
  }

  /** An element, behind all references. */
  Located element(int index) {
    return child(index).resolved();
  }

  /** A member as it stands, a reference or not. */
  Located child(String name) {
    return new Located(
        root, pointer + "/" + name.replace("~", "~0").replace("/", "~1"), node.path(name));
  }

  /** An element as it stands, a reference or not. */
  Located child(int index) {
    return new Located(root, pointer + "/" + index, node.path(index));
  }

  boolean exists() {
    return !node.isMissingNode();
  }

  /** Whether this is a reference that cannot be followed: out of the document, or in circles. */
  boolean isOpen() {
    return node.path("$ref").isString();
  }

  private Located resolved() {
    Located at = this;
    for (int hops = 0; hops < MOST_HOPS && at.isOpen(); hops++) {
      String reference = at.node.path("$ref").stringValue();
      if (!reference.startsWith("#/")) {
        return at;
      }
      String target;
      try {
        target =
            URLDecoder.decode(reference.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        return at;
      }
      JsonNode found = root.at(target);
      if (found.isMissingNode()) {
        return at;
      }
      at = new Located(root, target, found);
    }
    return at;
  }
}
