#include "order_event.h"

#include <string.h>

#include "json.h"

static struct json json;

static bool reject(struct http_response *response, const char *reason) {
  http_problem(response, 400, reason);
  return false;
}

static bool reject_json(struct http_response *response) {
  struct builder reason = {0};
  put(&reason, "the body is not JSON: ");
  put(&reason, json.problem);
  put(&reason, " at byte ");
  put_number(&reason, json.offset);
  put_text(&reason, (struct text){"", 1});
  http_problem(response, 400, reason.failed ? json.problem : reason.at);
  builder_free(&reason);
  return false;
}

static bool read_id(const char *name, struct id *id) {
  char space[ID_MAX + 8];
  struct text text;
  return json_string(json_member(&json, &json.values[0], name), space, sizeof space, &text) && id_set(id, text);
}

static bool read_currency(struct order *order) {
  char space[8];
  struct text text;
  if (!json_string(json_member(&json, &json.values[0], "currency"), space, sizeof space, &text) || text.length != 3) return false;
  for (size_t i = 0; i < 3; i++) {
    if (text.at[i] < 'A' || text.at[i] > 'Z') return false;
  }
  memcpy(order->currency, text.at, 3);
  return true;
}

bool order_event_read(const struct http_request *request, struct http_response *response, struct order *order) {
  if (!json_parse(&json, request->body)) return reject_json(response);
  if (json.values[0].type != JSON_OBJECT) return reject(response, "the body is not a JSON object");
  if (!read_id("order_id", &order->order_id)) return reject(response, "order_id: 1 to 40 letters, digits, '-' or '_' expected");
  if (!read_id("customer_id", &order->customer_id)) return reject(response, "customer_id: 1 to 40 letters, digits, '-' or '_' expected");
  if (!read_currency(order)) return reject(response, "currency: three capital letters expected");
  if (!json_number(json_member(&json, &json.values[0], "total_cents"), 1000000000000, &order->total_cents)) {
    return reject(response, "total_cents: a whole number from 0 to 1000000000000 expected");
  }
  return true;
}
