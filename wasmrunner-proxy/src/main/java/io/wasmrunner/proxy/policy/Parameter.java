package io.wasmrunner.proxy.policy;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A parameter as the contract describes it.
 *
 * @param name its name
 * @param in where it is: {@code path}, {@code query}, {@code header}, {@code cookie}
 * @param required whether it must be there
 * @param style how values of several parts are written
 * @param explode whether each part stands for itself
 * @param json whether the value is a JSON text
 * @param shape what the schema wants
 * @param schema checks the value; null when there is nothing to check
 */
record Parameter(
    String name,
    String in,
    boolean required,
    String style,
    boolean explode,
    boolean json,
    Shape shape,
    @Nullable SchemaCheck schema) {

  /** Places without which a request is found wrong. */
  static final Set<String> PLACES = Set.of("path", "query", "header", "cookie");

  /** Styles that are read; with others a parameter is not checked. */
  static final Set<String> STYLES =
      Set.of("simple", "form", "spaceDelimited", "pipeDelimited", "deepObject");
}
