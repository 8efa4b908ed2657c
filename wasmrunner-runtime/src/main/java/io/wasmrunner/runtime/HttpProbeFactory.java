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
              "title": "an HTTP status",
              "description": "Status that means healthy. Default 200.",
              "type": "integer",
              "minimum": 100,
              "maximum": 599,
              "examples": [200]
            }
          }
        }""";
  }

  @Override
  public HealthProbe create(Map<String, Object> settings) {
    Object path = settings.getOrDefault(HttpProbe.PATH, HttpProbe.DEFAULT_PATH);
    Object status = settings.getOrDefault(HttpProbe.STATUS, HttpProbe.DEFAULT_STATUS);
    return new HttpProbe(path.toString(), ((Number) status).intValue());
  }
}
