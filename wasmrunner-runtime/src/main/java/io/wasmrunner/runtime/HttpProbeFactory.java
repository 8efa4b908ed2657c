package io.wasmrunner.runtime;

import io.wasmrunner.spi.HealthProbe;
import io.wasmrunner.spi.HealthProbeFactory;
import java.util.Map;

/** Makes {@link HttpProbe}s. */
final class HttpProbeFactory implements HealthProbeFactory {
  @Override
  public String name() {
    return HttpProbe.NAME;
  }

  @Override
  public String settingsSchema() {
    return """
        {
          "type": "object",
          "additionalProperties": false,
          "properties": {
            "path": {
              "title": "a path with a leading slash",
              "description": "Path to ask with GET. Default \\"/health\\".",
              "type": "string",
              "pattern": "^/[^\\\\s#]*$",
              "maxLength": 1000,
              "examples": ["/health"]
            },
            "status": {
              "title": "an HTTP status, a class such as \\"2xx\\", or a list of them",
              "description": "Status that means healthy: a number, a class such as \\"2xx\\", or a \
        list of them. Default 200.",
              "type": ["integer", "string", "array"],
              "minimum": 100,
              "maximum": 599,
              "pattern": "^[1-5]xx$",
              "minItems": 1,
              "maxItems": 50,
              "items": {
                "title": "an HTTP status, or a class such as \\"2xx\\"",
                "type": ["integer", "string"],
                "minimum": 100,
                "maximum": 599,
                "pattern": "^[1-5]xx$",
                "examples": [200]
              },
              "examples": [200, "2xx", [200, 204]]
            },
            "body": {
              "title": "a text",
              "description": "Text that the body of the answer has to contain. The body may have \
        64 KiB.",
              "type": "string",
              "minLength": 1,
              "maxLength": 1000,
              "examples": ["ok"]
            },
            "json": {
              "title": "an object of JSON pointers and the values expected there",
              "description": "The body of the answer has to be JSON, and has to have these values, \
        each at its JSON pointer. The body may have 64 KiB.",
              "type": "object",
              "minProperties": 1,
              "maxProperties": 50,
              "propertyNames": {
                "title": "a JSON pointer such as \\"/status\\"",
                "pattern": "^(/([^/~]|~[01])*)*$",
                "maxLength": 500
              },
              "examples": [{"/status": "UP"}]
            }
          }
        }""";
  }

  @Override
  public HealthProbe create(Map<String, Object> settings) {
    Object path = settings.getOrDefault(HttpProbe.PATH, HttpProbe.DEFAULT_PATH);
    Object status = settings.getOrDefault(HttpProbe.STATUS, HttpProbe.DEFAULT_STATUS);
    Object body = settings.getOrDefault(HttpProbe.BODY, "");
    Map<?, ?> json = settings.get(HttpProbe.JSON) instanceof Map<?, ?> map ? map : Map.of();
    return new HttpProbe(
        path.toString(), new ExpectedStatus(status), new ExpectedBody(body.toString(), json));
  }
}
