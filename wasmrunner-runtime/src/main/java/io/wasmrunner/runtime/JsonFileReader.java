package io.wasmrunner.runtime;

import io.wasmrunner.model.Violation;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads JSON files of people: strict, with places, and clear about everything that is no clean
 * JSON. One reader reads one file.
 */
final class JsonFileReader {
  static final String NOT_UTF8 = "WR-2010";
  static final String NOT_JSON = "WR-2011";
  static final String DUPLICATE_KEY = "WR-2012";

  private static final int MAX_DEPTH = 64;
  private static final int MAX_DIGITS = 40;
  private static final Pattern LONG_WORD = Pattern.compile("Unrecognized token '[^']{6,}'");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(1000)
                  .build())
          .build();

  private final String file;
  private final List<Violation> violations;
  private final Map<String, Place> values = new HashMap<>();
  private final Map<String, Place> keys = new HashMap<>();

  private JsonFileReader(String file, List<Violation> violations) {
    this.file = file;
    this.violations = violations;
  }

  /** The text of the bytes; a violation and nothing when they are no clean UTF-8. */
  static Optional<String> decode(String file, byte[] bytes, List<Violation> violations) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer text = CharBuffer.allocate(bytes.length);
    ByteBuffer input = ByteBuffer.wrap(bytes);
    if (decoder.decode(input, text, true).isError()) {
      Place place = end(text.flip());
      violations.add(
          new Violation(
              NOT_UTF8,
              file,
              place.line(),
              place.column(),
              "",
              "text in UTF-8",
              "byte 0x%02X at offset %d"
                  .formatted(bytes[input.position()] & 0xff, input.position()),
              "save the file as UTF-8"));
      return Optional.empty();
    }
    text.flip();
    if (text.length() > 0 && text.charAt(0) == '\uFEFF') {
      violations.add(
          new Violation(
              NOT_UTF8,
              file,
              1,
              1,
              "",
              "text in UTF-8",
              "a byte order mark before it",
              "save the file as UTF-8 without BOM"));
      return Optional.empty();
    }
    return Optional.of(text.toString());
  }

  /** The document; violations and possibly nothing when it is no clean JSON. */
  static Optional<LocatedJson> parse(String file, String text, List<Violation> violations) {
    return new JsonFileReader(file, violations).read(text);
  }

  private Optional<LocatedJson> read(String text) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() == null) {
        syntax(Place.WHOLE_FILE, "a JSON object", "nothing", "write at least {}");
        return Optional.empty();
      }
      JsonNode root = value(parser, "");
      LocatedJson document = new LocatedJson(root, values, keys);
      Place end = place(parser.currentLocation());
      trailing(parser, end);
      return Optional.of(document);
    } catch (StreamConstraintsException e) {
      syntax(
          Place.WHOLE_FILE,
          "JSON of at most " + MAX_DEPTH + " levels",
          "something nested deeper or longer",
          "make it simpler");
    } catch (StreamReadException e) {
      syntax(
          place(e.getLocation()),
          "valid JSON",
          "a syntax error: " + withoutWords(firstLine(e.getOriginalMessage())),
          "correct it here or just before");
    }
    return Optional.empty();
  }

  private void trailing(JsonParser parser, Place end) {
    try {
      if (parser.nextToken() == null) {
        return;
      }
      end = place(parser.currentTokenLocation());
    } catch (StreamReadException e) {
      end = e.getLocation() == null ? end : place(e.getLocation());
    }
    syntax(end, "the end of the file", "more text after the document", "remove what follows");
  }

  private JsonNode value(JsonParser parser, String pointer) {
    values.put(pointer, place(parser.currentTokenLocation()));
    JsonToken token = parser.currentToken();
    return switch (token) {
      case START_OBJECT -> object(parser, pointer);
      case START_ARRAY -> array(parser, pointer);
      case VALUE_STRING -> NODES.stringNode(parser.getString());
      case VALUE_NUMBER_INT -> integer(parser, pointer);
      case VALUE_NUMBER_FLOAT -> decimal(parser, pointer);
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      default -> throw new IllegalStateException("token " + token + " does not begin a value");
    };
  }

  private JsonNode object(JsonParser parser, String pointer) {
    ObjectNode object = NODES.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      String at = JsonPointers.child(pointer, key);
      Place place = place(parser.currentTokenLocation());
      parser.nextToken();
      if (object.has(key)) {
        violations.add(
            new Violation(
                DUPLICATE_KEY,
                file,
                place.line(),
                place.column(),
                at,
                "each key once",
                "\"" + key + "\" again, first on line " + keys.getOrDefault(at, place).line(),
                "remove one of the two"));
        new JsonFileReader(file, violations).value(parser, at);
        continue;
      }
      keys.put(at, place);
      object.set(key, value(parser, at));
    }
    return object;
  }

  private JsonNode array(JsonParser parser, String pointer) {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser, JsonPointers.child(pointer, array.size())));
    }
    return array;
  }

  private JsonNode integer(JsonParser parser, String pointer) {
    if (parser.getStringLength() > MAX_DIGITS) {
      return outOfRange(parser, pointer);
    }
    return switch (parser.getNumberType()) {
      case INT -> NODES.numberNode(parser.getIntValue());
      case LONG -> NODES.numberNode(parser.getLongValue());
      default -> NODES.numberNode(parser.getBigIntegerValue());
    };
  }

  private JsonNode decimal(JsonParser parser, String pointer) {
    double number = parser.getDoubleValue();
    return Double.isInfinite(number) ? outOfRange(parser, pointer) : NODES.numberNode(number);
  }

  private JsonNode outOfRange(JsonParser parser, String pointer) {
    Place place = place(parser.currentTokenLocation());
    violations.add(
        new Violation(
            NOT_JSON,
            file,
            place.line(),
            place.column(),
            pointer,
            "a number of usual size",
            "a number of " + parser.getStringLength() + " characters",
            "write a smaller one"));
    return NODES.numberNode(0);
  }

  private void syntax(Place place, String expected, String got, String fix) {
    violations.add(
        new Violation(NOT_JSON, file, place.line(), place.column(), "", expected, got, fix));
  }

  private static Place place(TokenStreamLocation location) {
    return new Place(Math.max(0, location.getLineNr()), Math.max(0, location.getColumnNr()));
  }

  private static Place end(CharSequence text) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        column = 1;
      } else {
        column++;
      }
    }
    return new Place(line, column);
  }

  /** A text whose quotes were forgotten may be a secret; line and column say where it is. */
  private static String withoutWords(String message) {
    return LONG_WORD.matcher(message).replaceAll("Unrecognized token");
  }

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    return end < 0 ? message : message.substring(0, end);
  }
}
