/* @NAME@: greets, and says which runner did. */
#include "http.h"

enum { DEFAULT_PORT = @PORT@ };

static void greet(struct http_response *response) {
  struct builder *body = &response->body;
  put(body, "{\"greeting\":");
  put_json(body, text_of("Hello from @NAME@"));
  put(body, ",\"runner\":");
  put_number(body, http_environment_number("WR_RUNNER_INDEX", UINT32_MAX, 0));
  put(body, "}\n");
}

static void handle(const struct http_request *request, struct http_response *response) {
  bool hello = text_equals(request->path, TEXT("/hello"));
  bool health = text_equals(request->path, TEXT("/health"));
  if (!hello && !health) {
    http_problem(response, 404, "@NAME@ serves /hello and /health");
  } else if (http_only(request, response, "GET")) {
    if (hello) greet(response);
    if (health) http_ok(response);
  }
}

int main(void) { http_serve("@NAME@", DEFAULT_PORT, handle); }
