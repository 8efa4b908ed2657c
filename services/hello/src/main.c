/* hello: says hello and goodbye, and which runner said it. */
#include "http.h"

enum { DEFAULT_PORT = 15001 };

static void speak(struct http_response *response, const char *greeting) {
  struct builder *body = &response->body;
  put(body, "{\"greeting\":");
  put_json(body, text_of(greeting));
  put(body, ",\"runner\":");
  put_number(body, http_environment_number("WR_RUNNER_INDEX", UINT32_MAX, 0));
  put(body, ",\"instances\":");
  put_number(body, http_environment_number("WR_RUNNER_INSTANCES", UINT32_MAX, 1));
  put(body, ",\"port\":");
  put_number(body, http_environment_number("WR_RUNNER_PORT", UINT16_MAX, DEFAULT_PORT));
  put(body, "}\n");
}

static void handle(const struct http_request *request, struct http_response *response) {
  bool hello = text_equals(request->path, TEXT("/hello"));
  bool bye = text_equals(request->path, TEXT("/bye"));
  bool health = text_equals(request->path, TEXT("/health"));
  if (!hello && !bye && !health) {
    http_problem(response, 404, "hello serves /hello, /bye and /health");
  } else if (http_only(request, response, "GET")) {
    if (hello) speak(response, "Hello from wasmrunner");
    if (bye) speak(response, "Goodbye from wasmrunner");
    if (health) http_ok(response);
  }
}

int main(void) { http_serve("hello", DEFAULT_PORT, handle); }
